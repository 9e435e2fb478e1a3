import Domain

/// More than a page, more than there is room for, more than one fleet.
extension ConformanceSuite {
    /// - Returns: whether all pages together show every resource; nil where there are no pages.
    @discardableResult
    func paging() async -> Bool? {
        let name = "resources on more than two pages are each shown once"
        guard let size = subject.pageSize() else {
            skip(
                .pagesAreWhole,
                name,
                "describe answered one page each time, or large ones; where the service lists in pages, say how large they are: page = 50"
            )
            return nil
        }
        // What does not leave again is another matter than what is not shown.
        var isWhole = false
        await check(.pagesAreWhole, name) {
            let before = try await driver.describe()
            let wanted = max(2, 2 * size + 1 - before.count)
            let answer = try await provision(wanted, key: newKey("pages"))
            guard answer.refused == 0 else {
                try await leave(answer.ids)
                isWhole = true
                throw Untried(
                    "of \(wanted) that make up more than two pages, \(answer.refused) were refused, for \(answer.why)"
                )
            }
            let after = Set(try await driver.describe().map(\.resource.id))
            let lost = Set(standing(before)).union(answer.ids).subtracting(after)
            guard lost.isEmpty else {
                throw Violation(
                    "describe shows \(after.count) resources; \(lost.listed) \(lost.count == 1 ? "is" : "are") there and on no page. "
                        + "Look at what the first and last of a page are, and at what is made of page.next"
                )
            }
            isWhole = true
            try await leave(answer.ids)
        }
        return isWhole
    }

    /// Two fleets on one account: neither may count, nor retire, what is the other's.
    func sharing() async {
        let name = "what this fleet started is not another's to retire"
        guard let other = subject.secondFleet else { return }
        await check(.fleetsApart, name) {
            let mine = started
            guard !mine.isEmpty else { throw Untried("nothing was started") }
            let shown: [DescribedResource]
            do throws(DriverError) {
                shown = try await other.describe()
            } catch {
                if error.kind == .broken { throw error }
                throw Untried("the target serves no second fleet: \(error)")
            }
            let taken = shown.filter { $0.resource.managed && mine.contains($0.resource.id) }.map(\.resource.id)
            guard taken.isEmpty else {
                throw Violation(
                    "to fleet conformance-2, with the same target, describe shows \(taken.listed) as managed: both fleets would count "
                        + "and retire them. Leave managed out (then it follows from the key), or answer false unless key begins with "
                        + "host.fleet .. \"/\""
                )
            }
        }
    }

    /// A quota that is used up is no error.
    func filling() async {
        guard let full = subject.fullTarget else { return }
        await check(
            .countsAddUp,
            "\(full.name) has no room for \(full.count): what cannot be had is refused, with a reason"
        ) {
            let answer: ProvisionResult
            let expected = "expected { ids = { … }, refused = …, reason = \"…\" }"
            do throws(DriverError) {
                answer = try await full.driver.provision(
                    ProvisionRequest(count: full.count, persona: persona, files: [], key: newKey("full"))
                )
            } catch {
                if error.kind == .broken { throw error }
                throw Violation("provision fails; \(expected): \(error)")
            }
            if !answer.ids.isEmpty {
                _ = try await full.driver.retire(RetireRequest(ids: answer.ids, key: newKey("full-leave")))
            }
            guard answer.refused > 0 else {
                throw Violation("all \(full.count) were had; give `full` a target without room, or a larger count")
            }
            guard answer.reason?.contains(where: { !$0.isWhitespace }) ?? false else {
                throw Violation("\(answer.refused) of \(full.count) are refused without a reason; \(expected)")
            }
            var left: [DescribedResource] = []
            for _ in 0...subject.looks {
                left = try await full.driver.describe()
                if !standing(left).contains(where: answer.ids.contains) { return }
                await subject.pause()
            }
            throw Violation(
                "\(standing(left).filter(answer.ids.contains).listed) did not leave when told to",
                rule: .retireSpares
            )
        }
    }
}
