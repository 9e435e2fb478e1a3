import CLuaGuard
package import ScriptProtocol

/// A Lua state that cannot hurt its host: for one script and one run, afterwards dropped whole or put back to what it was before.
///
/// Whatever the script does ends in a value or in a `LuaFailure`. A limit ends the run from wherever it is and leaves the state dead:
/// every further operation fails the same way. It belongs to the thread that made it.
package final class LuaState {
    /// Answers a call of the script with plain data, or throws what is raised in it.
    package typealias HostFunction = (LuaCall) throws(LuaFailure) -> ScriptValue
    /// Finds what `require` names.
    package typealias ModuleSearch = (String) throws(LuaFailure) -> LuaCode

    /// A value of the state, as long as that lives.
    package struct Value {
        fileprivate let index: Int32

        /// The environment of the script.
        package static let globals = Value(index: 0)
    }

    private let state: OpaquePointer
    private let calls: HostCalls
    private let limits: ScriptLimits
    private var kept: [HostFunction]?

    /// - Parameters:
    ///   - limits: of all that is done with the state; time counts from here.
    ///   - seed: where `math.random` starts.
    ///   - modules: finds what `require` names.
    package init(limits: ScriptLimits, seed: UInt64, modules: @escaping ModuleSearch) throws(LuaFailure) {
        self.limits = limits
        calls = HostCalls(modules: modules)
        guard let state = guard_create(limits.forGuard, calls.callbacks) else {
            throw LuaFailure(kind: .memoryLimit, message: "the worker has no memory left")
        }
        self.state = state
        calls.state = state
        try finish(guard_open(state, seed))
    }

    deinit { guard_destroy(state) }

    /// Lets the run begin that the state was made for: time counts from here, and `math.random` starts at `seed`.
    ///
    /// - Parameter input: plain data as it stands in a frame, which is there until `end`; the function `input` of a host table makes
    ///   values of the parts that it is asked for.
    package func begin(seed: UInt64, input: UnsafeRawBufferPointer) {
        let bytes = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        guard_begin(state, seed, guard_bytes(bytes: bytes, count: input.count))
    }

    /// The run is over: the state calls the host no more, and holds nothing of it.
    package func end() {
        calls.functions = []
        guard_end(state)
    }

    // MARK: Again

    /// Remembers the state as it is now, for `rewind`; once.
    package func keep() {
        guard guard_keep(state) else { return }
        kept = calls.functions
    }

    /// Makes the state what it was at `keep`, with all its memory: whatever a script did to it is not there any more. That takes a small
    /// part of the time in which such a state is made.
    ///
    /// - Returns: false where nothing was kept, or a limit has ended the run: the state is to be dropped.
    package func rewind() -> Bool {
        guard let kept, guard_rewind(state) else { return false }
        calls.functions = kept
        return true
    }

    // MARK: Running

    /// The code as a function of the state.
    package func load(_ code: LuaCode) throws(LuaFailure) -> Value {
        var function: Int32 = 0
        try finish(guard_load(state, code.bytes, code.bytes.count, &function))
        return Value(index: function)
    }

    /// Calls a function, and answers its first `results` results, which may be nil.
    package func call(_ function: Value, _ arguments: [Value] = [], results: Int = 1) throws(LuaFailure) -> [Value] {
        let indices = arguments.map(\.index)
        var answers = [Int32](repeating: 0, count: results)
        try finish(
            guard_call(state, function.index, indices, Int32(indices.count), &answers, Int32(answers.count))
        )
        return answers.map { Value(index: $0) }
    }

    /// Calls a function, and answers its first result.
    package func evaluate(_ function: Value, _ arguments: [Value] = []) throws(LuaFailure) -> Value {
        try call(function, arguments)[0]
    }

    // MARK: Values

    /// Plain data as a value of the state.
    package func value(_ plain: ScriptValue) throws(LuaFailure) -> Value {
        let bytes = PlainWriter.bytes(of: plain)
        var value: Int32 = 0
        try finish(guard_import(state, bytes, bytes.count, &value))
        return Value(index: value)
    }

    /// Plain data that was not taken apart as a value of the state.
    package func value(_ encoded: EncodedValue) throws(LuaFailure) -> Value {
        var value: Int32 = 0
        let ending = encoded.withUnsafeBytes { bytes in
            guard_import(state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count, &value)
        }
        try finish(ending)
        return Value(index: value)
    }

    /// A table of functions that call the host, and of two that do not. `framed(f)` makes of a function in Lua one that does not take
    /// the place of the script's frame where the script writes `return f(…)`, so that errors keep their line; `input(key, …)` is the part
    /// of the run's input at that path, or nil.
    package func hostTable(_ functions: [(name: String, function: HostFunction)]) throws(LuaFailure) -> Value {
        let first = Int32(calls.functions.count)
        var names = ""
        for (name, function) in functions {
            calls.functions.append(function)
            names += name
            names += "\0"
        }
        var table: Int32 = 0
        try finish(guard_host_table(state, names, Int32(functions.count), first, &table))
        return Value(index: table)
    }

    /// The field of a table, read raw.
    package func field(_ name: String, of table: Value) throws(LuaFailure) -> Value {
        var value: Int32 = 0
        try finish(guard_get(state, table.index, name, &value))
        return Value(index: value)
    }

    /// Whether it is a function.
    package func isFunction(_ value: Value) -> Bool { guard_type_of(state, value.index) == GUARD_FUNCTION }

    /// Whether it is a table.
    package func isTable(_ value: Value) -> Bool { guard_type_of(state, value.index) == GUARD_TABLE }

    /// What of a value may be plain data.
    package enum Rules {
        /// What a run answers: finite numbers, no functions, no table twice.
        case result
        /// What a file defines: functions stand for themselves. In a table that no constructor made, what is not plain is left out.
        case definition
    }

    /// A value as plain data.
    ///
    /// - Parameter name: how the value is called in the error that names what is not plain.
    package func plain(_ value: Value, _ rules: Rules, name: String) throws(LuaFailure) -> ScriptValue {
        try finish(guard_export(state, value.index, rules == .result ? GUARD_RESULTS : GUARD_DEFINITIONS, name))
        let output = guard_output(state)
        var reader = PlainReader(UnsafeRawBufferPointer(start: output.bytes, count: output.count))
        guard let plain = reader.read() else {
            throw LuaFailure(kind: .badResult, message: "\(name) cannot be read")
        }
        return plain
    }

    // MARK: Time

    /// Runs `body` while the clock of the wall limit stands still: for waiting on the host, which is not the script's doing.
    package func offTheClock<T>(_ body: () -> T) -> T {
        let start = guard_clock()
        defer { guard_excuse(state, start) }
        return body()
    }

    // MARK: What it left

    /// What was printed, line by line, without control characters.
    package var log: [String] {
        let bytes = guard_log(state)
        return UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.count)
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }

    package var usage: ScriptUsage {
        let usage = guard_used(state)
        return ScriptUsage(
            instructions: usage.instructions,
            peakMemoryBytes: usage.peak_memory_bytes,
            wallMicroseconds: usage.wall_nanoseconds / 1000
        )
    }

    private func finish(_ ending: guard_ending) throws(LuaFailure) {
        guard let kind = ending.kind else { return }
        throw LuaFailure(kind: kind, limits: limits, guard_failed(state))
    }
}

extension LuaFailure {
    init(kind: ScriptFailure.Kind, limits: ScriptLimits, _ failed: guard_failure) {
        let text = UnsafeRawBufferPointer(start: failed.message.bytes, count: failed.message.count)
        let file = failed.file.map { String(cString: $0) } ?? ""
        self.init(
            kind: kind,
            message: limits.sentence(kind) ?? String(decoding: text, as: UTF8.self),
            file: file.isEmpty ? nil : file,
            line: failed.line > 0 ? Int(failed.line) : nil
        )
    }
}
