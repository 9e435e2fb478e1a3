import Foundation

/// A folder of hostile scripts with an `INDEX.tsv`: per line a file, how it has to end, and what it tries, divided by tabs.
package struct SandboxCorpus: Sendable {
    package let scripts: [SandboxScript]

    /// - Throws: what is wrong, with the line of the index.
    package init(folder: String) throws(SandboxTestError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw SandboxTestError("there is no folder \(folder)")
        }
        let index = folder + "/INDEX.tsv"
        guard let data = FileManager.default.contents(atPath: index) else {
            throw SandboxTestError("there is no \(index): it lists the scripts and how each has to end")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw SandboxTestError("\(index) is not UTF-8 text")
        }
        var scripts: [SandboxScript] = []
        var names: Set<String> = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard !line.allSatisfy(\.isWhitespace), !(number == 0 && line.hasPrefix("file\t")) else { continue }
            let script = try Self.script(String(line), at: "\(index):\(number + 1)", folder: folder)
            guard names.insert(script.name).inserted else {
                throw SandboxTestError("\(index):\(number + 1): \(script.name) is listed twice")
            }
            scripts.append(script)
        }
        guard !scripts.isEmpty else { throw SandboxTestError("\(index) lists no scripts") }
        self.scripts = scripts
    }

    private static func script(_ line: String, at place: String, folder: String) throws(SandboxTestError)
        -> SandboxScript
    {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard fields.count >= 2 else {
            throw SandboxTestError("\(place): expected file, ending and description, divided by tabs")
        }
        let name = fields[0]
        guard !name.isEmpty, !name.contains("/"), !name.contains("\0"), name != ".." else {
            throw SandboxTestError("\(place): \"\(name)\" is no name of a file in this folder")
        }
        guard let expectation = SandboxExpectation(rawValue: fields[1]) else {
            let known = SandboxExpectation.allCases.map(\.rawValue).joined(separator: ", ")
            throw SandboxTestError("\(place): \"\(fields[1])\" is no ending; known: \(known)")
        }
        do throws(SandboxTestError) {
            var script = try SandboxScript(file: folder + "/" + name, name: name)
            script.expectation = expectation
            return script
        } catch {
            throw SandboxTestError("\(place): \(error)")
        }
    }
}
