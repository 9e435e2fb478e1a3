import SandboxTesting

/// A hostile script with how it has to end: `limit`, `error` or `contained`, as in a corpus.
struct Hostile: Sendable {
    let name: String
    let expectation: SandboxExpectation
    let lua: String

    init(_ name: String, _ expectation: SandboxExpectation, _ lua: String) {
        self.name = name
        self.expectation = expectation
        self.lua = lua
    }

    var script: SandboxScript { SandboxScript(name: name, bytes: Array(lua.utf8), expectation: expectation) }

    static let all = memory + time + stack + coroutines + metatables + library + errors + results + language + host
}
