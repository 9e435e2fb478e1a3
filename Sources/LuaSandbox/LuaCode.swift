import CLuaGuard
package import ScriptProtocol

/// A compiled script. Only `LuaCompiler` makes it: bytecode from anywhere else could do anything.
package struct LuaCode {
    let bytes: [UInt8]

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }
}

/// Compiles scripts, and keeps what it has compiled.
///
/// Each script is compiled in a bare state of its own and run from bytecode ever after, the first time too, so that what a run uses
/// does not hang on what was run before.
package final class LuaCompiler {
    private var compiled: [ScriptSource: LuaCode] = [:]
    private var bytes = 0

    /// Bytecode and source that are kept; when there is more, everything is dropped: the scripts in use are soon there again.
    private static let mostBytes = 8 << 20
    /// A compiler needs memory in proportion to its source, which is limited; the clock matters to sources made to be slow.
    private static let memoryBytes: Int64 = 16 << 20

    package init() {}

    /// The code of a script.
    ///
    /// - Throws: `.syntax` with the line, `.sourceLimit`, or a limit of memory or time.
    package func code(_ source: ScriptSource, limits: ScriptLimits) throws(LuaFailure) -> LuaCode {
        guard source.bytes.count <= limits.sourceBytes else {
            throw LuaFailure(
                kind: .sourceLimit,
                message: limits.sentence(.sourceLimit) ?? "the script is too long",
                file: source.name
            )
        }
        if let code = compiled[source] { return code }
        let code = try Self.compile(source, name: "@\(source.name)", limits: limits)
        let size = code.bytes.count + source.bytes.count
        if bytes + size > Self.mostBytes {
            compiled = [:]
            bytes = 0
        }
        compiled[source] = code
        bytes += size
        return code
    }

    /// The code of a part of this program. Its lines are no script's: errors do not stand there.
    package static func internalCode(_ text: String, name: String) throws(LuaFailure) -> LuaCode {
        try compile(ScriptSource(name: name, bytes: Array(text.utf8)), name: name, limits: ScriptLimits())
    }

    private static func compile(_ source: ScriptSource, name: String, limits: ScriptLimits) throws(LuaFailure)
        -> LuaCode
    {
        var limits = limits
        limits.memoryBytes = max(limits.memoryBytes, memoryBytes)
        let callbacks = guard_callbacks(context: nil, host: nil, module: nil)
        guard let state = guard_create(limits.forGuard, callbacks) else {
            throw LuaFailure(kind: .memoryLimit, message: "the worker has no memory left")
        }
        defer { guard_destroy(state) }
        let ending = guard_compile(state, name, source.bytes, source.bytes.count)
        if let kind = ending.kind {
            var failure = LuaFailure(kind: kind, limits: limits, guard_failed(state))
            if failure.file == nil { failure.file = source.name }
            throw failure
        }
        let output = guard_output(state)
        return LuaCode(bytes: Array(UnsafeRawBufferPointer(start: output.bytes, count: output.count)))
    }
}
