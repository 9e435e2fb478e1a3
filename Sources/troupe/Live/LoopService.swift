import Control
import ServiceLifecycle

/// The loop and the upkeep of its stores, until a graceful shutdown; what is being decided then is decided to its end.
struct LoopService: Service {
    let control: LiveControl
    let upkeep: StoreUpkeep

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await control.run() }
                group.addTask { await upkeep.run() }
            }
        }
    }
}
