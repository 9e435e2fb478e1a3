import Foundation
import Testing

/// The rooms that decide do no I/O, read no clock and draw no random number: they import nothing that could.
struct PurityTests {
    private static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sources")

    private static func files(in room: String) throws -> [URL] {
        let folder = sources.appendingPathComponent(room)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        return paths.filter { $0.hasSuffix(".swift") }.map { folder.appendingPathComponent($0) }
    }

    @Test(arguments: [("Decision", ["Domain"]), ("Domain", [])])
    func importsNothingElse(_ room: (name: String, allowed: [String])) throws {
        let files = try Self.files(in: room.name)
        #expect(files.count > 10, "the sources are where the test looks for them")
        for file in files {
            let text = try String(contentsOf: file, encoding: .utf8)
            for line in text.split(separator: "\n") {
                let words = line.split(whereSeparator: { " ;".contains($0) })
                guard let place = words.firstIndex(of: "import"), !line.hasPrefix("//"), place < 3 else { continue }
                let module = words.dropFirst(place + 1).first.map(String.init) ?? ""
                #expect(room.allowed.contains(module), "\(file.lastPathComponent): \(line)")
            }
        }
    }

    /// What the standard library offers without an import.
    @Test(arguments: ["Decision", "Domain"]) func asksNeitherClockNorChanceNorHashOrder(_ room: String) throws {
        let forbidden = [
            "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".randomElement(", ".shuffle",
            "random(in:",
            ".hashValue", "Task.", "print(", "readLine(", "CommandLine",
        ]
        for file in try Self.files(in: room) {
            let text = try String(contentsOf: file, encoding: .utf8)
            for word in forbidden { #expect(!text.contains(word), "\(file.lastPathComponent) has \(word)") }
        }
    }
}
