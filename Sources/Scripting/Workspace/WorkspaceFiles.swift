import Foundation
import ScriptProtocol

/// The scripts of a workspace as they lie in the folder, read and not yet understood.
struct WorkspaceFiles {
    private(set) var personas: [ScriptSource] = []
    private(set) var fleets: [ScriptSource] = []
    private(set) var policies: [ScriptSource] = []
    private(set) var tests: [ScriptSource] = []
    private(set) var modules: [ScriptSource] = []
    /// `plugins/NAME/plugin.lua`, with the folder's name.
    private(set) var plugins: [(folder: String, script: ScriptSource)] = []

    /// Every script.
    var all: [ScriptSource] { personas + fleets + policies + modules + tests + plugins.map(\.script) }

    private let root: URL
    /// With every link resolved: what lies outside of it is not read.
    private let home: String
    private let findings: Findings

    /// More scripts than any team keeps; a folder with more is no workspace.
    private static let mostFiles = 5000
    private static let deepest = 8

    /// Reads `policies/`; what cannot be read is reported and left out.
    init(folder: URL, findings: Findings) {
        root = folder
        home = folder.resolvingSymlinksInPath().standardizedFileURL.path
        self.findings = findings
        guard isFolder("") else {
            findings.error(
                file: folder.path,
                line: nil,
                "there is no such folder; expected a workspace: a folder that holds policies/"
            )
            return
        }
        guard isFolder("policies") else {
            findings.error(
                file: "policies",
                line: nil,
                "there is no folder policies/ in \(folder.path); expected policies/personas, policies/fleets and policies/scaling"
            )
            return
        }
        personas = read("policies/personas", of: "a persona", isRequired: true)
        fleets = read("policies/fleets", of: "a fleet", isRequired: true)
        policies = read("policies/scaling", of: "a policy")
        tests = read("policies/tests", of: "a policy test")
        modules = read("policies/lib", of: "a module", isDeep: true)
        readPlugins()
        reportStrays()
    }

    /// Only the drivers of `plugins/`, where there are any.
    init(pluginsOf folder: URL, findings: Findings) {
        root = folder
        home = folder.resolvingSymlinksInPath().standardizedFileURL.path
        self.findings = findings
        readPlugins()
    }

