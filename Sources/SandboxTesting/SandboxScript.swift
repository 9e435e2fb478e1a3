import Foundation
package import ScriptProtocol

/// A file that is tried in the sandbox.
package struct SandboxScript: Sendable {
    package var name: String
    package var bytes: [UInt8]
    /// Nil where nobody said how it has to end.
    package var expectation: SandboxExpectation?
    /// What its `require` finds.
    package var modules: [String: ScriptSource] = [:]

    package init(name: String, bytes: [UInt8], expectation: SandboxExpectation? = nil) {
        self.name = name
        self.bytes = bytes
        self.expectation = expectation
    }

    /// No worker is sent more; whatever is longer than the limit of a source is still tried, and ends at that limit.
    private static let mostBytes = 8 << 20

    /// The file at `path`.
    ///
    /// - Throws: where there is none, or it is no script that anybody could have meant.
    package init(file path: String, name: String? = nil) throws(SandboxTestError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw SandboxTestError("there is no file \(path)")
        }
        guard !isFolder.boolValue else {
            throw SandboxTestError(
                "\(path) is a folder: name the files, or give a folder with an INDEX.tsv to --corpus"
            )
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: (path as NSString).resolvingSymlinksInPath)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            throw SandboxTestError("\(path) is no regular file")
        }
        let size = (attributes?[.size] as? NSNumber)?.intValue ?? 0
        guard size <= Self.mostBytes else {
            throw SandboxTestError("\(path) has \(size) bytes: more than \(Self.mostBytes) cannot be tried")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SandboxTestError("\(path) cannot be read: give this user the right to read it")
        }
        self.init(name: name ?? path, bytes: Array(data))
    }

    /// Gives a policy that lies in a workspace, `policies/scaling/x.lua`, the modules of `policies/lib`.
    package mutating func findModules(beside path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("lib")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        for name in names.sorted().prefix(200) where name.hasSuffix(".lua") {
            guard let module = try? SandboxScript(file: folder.appendingPathComponent(name).path) else { continue }
            let source = ScriptSource(name: "policies/lib/\(name)", bytes: module.bytes)
            modules["lib.\(name.dropLast(4))"] = source
        }
    }

    /// - Throws: where the bytes are those of a program, an archive or a picture. The sandbox would refuse them too, with an error
    ///   about a line that nobody wrote.
    package func requireText() throws(SandboxTestError) {
        let start = bytes.prefix(512)
        if bytes.starts(with: [0x1b, 0x4c, 0x75, 0x61]) {
            throw SandboxTestError("\(name) is compiled Lua: the sandbox takes source text only")
        }
        guard start.contains(0) else { return }
        // A zero may stand in a text that is otherwise one; what is half unprintable is none.
        let strange = start.count { ($0 < 0x20 && $0 != 0x09 && $0 != 0x0a && $0 != 0x0d) || $0 >= 0x7f }
        if strange * 4 > start.count || bytes.starts(with: [0x7f, 0x45, 0x4c, 0x46]) {
            throw SandboxTestError("\(name) is a binary file: expected Lua source text")
        }
    }
}

/// Why scripts cannot be tried: a sentence for whoever named them.
package struct SandboxTestError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
