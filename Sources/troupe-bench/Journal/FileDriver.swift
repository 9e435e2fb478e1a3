import Control
import Domain
import Drivers
import Foundation
import Scripting
import Synchronization

/// A simulated fleet that outlives the process: its whole state is one file, replaced before a call answers.
///
/// Calls take a while before and after their effect, so that a kill finds every instant of them.
final class FileDriver: FleetDriver, DriverDirectory {
    struct Member: Codable {
        var id: String
        var persona: String
        var key: String
        var since: Int64
        var files: [String: String] = [:]
    }

    struct World: Codable {
        var members: [Member] = []
        var serial = 0
        /// What each key did, for ever.
        var started: [String: [String]] = [:]
        var retired: [String: [String]] = [:]
        /// The most that were ever there at once.
        var most = 0
    }

    private let path: String
    private let clock: any LoopClock
    private let state: Mutex<(world: World, random: SplitMix)>

    init(path: String, clock: any LoopClock, seed: UInt64) throws {
        self.path = path
        self.clock = clock
        state = Mutex((try Self.read(path), SplitMix(seed: seed)))
    }

    static func read(_ path: String) throws -> World {
        guard let data = FileManager.default.contents(atPath: path) else { return World() }
        return try JSONDecoder().decode(World.self, from: data)
    }

    var interfaces: [DriverInterface] { [.simulated] }

    func driver(for fleet: Fleet, personas: [Persona], plugin: Plugin?, ready: Int?) throws(DriverError)
        -> any FleetDriver
    { self }

    func forget(fleets: [String]) {}

    func describe() async throws(DriverError) -> [DescribedResource] {
        await pause()
        let now = clock.now
        return state.withLock { state in
            state.world.members
                .map { member in
                    let since = Timestamp(milliseconds: member.since)
                    let isReady = now - since >= TimeSpan(milliseconds: 300)
                    return DescribedResource(
                        resource: Resource(
                            id: member.id,
                            persona: member.persona,
                            state: isReady ? .ready : .starting,
                            since: since
                        ),
                        key: member.key,
                        configuration: nil
                    )
                }
                .sorted { $0.resource.id < $1.resource.id }
        }
    }

    func provision(_ request: ProvisionRequest) async throws(DriverError) -> ProvisionResult {
        await pause()
        let now = clock.now
        let ids = try change { world -> [String] in
            if let known = world.started[request.key] { return known }
            var ids: [String] = []
            for _ in 0..<request.count {
                world.serial += 1
                ids.append("web-\(world.serial)")
                world.members.append(
                    Member(
                        id: ids[ids.count - 1],
                        persona: request.persona.name,
                        key: request.key,
                        since: now.milliseconds
                    )
                )
            }
            world.most = max(world.most, world.members.count)
            world.started[request.key] = ids
            return ids
        }
        await pause()
        return ProvisionResult(ids: ids)
    }

    func retire(_ request: RetireRequest) async throws(DriverError) -> [String] {
        await pause()
        let gone = try change { world -> [String] in
            if let known = world.retired[request.key] { return known }
            let gone = world.members.map(\.id).filter(request.ids.contains)
            world.members.removeAll { gone.contains($0.id) }
            world.retired[request.key] = gone
            return gone
        }
        await pause()
        return gone
    }

    func configure(_ request: ConfigureRequest) async throws(DriverError) {
        await pause()
    }

    private func change<Answer>(_ body: (inout World) -> Answer) throws(DriverError) -> Answer {
        let answer: Result<Answer, DriverError> = state.withLock { state in
            var world = state.world
            let answer = body(&world)
            do {
                let file = URL(fileURLWithPath: path)
                try JSONEncoder().encode(world).write(to: file, options: .atomic)
            } catch {
                return .failure(DriverError(.unavailable, driver: "simulated", "\(path) cannot be written: \(error)."))
            }
            state.world = world
            return .success(answer)
        }
        return try answer.get()
    }

    private func pause() async {
        let milliseconds = state.withLock { state in state.random.next() % 100 }
        try? await Task.sleep(nanoseconds: milliseconds * 1_000_000)
    }
}
