import Foundation
import ScriptProtocol
import TestSupport
import Testing

/// Ordinary scripts print here what they print in the real Lua, the words of errors included.
struct OrdinaryScriptTests {
    private static let lua = ["/usr/bin/lua5.4", "/usr/local/bin/lua5.4"]
        .first {
            FileManager.default.isExecutableFile(atPath: $0)
        }

    @Test(.enabled(if: lua != nil, "there is no lua5.4 to compare with"), arguments: OrdinaryScripts.all.map(\.name))
    func printsWhatTheRealLuaPrints(_ name: String) async throws {
        let text = try #require(OrdinaryScripts.all.first { $0.name == name }).lua
        let real = try await Self.realOutput(of: text)
        var scripts = Scripts()
        scripts.modules = OrdinaryScripts.libraries
        let ended = try scripts.run(text)
        #expect(ended.failure == nil)
        #expect(real.count > 1)
        for (ours, theirs) in zip(ended.log, real) where ours != theirs { Issue.record("\(ours) and not \(theirs)") }
        #expect(ended.log.count == real.count)
    }

    /// Lines as our log has them: what is no text or would steer a terminal is a space there.
    private static func realOutput(of text: String) async throws -> [String] {
        let preload = OrdinaryScripts.libraries.map { name, lua in
            "package.preload['\(name)'] = load([==[\(lua)]==], '@\(name)')"
        }
        let start = preload.joined(separator: "\n") + "\nassert(load(io.read('a'), '@\(Scripts.file)'))()"
        let ended = try await ChildProcess.run(try #require(lua), ["-e", start], input: Array(text.utf8))
        #expect(ended.status == 0, "\(ended.errors)")
        return ended.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            .map { line in String(decoding: line.map { $0 < 0x20 || $0 == 0x7f ? 0x20 : $0 }, as: UTF8.self) }
    }
}
