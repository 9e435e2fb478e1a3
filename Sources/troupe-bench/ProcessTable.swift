import Foundation

/// What the system says of processes.
enum ProcessTable {
    /// Those that a process has started and not yet taken leave of: dead ones too.
    static func children(of process: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.flatMap { thread in
            let path = "/proc/\(process)/task/\(thread)/children"
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { Int32($0) }
        }
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
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = line.lastIndex(of: ")")
        else { return [] }
        return Array(line[name...].split(separator: " ").dropFirst())
    }
}
