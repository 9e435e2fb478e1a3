import Domain

/// The world fails in the middle of a call.
extension ConformanceSuite {
    /// Every call of the host fails in turn, up to so many: those behind are of the same kind.
    static let mostFaults = 24

    func failing() async {
        let name = "the host's calls fail one by one in provision; made again, it ends with what was asked for"
        guard let faults = subject.faults else {
            return skip(.truthAfterFailure, name, "the driver has no host that could fail")
        }
        var calls = 0
        let isCalm = await check(.truthAfterFailure, "two are started while nothing fails") {
            faults.clear()
            let answer = try await provision(2, key: newKey("calm"))
            calls = faults.clear()
            guard !answer.ids.isEmpty else { throw Violation("nothing could be started, for \(answer.why)") }
            try await leave(answer.ids)
        }
        let unsound = "it fails while nothing else does"
        let step = max(1, calls / Self.mostFaults)
        for (moment, word) in [(FaultPlan.Moment.before, "is not made"), (.after, "is made and its answer lost")] {
            let name = "provision: each call of the host in turn \(word)"
            guard isCalm else {
                skip(.truthAfterFailure, name, unsound)
                continue
            }
            await check(.truthAfterFailure, name) {
                for index in stride(from: 0, to: calls, by: step) {
                    try await fail(index, moment, word, faults)
                }
            }
        }
        let retiring = "retire: a call that fails hides nothing"
        guard isCalm else { return skip(.truthAfterFailure, retiring, unsound) }
        await check(.truthAfterFailure, retiring) { try await failRetiring(faults) }
    }

    private func fail(_ index: Int, _ moment: FaultPlan.Moment, _ word: String, _ faults: FaultPlan) async throws {
        let place = "call \(index + 1) of the host \(word)"
        let key = newKey("fault")
        let before = Set(try await driver.describe().map(\.resource.id))
        faults.plan(index, moment, stays: true)
        let answer: ProvisionResult?
        do {
            answer = try await provision(2, key: key)
        } catch let error as DriverError {
            if error.kind == .broken { throw error }
            answer = nil
        }
        faults.clear()
        let between = try await driver.describe()
        let there = Set(between.map(\.resource.id)).subtracting(before)
        if let answer {
            let missing = Set(answer.ids).subtracting(there)
            guard missing.isEmpty else {
                throw Violation(
                    "\(place): it answered \(missing.listed), which describe does not show: it hides the failure"
                )
            }
        }
        // Another try is what Troupe makes of an answer it did not get.
        let again = try await provision(2, key: key)
        let after = try await driver.describe()
        let new = Set(after.map(\.resource.id)).subtracting(before)
        guard again.ids.count + again.refused == 2 else {
            throw Violation(
                "\(place): made again, it answered \(again.ids.count) ids and \(again.refused) refused for 2",
                rule: .countsAddUp
            )
        }
        guard new == Set(again.ids) else {
            let (extra, missing) = (new.subtracting(again.ids), Set(again.ids).subtracting(new))
            guard missing.isEmpty else {
                throw Violation(
                    "\(place): made again, it answered \(again.ids.listed), of which describe does not show \(missing.listed)"
                        + (extra.isEmpty ? "" : "; it shows \(extra.listed) besides")
                )
            }
            throw Violation(
                "\(place): made again with the same key, there are \(new.count) where 2 were asked for: \(extra.listed) doubled",
                rule: .idempotentProvision
            )
        }
        try await leave(again.ids)
    }

    private func failRetiring(_ faults: FaultPlan) async throws {
        for index in 0..<4 {
            let started = try await provision(2, key: newKey("fault"))
            guard let victim = started.ids.first else {
                throw Violation("nothing could be started, for \(started.why)")
            }
            let key = newKey("fault-retire")
            let others = Set(standing(try await driver.describe())).subtracting([victim])
            faults.plan(index, index % 2 == 0 ? .before : .after, stays: true)
            var said: [String] = []
            var failed = false
            do throws(DriverError) {
                said = try await driver.retire(RetireRequest(ids: [victim], key: key))
            } catch {
                if error.kind == .broken { throw error }
                failed = true
            }
            faults.clear()
            if !failed, said.contains(victim) {
                let (_, holds) = try await look { !self.standing($0).contains(victim) }
                guard holds else {
                    throw Violation("it answered that \(victim) leaves, and it stands as before: it hides the failure")
                }
            }
            _ = try await driver.retire(RetireRequest(ids: [victim], key: key))
            let (after, holds) = try await look { !self.standing($0).contains(victim) }
            guard holds else { throw Violation("\(victim) was told to leave a second time, and stands as before") }
            let lost = others.subtracting(standing(after))
            guard lost.isEmpty else {
                throw Violation("\(victim) was told to leave, and \(lost.listed) went", rule: .retireSpares)
            }
            try await leave(started.ids)
        }
    }

    /// Retires, and waits until they do not stand any more.
    func leave(_ ids: [String]) async throws {
        _ = try await driver.retire(RetireRequest(ids: ids, key: newKey("leave")))
        let (_, holds) = try await look { resources in !self.standing(resources).contains { ids.contains($0) } }
        guard holds else { throw Violation("\(ids.listed) did not leave when told to", rule: .retireSpares) }
    }
}
