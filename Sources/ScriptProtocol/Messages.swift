/// What the limits of one run are.
///
/// The worker enforces all of them; the supervisor enforces `wallMilliseconds` and a grace by `SIGKILL`.
package struct ScriptLimits: Hashable, Sendable {
    package var instructions: Int64
    package var wallMilliseconds: Int64
    package var memoryBytes: Int64
    package var logBytes: Int64
    package var resultBytes: Int64
    package var sourceBytes: Int64

    package init(
        instructions: Int64 = 5_000_000,
        wallMilliseconds: Int64 = 250,
        memoryBytes: Int64 = 16 << 20,
        logBytes: Int64 = 16 << 10,
        resultBytes: Int64 = 256 << 10,
        sourceBytes: Int64 = 64 << 10
    ) {
        self.instructions = instructions
        self.wallMilliseconds = wallMilliseconds
        self.memoryBytes = memoryBytes
        self.logBytes = logBytes
        self.resultBytes = resultBytes
        self.sourceBytes = sourceBytes
    }
}

/// One Lua file: `name` is what errors cite (`policies/scaling/latency-guard.lua`).
package struct ScriptSource: Hashable, Sendable {
    package var name: String { didSet { digest = Self.digest(name, bytes) } }
    package var bytes: [UInt8] { didSet { digest = Self.digest(name, bytes) } }
    /// Of name and bytes; never leaves the process. Sources are looked up at each run and made once.
    private var digest: Int

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        digest = Self.digest(name, bytes)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(digest) }

    private static func digest(_ name: String, _ bytes: [UInt8]) -> Int {
        var hasher = Hasher()
        hasher.combine(name)
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}

/// All the code of a run. A worker is sent it once and told its number from then on.
package struct ScriptProgram: Hashable, Sendable {
    package var script: ScriptSource
    /// What `require` may find: name (`"lib.peaks"` → `policies/lib/peaks.lua`) to source, resolved by the host.
    package var modules: [String: ScriptSource]

    package init(script: ScriptSource, modules: [String: ScriptSource] = [:]) {
        self.script = script
        self.modules = modules
    }

    /// What a worker is asked to hold.
    package var weight: Int { modules.reduce(script.bytes.count + 256) { $0 + $1.value.bytes.count + 256 } }

    /// How many programs a worker holds. Their numbers go up from 0, and with a new number 0 all others are forgotten: so the host alone
    /// knows and decides what is there, and a worker never has to ask.
    package static let most = 256
    /// The bytes of all that a worker holds.
    package static let mostBytes = 8 << 20
}

/// What to run.
///
/// A worker caches compiled sources by name and content; each run gets a fresh environment.
package struct ScriptRequest: Hashable, Sendable {
    package enum Mode: UInt8, Hashable, Sendable {
        /// Run the chunk, answer with the one table it returns (functions as `.function`).
        ///
        /// This is how personas, fleets, policies and drivers are loaded. The constructor called (`persona`, `fleet`, `driver`) is
        /// reported in the field `"@kind"` of the table, its line in `"@line"`.
        case define = 0
        /// Run the chunk, then call the function `entry` (`propose`, `merge`, `choose_persona`) of the table it returns with the script
        /// API's objects built from `input`; answer with what it returns, as plain data.
        case call = 1
        /// Run the chunk with `test`/`property` collecting; answer with the list of cases.
        ///
        /// `entry` names the case to run; where it is empty they are only listed.
        case test = 2
        /// Run the chunk, then call the function `entry` (`describe`, `provision`, …) of the driver that it returns with `host`, whose
        /// every call goes to the host, and `target` and `request` of `input`; answer with what it returns, as `call` does.
        case drive = 3
    }

    package var mode: Mode
    package var program: ScriptProgram
    package var entry: String
    /// The inputs of the run (see ScriptAPI): now, fleet, capacity, personas, forecast, state, seed, prefetched answers, and so on.
    package var input: ScriptValue
    /// Further fields of the input, sorted by key: what is the same in many runs is encoded once.
    package var ready: [EncodedValue.Field] = []
    package var limits: ScriptLimits

    package init(
        mode: Mode,
        script: ScriptSource,
        modules: [String: ScriptSource] = [:],
        entry: String = "",
        input: ScriptValue = .null,
        limits: ScriptLimits = ScriptLimits()
    ) {
        self.init(
            mode: mode,
            program: ScriptProgram(script: script, modules: modules),
            entry: entry,
            input: input,
            limits: limits
        )
    }

    package init(mode: Mode, program: ScriptProgram, entry: String, input: ScriptValue, limits: ScriptLimits) {
        self.mode = mode
        self.program = program
        self.entry = entry
        self.input = input
        self.limits = limits
    }

    package var script: ScriptSource {
        get { program.script }
        set { program.script = newValue }
    }

    package var modules: [String: ScriptSource] {
        get { program.modules }
        set { program.modules = newValue }
    }
}

