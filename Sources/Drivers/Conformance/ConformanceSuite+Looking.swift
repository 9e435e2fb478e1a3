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
                        if let fault = wrong.fault(in: reason) {
                            throw Violation("it is refused with \"\(reason)\"; \(fault)")
                        }
                        return
                    }
                    _ = try await wrong.driver.retire(RetireRequest(ids: answer.ids, key: newKey("wrong-retire")))
                    throw Violation(
                        "the driver takes it and answers \(answer.ids.count) ids; expected an error that names \(wrong.names)"
                    )
                } catch let error as DriverError {
                    guard error.kind != .broken else { throw error }
                    if let fault = wrong.fault(in: error.message) { throw Violation("\(fault): \(error.message)") }
                }
            }
        }
    }

    /// - Returns: whether describe answers at all.
    func describing() async -> Bool {
        var answers = false
        await check(.stableDescribe, "describe answers the same twice, in an order by id") {
            let first = try await driver.describe()
            answers = true
            found = Set(first.map(\.resource.id))
            let second = try await driver.describe()
            try same(first, second)
            guard first.map(\.resource.id) == first.map(\.resource.id).sorted() else {
                throw Violation("the resources are not sorted by id")
            }
        }
        return answers
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

extension ConformanceSubject.WrongTarget {
    /// What is missing in the words of an error; nil where they name what is wrong.
    func fault(in message: String) -> String? {
        var words = message[...]
        // Ours: `fleet NAME: FUNCTION: plugins/NAME/plugin.lua:12: `.
        for mark in ["fleet ", "", "plugins/"] where words.hasPrefix(mark) && message.hasPrefix("fleet ") {
            if let end = words.firstRange(of: ": ") { words = words[end.upperBound...] }
        }
        guard words.names(names) else { return "the error does not name \(names)" }
        guard isKey, let host = words.firstRange(of: "host."), !words[..<host.lowerBound].names(names),
            !words.names("target.\(names)")
        else { return nil }
        return "\(names) stands in the host's own words alone; let the driver say that target.\(names) is wrong"
    }
}

extension Substring {
    /// Whether a word stands in it, and not as part of a longer one.
    fileprivate func names(_ word: String) -> Bool {
        func isInWord(_ character: Character?) -> Bool {
            character.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
        }
        var rest = self
        while let place = rest.firstRange(of: word) {
            let before = place.lowerBound == startIndex ? nil : self[index(before: place.lowerBound)]
            let after = place.upperBound == endIndex ? nil : self[place.upperBound]
            if !(isInWord(word.first) && isInWord(before)), !(isInWord(word.last) && isInWord(after)) { return true }
            rest = rest[index(after: place.lowerBound)...]
        }
        return false
    }
}
