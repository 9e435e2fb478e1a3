import Domain
import Drivers
import StateStore

extension PersonaDirectory {
    /// Gives resources whose driver does not say since when they are there the best that is known, so that a restart, or another version
    /// of the driver, does not make other resources of them: when the action that created them was decided, else when something was first
    /// said of them.
    func dated(_ described: [DescribedResource]) -> [DescribedResource] {
        guard described.contains(where: { !$0.isSinceKnown }) else { return described }
        return read { book in
            described.map { one in
                guard !one.isSinceKnown else { return one }
                var one = one
                let first = book.all(of: one.resource.id).lazy.map(\.assignment).filter { $0.priority == .default }
                    .map(\.from).max()
                if let known = one.key.flatMap(Action.decided(byKey:)) ?? first {
                    one.resource.since = min(one.resource.since, known)
                }
                return one
            }
        }
    }
}
