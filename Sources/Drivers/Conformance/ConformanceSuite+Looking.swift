import Domain

/// What must change nothing.
extension ConformanceSuite {
    func wrongConfig() async {
        if subject.wrongTargets.isEmpty {
            skip(.wrongConfig, "wrong targets are refused", "no wrong targets are given")
        }
        for wrong in subject.wrongTargets {
            await check(.wrongConfig, "\(wrong.name) is refused with words that name it") {
                do {
                    _ = try await wrong.driver.describe()
                    let answer = try await wrong.driver.provision(
                        ProvisionRequest(count: 1, persona: persona, files: [], key: newKey("wrong"))
                    )
                    if answer.ids.isEmpty, let reason = answer.reason {
                        if reason.contains(wrong.names) { return }
                        throw Violation("it is refused with \"\(reason)\", which does not name \(wrong.names)")
                    }
                    _ = try await wrong.driver.retire(RetireRequest(ids: answer.ids, key: newKey("wrong-retire")))
                    throw Violation(
                        "the driver takes it and answers \(answer.ids.count) ids; expected an error that names \(wrong.names)"
                    )
                } catch let error as DriverError {
                    guard error.kind != .broken else { throw error }
                    guard error.message.contains(wrong.names) else {
                        throw Violation("the error does not name \(wrong.names): \(error.message)")
                    }
                }
            }
        }
    }

    func describing() async {
        await check(.stableDescribe, "describe answers the same twice, in an order by id") {
            let first = try await driver.describe()
            let second = try await driver.describe()
            try same(first, second)
            guard first.map(\.resource.id) == first.map(\.resource.id).sorted() else {
                throw Violation("the resources are not sorted by id")
            }
        }
    }

    /// Whether the same resources are there, but for those that are on their way.
    func same(_ first: [DescribedResource], _ second: [DescribedResource]) throws {
        let (a, b) = (Set(first.map(\.resource.id)), Set(second.map(\.resource.id)))
        let leaving = Set(first.filter { $0.resource.state == .draining }.map(\.resource.id))
        let gone = a.subtracting(b).subtracting(leaving)
        let new = b.subtracting(a)
        guard gone.isEmpty, new.isEmpty else {
            throw Violation("nothing was asked for meanwhile, and \(new.listed) appeared, \(gone.listed) went")
        }
        for resource in first where resource.resource.state != .draining {
            guard let later = second.first(where: { $0.resource.id == resource.resource.id }) else { continue }
            guard later.key == resource.key, later.resource.persona == resource.resource.persona,
                later.resource.managed == resource.resource.managed, later.configuration == resource.configuration
            else {
                throw Violation(
                    "\(resource.resource.id) has another key, persona, owner or configuration than a moment before"
                )
            }
        }
    }

    func prechecking() async {
        await check(.inertPrecheck, "a dry run starts and retires nothing") {
            let before = try await driver.describe()
            let plan = PrecheckPlan(
                starts: [.init(count: 3, persona: persona)],
                retire: Array(standing(before).prefix(1))
            )
            _ = try await driver.precheck(plan)
            for _ in 0..<3 {
                let after = try await driver.describe()
                let (a, b) = (Set(standing(before)), Set(standing(after)))
                guard a == b else {
                    throw Violation(
                        "after precheck, \(b.subtracting(a).listed) had appeared and \(a.subtracting(b).listed) had gone; expected no effect"
                    )
                }
                await subject.pause()
            }
        }
    }
}
