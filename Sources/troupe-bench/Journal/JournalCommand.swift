import ArgumentParser
import Foundation
import StateStore

struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract:
            "Kills a loop at random instants while it starts and retires resources, and looks whether each was done once.",
        discussion: """
            The fleet is a file that outlives the loop. At the end every action is over; each that was verified was done; nothing was done \
            that was not written before; and never were more resources there than the largest count that was asked for.

              troupe-bench journal --rounds 300
            """
    )

    @Option(help: "How often the loop is killed.")
    var rounds = 300
    @Option(help: "Of the instants.")
    var seed: UInt64 = 53
    @Option(help: "Folder, by default a temporary one that is removed again.")
    var folder: String?

    /// What the fleet comes to rest at, and the most that is ever asked for.
    static let rest = 10
    private static let most = 24

    func validate() throws {
        guard rounds > 0 else { throw ValidationError("rounds are at least 1") }
    }

    func run() throws {
        let scratch = try ScratchFolder(folder)
        // Another count each second: there is always something to do.
        try Self.workspace(at: scratch.file("restless"), count: "4 + (math.floor(ctx.now.epoch) * 7) % 21")
        try Self.workspace(at: scratch.file("resting"), count: "\(Self.rest)")
        var random = SplitMix(seed: seed)
        var cut = 0
        for round in 1...rounds {
            let child = try Child(scratch.path, seed: random.next())
            // Every fifth dies while it starts and looks at what was left.
            if round % 5 > 0 { try child.waitUntilReady() }
            // Most die within the first actions, which begin at once.
            let most = round % 5 == 0 ? 0.4 : round % 5 == 1 ? 2 : 0.8
            usleep(UInt32(most * random.unit() * 1_000_000))
            child.kill()
            let open = try StateStore(path: scratch.file("state.db")).openActions()
            if open.contains(where: { $0.state == .planned || $0.state == .prechecked }) { cut += 1 }
        }
        try Child(scratch.path, seed: random.next(), final: true).waitUntilDone()
        try check(scratch, cut: cut)
    }

    private func check(_ scratch: ScratchFolder, cut: Int) throws {
        let store = try StateStore(path: scratch.file("state.db"))
        let world = try FileDriver.read(scratch.file("fleet.json"))
        let actions = try store.actions(ActionSelection())
        let byKey = Dictionary(actions.map { ($0.key, $0) }) { a, _ in a }
        func action(of key: String) -> StoredAction? {
            key.lastIndex(of: "/").flatMap { byKey[String(key[..<$0])] }
        }
        let done = Array(world.started.keys) + Array(world.retired.keys)
        for key in done {
            guard let action = action(of: key) else { throw BenchFailure("\(key) was done, and is not in the journal") }
            guard action.state == .verified || action.state == .compensated else {
                throw BenchFailure("\(key) was done, and the journal says \(action.state.rawValue)")
            }
            let given = try store.decision(of: "shop", at: action.decided)
            guard given?.at == action.decided else { throw BenchFailure("\(key) was done without its decision") }
        }
        let perAction = Dictionary(grouping: world.started.keys) { action(of: $0)?.key ?? "" }
        if let twice = perAction.first(where: { $0.value.count > 1 }) {
            throw BenchFailure("\(twice.key) was started twice")
        }
        let doneKeys = Set(done.compactMap { action(of: $0)?.key })
        for action in actions where action.state == .verified && (action.kind == .start || action.kind == .retire) {
            // A retire whose resources had all gone with another one has nothing to do.
            guard doneKeys.contains(action.key) || action.kind == .retire else {
                throw BenchFailure("\(action.key) is verified, and was never done")
            }
        }
        if let open = actions.first(where: { !$0.state.isOver }) {
            throw BenchFailure("\(open.key) is \(open.state.rawValue)")
        }
        guard world.most <= Self.most else {
            throw BenchFailure("\(world.most) resources were there at once, of \(Self.most) that were ever asked for")
        }
        let counts = Dictionary(grouping: actions, by: \.state).mapValues(\.count)
        print("killed    \(rounds) times, \(cut) of them with an action under way")
        print(
            "actions   \(actions.count): \(counts[.verified] ?? 0) verified, \(counts[.compensated] ?? 0) compensated, none open"
        )
        print(
            "done      \(world.started.count) starts, \(world.retired.count) retirements, each once and written before"
        )
        print("count     at most \(world.most) at once, \(world.members.count) at the end")
    }

    private static func workspace(at root: String, count: String) throws {
        let files = [
            "policies/personas/web.lua": """
            return persona { name = "web", capacity = { request_rate = 100 }, cost = { per_hour = 1, shortfall = 20 }, startup = "1s" }
            """,
            "policies/fleets/shop.lua": """
            return fleet {
              name = "shop", driver = "simulated", personas = { "web" }, policies = { "restless" },
              demand = "request_rate", limits = { min = 2, max = \(most) }, interval = "1s", prediction = "off", mode = "act",
            }
            """,
            "policies/scaling/restless.lua": """
            local policy = { name = "restless" }
            function policy.propose(ctx) return scale_to(\(count), "restless") end
            return policy
            """,
        ]
        for (path, text) in files {
            let file = URL(filePath: root).appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
    }

    /// A loop in a process of its own.
    private final class Child {
        private let process = Process()
        private let output = Pipe()

        init(_ folder: String, seed: UInt64, final: Bool = false) throws {
            process.executableURL = URL(
                fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            )
            process.arguments = ["journal-child", folder, "--seed", String(seed)] + (final ? ["--final"] : [])
            process.standardOutput = output
            process.standardInput = FileHandle.nullDevice
            try process.run()
        }

        func waitUntilReady() throws {
            guard !output.fileHandleForReading.availableData.isEmpty else {
                process.waitUntilExit()
                throw BenchFailure("the loop ended with \(process.terminationStatus) before it was ready")
            }
        }

        func kill() {
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }

        func waitUntilDone() throws {
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw BenchFailure("the last loop ended with \(process.terminationStatus)")
            }
        }
    }
}