    /// Links that lead nowhere included.
    private func exists(_ path: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: root.appending(path: path).path)) != nil
    }

    private func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: root.appending(path: path).path, isDirectory: &isDirectory)
        return exists && isDirectory.boolValue
    }

    /// The scripts of a folder.
    ///
    /// One that is required must be there and hold some: a fleet needs no policy, but a workspace without a
    /// fleet is most likely another folder than the one that was meant.
    private func read(_ path: String, of what: String, isRequired: Bool = false, isDeep: Bool = false) -> [ScriptSource]
    {
        guard isFolder(path) else {
            if exists(path) {
                findings.error(file: path, line: nil, "this is no folder; expected one")
            } else if isRequired {
                findings.error(
                    file: path,
                    line: nil,
                    "there is no such folder; expected one with \(what) or more in it"
                )
            }
            return []
        }
        let before = findings.count
        let files = list(path, isDeep: isDeep, depth: 0)
        if files.isEmpty, isRequired, findings.count == before {
            findings.error(file: path, line: nil, "the folder is empty; expected \(what) or more, as NAME.lua")
        }
        return files.compactMap(source)
    }

    /// A driver has a folder of its own, for its README and its tests lie beside it; those are not read here.
    private mutating func readPlugins() {
        guard isFolder("plugins") else {
            if exists("plugins") { findings.error(file: "plugins", line: nil, "this is no folder; expected one") }
            return
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "plugins").path).sorted()
        } catch {
            findings.error(file: "plugins", line: nil, "the folder cannot be read: \(Self.reason(error))")
            return
        }
        for name in names.prefix(Self.mostFiles) where !name.hasPrefix(".") {
            let path = "plugins/\(name)"
            if isFolder(path) {
                if exists("\(path)/plugin.lua") {
                    if let script = source("\(path)/plugin.lua") { plugins.append((name, script)) }
                } else {
                    findings.error(
                        file: path,
                        line: nil,
                        "there is no plugin.lua in the folder; expected the driver's script"
                    )
                }
            } else if name.hasSuffix(".lua") {
                findings.error(
                    file: path,
                    line: nil,
                    "a script is not read here; put it into plugins/\(name.dropLast(4))/plugin.lua"
                )
            }
        }
    }

    /// Lua files below a folder, sorted; anything else but a hidden file or a text for people is reported.
    private func list(_ path: String, isDeep: Bool, depth: Int) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: path).path).sorted()
        } catch {
            findings.error(file: path, line: nil, "the folder cannot be read: \(Self.reason(error))")
            return []
        }
        guard names.count <= Self.mostFiles else {
            findings.error(
                file: path,
                line: nil,
                "the folder holds \(names.count) files; expected at most \(Self.mostFiles)"
            )
            return []
        }
        var files: [String] = []
        for name in names where !name.hasPrefix(".") {
            let file = "\(path)/\(name)"
            if isFolder(file) {
                if isDeep, leadsBack(file) {
                    findings.error(
                        file: file,
                        line: nil,
                        "the folder is a link to one that it lies in; remove the link"
                    )
                } else if isDeep, depth < Self.deepest {
                    files += list(file, isDeep: true, depth: depth + 1)
                } else {
                    findings.error(
                        file: file,
                        line: nil,
                        "a folder is not looked into here; put its scripts into \(path)"
                    )
                }
            } else if name.hasSuffix(".lua") {
                files.append(file)
            } else if !name.hasSuffix(".md"), !name.hasSuffix("~") {
                findings.error(file: file, line: nil, "this is no Lua file; expected a name that ends in .lua")
            }
        }
        return files
    }

    /// A link to a folder around it, which would hold itself without end.
    private func leadsBack(_ path: String) -> Bool {
        let target = resolved(path)
        let here = resolved(path.split(separator: "/").dropLast().joined(separator: "/"))
        return (here + "/").hasPrefix(target + "/")
    }

    private func resolved(_ path: String) -> String {
        root.appending(path: path).resolvingSymlinksInPath().standardizedFileURL.path
    }

    private func source(_ path: String) -> ScriptSource? {
        let url = root.appending(path: path)
        let resolved = resolved(path)
        guard resolved.hasPrefix(home == "/" ? "/" : home + "/") else {
            findings.error(
                file: path,
                line: nil,
                "the file is a link out of the workspace; expected a file inside of it"
            )
            return nil
        }
        // Looked at before it is read: a device or a pipe would never end.
        let attributes = try? FileManager.default.attributesOfItem(atPath: resolved)
        guard attributes?[.type] as? FileAttributeType == .typeRegular else {
            findings.error(file: path, line: nil, "this is no file that can be read; expected a Lua script")
            return nil
        }
        let limit = Int(ScriptLimits.definition.sourceBytes)
        let size = (attributes?[.size] as? NSNumber)?.intValue ?? 0
        guard size <= limit else {
            findings.error(file: path, line: nil, "the file has \(size) bytes; expected at most \(limit)")
            return nil
        }
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            findings.error(file: path, line: nil, "the file cannot be read: \(Self.reason(error))")
            return nil
        }
        guard data.count <= limit else {
            findings.error(file: path, line: nil, "the file has \(data.count) bytes; expected at most \(limit)")
            return nil
        }
        if let line = Self.lineOfBrokenText([UInt8](data)) {
            findings.error(file: path, line: line, "the file is not UTF-8 text; save it as UTF-8")
            return nil
        }
        return ScriptSource(name: path, bytes: [UInt8](data))
    }

    /// A script that lies where nobody looks is a script that its author believes to be in force.
    private func reportStrays() {
        let folders = ["fleets", "lib", "personas", "scaling", "tests"]
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "policies").path)
        else { return }
        for name in names.sorted() where !name.hasPrefix(".") && !folders.contains(name) {
            let path = "policies/\(name)"
            if isFolder(path) {
                findings.error(
                    file: path,
                    line: nil,
                    "unknown folder; known here: \(folders.joined(separator: ", "))",
                    nearest: name,
                    of: folders
                )
            } else if name.hasSuffix(".lua") {
                findings.error(
                    file: path,
                    line: nil,
                    "a script is not read here; put it into policies/personas, fleets, scaling, tests or lib"
                )
            }
        }
    }

    /// The first line that is not UTF-8, or holds a NUL; nil for good text.
    private static func lineOfBrokenText(_ bytes: [UInt8]) -> Int? {
        var line = 1
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if part.contains(0) || String(validating: part, as: UTF8.self) == nil { return line }
            line += 1
        }
        return nil
    }

    /// The system's own words, without its codes and paths.
    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoPermission: "no permission"
        case .fileReadNoSuchFile, .fileNoSuchFile: "it is gone"
        default: (error as NSError).localizedDescription
        }
    }
}
