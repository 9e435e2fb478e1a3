import ScriptProtocol
import Workers

/// What the workers answered for each file.
struct Definitions: Sendable {
    typealias Answer = Result<ScriptResult, ScriptFailure>

    /// By file name.
    private var answers: [String: Answer] = [:]

    /// So many wait in the pool at a time: a running system that loads a new workspace goes on evaluating its fleets meanwhile.
    private static let inFlight = 4

    /// Runs every script once, but for those that are `left` out.
    static func run(
        _ files: WorkspaceFiles,
        without left: Set<String>,
        modules: Modules,
        workers: WorkerPool
    ) async -> Definitions {
        func requests(_ sources: [ScriptSource], _ mode: ScriptRequest.Mode) -> [ScriptRequest] {
            sources.filter { !left.contains($0.name) }
                .map {
                    ScriptRequest(mode: mode, script: $0, modules: modules.needed(by: $0), limits: .definition)
                }
        }
        let defined = files.personas + files.fleets + files.policies + files.modules + files.plugins.map(\.script)
        var waiting = (requests(defined, .define) + requests(files.tests, .test))[...]
        var definitions = Definitions()
        await withTaskGroup(of: (String, Answer).self) { group in
            func addNext() {
                guard let request = waiting.popFirst() else { return }
                group.addTask { (request.script.name, await workers.answer(request)) }
            }
            for _ in 0..<inFlight { addNext() }
            for await (name, answer) in group {
                definitions.answers[name] = answer
                addNext()
            }
        }
        return definitions
    }

    subscript(_ file: String) -> Answer? { answers[file] }
}
