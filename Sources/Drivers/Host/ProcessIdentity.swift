import CProcessGuard
import Foundation

/// A process, and not another that has its id by now: `ID.TICKS.BOOT`, of which drivers know only that it is a text.
struct ProcessIdentity: Hashable, Sendable, CustomStringConvertible {
    var id: Int32
    /// When it began, in clock ticks since the machine was started.
    var ticks: UInt64
    /// Which start of the machine that was.
    var boot: String

    static let currentBoot: String = {
        let text = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
        return String(text.prefix(8))
    }()

    var description: String { "\(id).\(ticks).\(boot)" }

    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let id = Int32(parts[0]), id > 1, let ticks = UInt64(parts[1]), ticks > 0 else {
            return nil
        }
        self.id = id
        self.ticks = ticks
        boot = String(parts[2])
    }

    /// From what the process wrote into its record, `ID TICKS`.
    init?(record: String, boot: String = currentBoot) {
        let words = record.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2 else { return nil }
        self.init("\(words[0]).\(words[1]).\(words.count > 2 ? String(words[2]) : boot)")
    }

    var isAlive: Bool { boot == Self.currentBoot && troupe_process_began(id) == ticks }

    /// - Returns: 0, or the number of the error.
    func signal(_ signal: Int32) -> Int32 { isAlive ? troupe_signal_process(id, ticks, signal) : ESRCH }
}
