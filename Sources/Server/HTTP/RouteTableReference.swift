import Synchronization

/// The routes, for handlers that speak of all of them: they are made before the table is complete.
final class RouteTableReference: Sendable {
    private let storage = Mutex<[Route]>([])

    var routes: [Route] { storage.withLock { $0 } }

    func fill(_ routes: [Route]) { storage.withLock { $0 = routes } }
}
