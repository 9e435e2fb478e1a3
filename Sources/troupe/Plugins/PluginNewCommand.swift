import ArgumentParser
import Drivers
import Foundation
import Scripting

struct PluginNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Writes a driver that passes the conformance suite, to be changed step by step.",
        discussion: """
            Writes plugins/NAME with plugin.lua, README.md and tests/conformance.lua. Nothing that is there is overwritten.

              troupe plugin new acme
            """
    )

    @Argument(help: "What the driver is called: lower-case letters, digits, - and _.")
    var name: String

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            let isName = name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
            guard isName, (1...63).contains(name.utf8.count), !name.hasPrefix("-"), !name.hasPrefix("_") else {
                throw Failure(
                    "\"\(name)\" is no name of a driver; expected lower-case letters, digits, - and _, at most 63"
                )
            }
            guard name != DriverInterface.simulated.name else {
                throw Failure("driver \"\(name)\" is built in; choose another name")
            }
            let root = URL(fileURLWithPath: workspace.workspace, isDirectory: true)
            let folder = root.appending(path: "plugins/\(name)")
            guard !FileManager.default.fileExists(atPath: folder.path) else {
                throw Failure("\(folder.path) is there already; choose another name, or remove it first")
            }
            let template = PluginTemplate(name: name)
            do {
                for file in template.files {
                    let place = root.appending(path: file.path)
                    try FileManager.default.createDirectory(
                        at: place.deletingLastPathComponent(),
                        withIntermediateDirectories: true
                    )
                    try Data(file.text.utf8).write(to: place)
                }
            } catch {
                throw Failure("the driver cannot be written to \(folder.path) (\(error.localizedDescription))")
            }
            try output.report(Written(files: template.files.map(\.path))) { _ in
                template.files.map { "written: \($0.path)" } + ["next: `troupe plugin test \(name)`"]
            }
        }
    }

    private struct Written: Encodable {
        let ok = true
        let files: [String]
    }
}