/// A request as a worker gets it: the program by the number under which it was sent.
package struct ProgramRun: Hashable, Sendable {
    package var program: UInt32
    package var mode: ScriptRequest.Mode
    package var entry: String
    package var input: EncodedValue
    package var limits: ScriptLimits

    /// - Throws: where the input cannot be sent.
    package init(_ request: ScriptRequest, program: UInt32) throws(FrameError) {
        self.init(
            program: program,
            mode: request.mode,
            entry: request.entry,
            input: try EncodedValue(request.input, with: request.ready),
            limits: request.limits
        )
    }

    init(program: UInt32, mode: ScriptRequest.Mode, entry: String, input: EncodedValue, limits: ScriptLimits) {
        self.program = program
        self.mode = mode
        self.entry = entry
        self.input = input
        self.limits = limits
    }
}

/// The first that a worker says, once it has denied itself everything it does not need.
package struct WorkerHello: Hashable, Sendable {
    /// The filter of system calls.
    package enum Filter: UInt8, Hashable, Sendable {
        case installed = 0
        /// The kernel does not let it have one.
        case refused = 1
        /// The worker was built with a sanitizer, which needs calls that no list could name.
        case sanitized = 2
    }

    package var filter: Filter
    /// Why there is none, a clause.
    package var reason: String

    package init(filter: Filter, reason: String = "") {
        self.filter = filter
        self.reason = reason
    }
}

/// A host call that a run makes: what the script asked for and was not sent along (`series`, `forecast`; in tests `decide`, `simulate`).
package struct HostCall: Hashable, Sendable {
    package var name: String
    package var arguments: ScriptValue

    package init(name: String, arguments: ScriptValue) {
        self.name = name
        self.arguments = arguments
    }
}

/// How a run ended well.
package struct ScriptResult: Hashable, Sendable {
    package var value: ScriptValue
    /// What the script saw, in order: every API call with its answer, as text a person can read.
    ///
    /// Becomes the transcript of the decision.
    package var transcript: [TranscriptEntry]
    /// `print` output, cleaned and bounded.
    package var log: [String]
    package var usage: ScriptUsage

    package init(value: ScriptValue, transcript: [TranscriptEntry], log: [String], usage: ScriptUsage) {
        self.value = value
        self.transcript = transcript
        self.log = log
        self.usage = usage
    }
}

/// One look at the world: `kpi("queue_length"):mean("5m")` → `412.5`.
package struct TranscriptEntry: Hashable, Sendable {
    package var call: String
    package var answer: ScriptValue

    package init(call: String, answer: ScriptValue) {
        self.call = call
        self.answer = answer
    }
}

/// What a run used, of which limits bound the most.
package struct ScriptUsage: Hashable, Sendable {
    package var instructions: Int64
    package var peakMemoryBytes: Int64
    package var wallMicroseconds: Int64

    package init(instructions: Int64 = 0, peakMemoryBytes: Int64 = 0, wallMicroseconds: Int64 = 0) {
        self.instructions = instructions
        self.peakMemoryBytes = peakMemoryBytes
        self.wallMicroseconds = wallMicroseconds
    }
}

/// How a run ended otherwise.
///
/// The kind comes from a status code of the worker or from the supervisor, never from a message.
package struct ScriptFailure: Error, Hashable, Sendable {
    package enum Kind: UInt8, Hashable, Sendable {
        case syntax = 0
        /// The script raised an error.
        case raised = 1
        /// It asked a value of a series that has none (DESIGN §5); `detail` names the series.
        case blind = 2
        case instructionLimit = 3
        case wallLimit = 4
        case memoryLimit = 5
        case logLimit = 6
        case resultLimit = 7
        case sourceLimit = 8
        /// The value returned is not plain data; the message names the path.
        case badResult = 9
        /// The supervisor killed the worker at its deadline.
        case deadline = 10
        /// The worker died under the run (killed from outside, crashed).
        case workerDied = 11
        /// The worker said something that is no frame, or none that fits.
        case protocolViolation = 12
        /// The script is quarantined after repeated kills.
        case quarantined = 13
        /// No worker took the run: the pool is shut down, overrun or cannot start one, or whoever asked was cancelled.
        case unavailable = 14
    }

    package var kind: Kind
    /// A full sentence, without the place.
    package var message: String
    /// `policies/scaling/x.lua`, where known.
    package var file: String?
    package var line: Int?
    package var usage: ScriptUsage
    package var log: [String]
    package var transcript: [TranscriptEntry]

    package init(
        kind: Kind,
        message: String,
        file: String? = nil,
        line: Int? = nil,
        usage: ScriptUsage = ScriptUsage(),
        log: [String] = [],
        transcript: [TranscriptEntry] = []
    ) {
        self.kind = kind
        self.message = message
        self.file = file
        self.line = line
        self.usage = usage
        self.log = log
        self.transcript = transcript
    }
}
