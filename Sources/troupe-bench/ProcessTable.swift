import Foundation

/// What the system says of processes.
enum ProcessTable {
    /// Those that a process has started and not yet taken leave of: dead ones too.
    static func children(of process: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.flatMap { thread in
            let text = Self.text("/proc/\(process)/task/\(thread)/children")
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// A file of the system's; empty where there is none. Foundation leaks a buffer for each of them that is empty.
    static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    /// It lives: one that has ended and is still listed does not.
    static func isThere(_ process: Int32) -> Bool {
        guard let state = state(of: process) else { return false }
        return state != "Z" && state != "X"
    }

    /// The letter of its state; nil where there is none.
    static func state(of process: Int32) -> Character? {
        fields(of: process).first?.first
    }

    /// What `/proc/ID/stat` says after the name, the state first.
    static func fields(of process: Int32) -> [Substring] {
        let line = text("/proc/\(process)/stat")
        guard let name = line.lastIndex(of: ")") else { return [] }
        return Array(line[name...].split(separator: " ").dropFirst())
    }
}
