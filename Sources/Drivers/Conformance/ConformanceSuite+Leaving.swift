import Domain

/// The end: nothing that the suite started is left.
extension ConformanceSuite {
    /// - Parameter unseen: whether describe may not show all that is there; then all that provision ever answered is told to leave.
    func clearing(unseen: Bool = false) async {
        await check(.retireSpares, "all that the suite started leaves when it is told to") {
            // Where describe fails there are still the ids that provision answered.
            var mine = started
            do {
                let shown = try await driver.describe()
                let ours = Set(shown.filter { started.contains($0.resource.id) || isOurs($0) }.map(\.resource.id))
                mine = unseen ? started.union(ours) : ours
                _ = try await driver.retire(RetireRequest(ids: mine.sorted(), key: newKey("clear")))
                let (left, holds) = try await look { self.standing($0).allSatisfy { !mine.contains($0) } }
                guard holds else {
                    let still = standing(left).filter(mine.contains)
                    throw Violation("still there: \(still.all). Retire them by hand")
                }
                let strange = Set(standing(left)).subtracting(found)
                guard strange.isEmpty else {
                    throw Violation(
                        "still there: \(strange.sorted().all), which appeared while the suite ran, and which carries no key of it. "
                            + "Look whose it is"
                    )
                }
            } catch let error as DriverError {
                let gone: [String]?
                do throws(DriverError) {
                    gone = try await driver.retire(RetireRequest(ids: mine.sorted(), key: newKey("clear")))
                } catch {
                    gone = nil
                }
                let all = mine.sorted().all
                if mine.isEmpty { throw Violation("\(error). What it started, if anything, is still there") }
                guard gone != nil else {
                    throw Violation("\(error). Still there, perhaps: \(all). Retire them by hand")
                }
                throw Violation("\(error). Told to leave, and whether they went cannot be seen: \(all)")
            }
        }
    }

    private func isOurs(_ resource: DescribedResource) -> Bool { resource.key?.hasPrefix("conformance/") ?? false }
}

extension [String] {
    /// For a person who has to look for each.
    fileprivate var all: String { prefix(200).joined(separator: ", ") + (count > 200 ? ", …" : "") }
}
