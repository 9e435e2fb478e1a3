import Foundation

/// What really happened: processes write here themselves that they were started, serve, and were told to leave.
struct ResourceLedger {
    enum Word: String {
        /// By the shell that becomes the process, so that none is missing.
        case starts
        case serves
        case leaves
    }

    /// One process, for it may be that a resource is started twice.
    struct Life {
        var id: String
        var process: Int32
        /// Milliseconds since the machine's start.
        var serves: Int?
        var leaves: Int?
    }

    let path: String

    /// The shell's words with which a process notes its start before it becomes `resource`.
    func command(_ executable: String) -> String {
        "sh -c 'echo starts {id} $$ 0 >> \(path); exec \(executable) resource \(path) {id} {port}'"
    }

    /// One line, whole or not at all.
    func write(_ word: Word, _ id: String) throws {
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        let line = Array("\(word.rawValue) \(id) \(getpid()) \(Self.now)\n".utf8)
        guard Foundation.write(file, line, line.count) == line.count else {
            throw BenchFailure("\(path): \(String(cString: strerror(errno)))")
        }
    }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// In the order of their starts.
    func lives() throws -> [Life] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        var lives: [Life] = []
        var places: [Substring: Int] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 4, let word = Word(rawValue: String(words[0])), let process = Int32(words[2]),
                let time = Int(words[3])
            else { throw BenchFailure("the ledger has a line that is none: \(line)") }
            let name = line.dropFirst(words[0].count).prefix(words[1].count + words[2].count + 2)
            if word == .starts {
                places[name] = lives.count
                lives.append(Life(id: String(words[1]), process: process))
                continue
            }
            guard let place = places[name] else { throw BenchFailure("\(words[1]) serves, and was never started") }
            if word == .serves { lives[place].serves = time } else { lives[place].leaves = time }
        }
        return lives
    }

    /// Those whose process is there.
    func alive() throws -> [Life] {
        try lives()
            .filter { life in
                guard ProcessTable.isThere(life.process),
                    let words = FileManager.default.contents(atPath: "/proc/\(life.process)/cmdline")
                else { return false }
                return String(decoding: words, as: UTF8.self).contains(path)
            }
    }

    /// Ends all that are left.
    func endAll() {
        for life in (try? alive()) ?? [] { kill(life.process, SIGKILL) }
    }

    /// The most that served at once, for longer than a busy machine takes to deliver a signal.
    func most() throws -> Int {
        let patience = 3000
        var changes: [(at: Int, by: Int)] = []
        for life in try lives() {
            guard let serves = life.serves else { continue }
            let leaves = life.leaves.map { $0 - patience } ?? .max
            guard serves < leaves else { continue }
            changes.append((serves, 1))
            changes.append((leaves, -1))
        }
        var (now, most) = (0, 0)
        for change in changes.sorted(by: { ($0.at, $0.by) < ($1.at, $1.by) }) {
            now += change.by
            most = max(most, now)
        }
        return most
    }
}
