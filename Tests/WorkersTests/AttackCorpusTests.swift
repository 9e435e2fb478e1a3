import Glibc
import ScriptProtocol
import Testing
import Workers

extension WorkerTests {
    /// Every hostile script of the corpus, as a policy.
    ///
    /// The corpus is no part of the package: `TROUPE_ATTACKS` names its folder. Its `README.md` has the rules.
    struct AttackCorpus {
        @Test(.enabled(if: Corpus.folder != nil, "TROUPE_ATTACKS names no folder of attacks"))
        func everyAttackEndsAsItShould() async throws {
            let corpus = try #require(Corpus.load())
            var configuration = WorkerPoolConfiguration(size: 1)
            // Each file is its own script; none is to be turned away for what it did the first time.
            configuration.quarantine.strikes = .max
            try await withPool(configuration) { pool, log in
                #expect(await pool.answer(.good).isGood)
                let resident = Corpus.residentPages()
                for attack in corpus.attacks {
                    var endings: [String] = []
                    for request in attack.requests {
                        let before = pool.health.deaths
                        let start = ContinuousClock.now
                        let answer = await pool.answer(request)
                        let took = ContinuousClock.now - start
                        let ending = Ending(answer)
                        endings.append(ending.text)
                        #expect(
                            attack.expectation.allows(ending),
                            "\(attack.name): \(ending.text), not \(attack.expectation)"
                        )
                        #expect(!ending.hasEscaped, "\(attack.name): \(ending.text)")
                        #expect(pool.health.deaths == before, "\(attack.name) crashed its worker: \(ending.text)")
                        // Limit and grace; the rest is a respawn on a busy machine.
                        #expect(took < .milliseconds(250 + 250 + 500), "\(attack.name) took \(took)")
                        #expect(await pool.answer(.good).isGood, "\(attack.name) harmed the next script")
                    }
                    if attack.isRepeated { #expect(Set(endings).count == 1, "\(attack.name): \(endings)") }
                }
                #expect(Corpus.residentPages() - resident < 8192, "the host has grown")
                let health = pool.health
                print(
                    "attacks: \(corpus.attacks.count) files, \(health.evaluations) evaluations, \(health.kills) kills"
                )
                for case .killed(_, let script, let reason) in log.all { print("killed at", script, reason) }
            }
        }
    }
}

/// How a run ended, as far as an attack is judged by it.
private struct Ending {
    let isNormal: Bool
    let isLimit: Bool
    let isError: Bool
    let hasEscaped: Bool
    let text: String

    init(_ answer: Result<ScriptResult, ScriptFailure>) {
        switch answer {
        case .success(let result):
            (isNormal, isLimit, isError) = (true, false, false)
            hasEscaped = result.log.contains { $0.hasPrefix("ESCAPED") } || Self.escapes(result.value)
            text = "returned \(result.value)"
        case .failure(let failure):
            // A result that is no plain table: the script came to its end.
            isNormal = failure.kind == .badResult
            isError = [.syntax, .raised, .blind].contains(failure.kind)
            isLimit = !isNormal && !isError
            hasEscaped = failure.log.contains { $0.hasPrefix("ESCAPED") }
            text = "\(failure.kind): \(failure.message)"
        }
    }

    private static func escapes(_ value: ScriptValue) -> Bool {
        switch value {
        case .string(let text): text.hasPrefix("ESCAPED")
        case .list(let items): items.contains(where: escapes)
        case .table(let fields): fields.contains { $0.key.hasPrefix("ESCAPED") || escapes($0.value) }
        default: false
        }
    }
}

private enum Expectation: String {
    case limit
    case error
    case contained

    func allows(_ ending: Ending) -> Bool {
        switch self {
        case .limit, .error: !ending.isNormal
        case .contained: true
        }
    }
}

private struct Attack {
    let name: String
    let expectation: Expectation
    let lua: [UInt8]

    /// Runs that are to end the same.
    var isRepeated: Bool { ["a54", "a55", "a56"].contains(name.prefix(3)) }

    /// Attacks whose handlers wait to be called.
    private var hasHandler: Bool {
        ["a30", "a31", "a49", "f01", "f02", "f03", "f06", "f07", "f08"].contains(name.prefix(3))
    }

    var requests: [ScriptRequest] {
        // What a body returns has to be in a table to be seen.
        let seen = run(prefix: "return { answer = (function(...) ", suffix: "\nend)() }")
        if isRepeated { return [seen, seen] }
        var requests = [run(prefix: "", suffix: ""), seen]
        if hasHandler {
            let handlers = """

                end)()
                local names = { "decide", "policy", "on_tick", "main", "handler", "scale", "evaluate", "init", "tick", "run" }
                return { propose = function(...)
                  local last
                  for _ = 1, 6 do
                    for _, name in ipairs(names) do
                      local handler = _ENV[name]
                      if handler then last = handler(...) end
                    end
                  end
                  return last
                end }
                """
            requests.append(run(.call, prefix: "local _ = (function(...) ", suffix: handlers))
        }
        return requests
    }

    private func run(_ mode: ScriptRequest.Mode = .define, prefix: String, suffix: String) -> ScriptRequest {
        ScriptRequest(
            mode: mode,
            script: ScriptSource(name: "attacks/\(name)", bytes: Array(prefix.utf8) + lua + Array(suffix.utf8)),
            entry: mode == .call ? "propose" : ""
        )
    }
}

private struct Corpus {
    let attacks: [Attack]

    static var folder: String? {
        // Tests/WorkersTests/this file; the corpus may lie beside the package.
        let package = #filePath.split(separator: "/").dropLast(3)
        let beside = package.dropLast().map { "/" + $0 }.joined() + "/shared/attacks"
        let named = getenv("TROUPE_ATTACKS").map { String(cString: $0) }
        return [named, beside].compactMap(\.self).first { access($0 + "/INDEX.tsv", R_OK) == 0 }
    }

    static func load() -> Corpus? {
        guard let folder, let index = read(folder + "/INDEX.tsv") else { return nil }
        let lines = String(decoding: index, as: UTF8.self).split(separator: "\n").dropFirst()
        let attacks = lines.compactMap { line -> Attack? in
            let fields = line.split(separator: "\t")
            guard fields.count >= 2, let expectation = Expectation(rawValue: String(fields[1])),
                let lua = read(folder + "/" + fields[0])
            else { return nil }
            return Attack(name: String(fields[0]), expectation: expectation, lua: lua)
        }
        return attacks.count == lines.count ? Corpus(attacks: attacks) : nil
    }

    /// Of this process.
    static func residentPages() -> Int {
        let fields = String(decoding: read("/proc/self/statm") ?? [], as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) ?? 0 : 0
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
        return bytes
    }
}
