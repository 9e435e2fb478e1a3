import Control
import Domain
import Foundation
import Synchronization

/// The time that a server lives in, as the commands that speak to it reckon: that of day, or a demo's, which is many times faster.
struct ServerClock: Codable {
    let speed: Double
    /// One instant in both times.
    let system: Int64
    let server: Int64

    /// What the server that is spoken to lives by; nil: the time of day. Until it is known, that of the data folder in the environment.
    static let current = Mutex<ServerClock?>(ServerClock(in: DataFolder(nil)))

    init(_ clock: ScaledClock) {
        speed = clock.speed
        (system, server) = (WallClock.timeOfDay.milliseconds, clock.now.milliseconds)
    }

    /// Nil where the server of a data folder lives by the time of day.
    init?(in folder: DataFolder) {
        guard let data = FileManager.default.contents(atPath: folder.clock), data.count < 1000,
            let clock = try? JSONDecoder().decode(ServerClock.self, from: data),
            clock.speed.isFinite, (1...1e6).contains(clock.speed), abs(clock.server) < 1 << 50
        else { return nil }
        self = clock
    }

    func write(in folder: DataFolder) throws {
        try JSONEncoder().encode(self).write(to: URL(fileURLWithPath: folder.clock), options: .atomic)
    }

    /// Now, as the server sees it.
    static var now: Timestamp {
        let system = WallClock.timeOfDay
        guard let clock = current.withLock({ $0 }) else { return system }
        let elapsed = Double(max(0, min(1 << 40, system.milliseconds - clock.system))) * clock.speed
        return Timestamp(milliseconds: clock.server) + TimeSpan(milliseconds: Int64(min(elapsed, 1e15)))
    }
}
