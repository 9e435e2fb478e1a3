import Domain

/// Starting, configuring, retiring.
extension ConformanceSuite {
    func provisioning() async {
        let key = newKey("start")
        var first: ProvisionResult?
        await check(.countsAddUp, "three are asked for: each is an id or refused, and what is named is there") {
            let before = try await driver.describe()
            let answer = try await provision(3, key: key)
            first = answer
            try shown(answer, asked: 3, before: before, after: try await driver.describe(), key: key)
        }
        await check(.idempotentProvision, "the same key again starts nothing and answers as it did") {
            guard let first else { throw Untried("the first call failed already") }
            let before = try await driver.describe()
            let again = try await provision(3, key: key)
            guard Set(again.ids) == Set(first.ids) else {
                throw Violation("it answered \(first.ids.listed), and for the same key again \(again.ids.listed)")
            }
            let after = try await driver.describe()
            let new = Set(after.map(\.resource.id)).subtracting(before.map(\.resource.id))
            guard new.isEmpty else { throw Violation("the same key again started \(new.listed)") }
        }
        await check(.countsAddUp, "what was started becomes ready") {
            guard let first else { throw Untried("nothing was started") }
            guard !first.ids.isEmpty else { throw Violation("nothing could be started, for \(first.why)") }
            let (resources, holds) = try await look { resources in
                let ready = Set(resources.filter { $0.resource.state == .ready }.map(\.resource.id))
                return ready.isSuperset(of: first.ids)
            }
            guard holds else {
                let states = resources.filter { first.ids.contains($0.resource.id) }
                    .map { "\($0.resource.id) \($0.resource.state.rawValue)" }
                throw Violation("of \(first.ids.listed), there is at last: \(states.listed)")
            }
        }
    }

    /// What an answer promises must be what describe shows.
    func shown(
        _ answer: ProvisionResult,
        asked: Int,
        before: [DescribedResource],
        after: [DescribedResource],
        key: String
    ) throws {
        guard answer.ids.count + answer.refused == asked, Set(answer.ids).count == answer.ids.count else {
            throw Violation(
                "it was asked for \(asked), and answered \(answer.ids.count) ids and \(answer.refused) refused"
            )
        }
        let there = Set(after.map(\.resource.id))
        let missing = Set(answer.ids).subtracting(there)
        guard missing.isEmpty else { throw Violation("it answered \(missing.listed), which describe does not show") }
        let uncalled = there.subtracting(before.map(\.resource.id)).subtracting(answer.ids)
        guard uncalled.isEmpty else { throw Violation("\(uncalled.listed) appeared as well, which it did not answer") }
        for resource in after where answer.ids.contains(resource.resource.id) {
            guard resource.key == key, resource.resource.managed else {
                throw Violation(
                    "describe shows \(resource.resource.id) with the key \(resource.key ?? "none") and managed = "
                        + "\(resource.resource.managed); expected \(key) and true"
                )
            }
            guard resource.resource.persona == persona.name else {
                throw Violation(
                    "\(resource.resource.id) has the persona \(resource.resource.persona); it was started as \(persona.name)"
                )
            }
        }
    }

    func configuring() async {
        let name = "a persona and its files take hold, and the others keep theirs"
        guard subject.configures else { return skip(.configureTakes, name, "the driver cannot configure") }
        await check(.configureTakes, name) {
            let before = try await driver.describe()
            guard let chosen = before.first(where: { $0.resource.managed && $0.resource.state == .ready }) else {
                throw Violation("no resource is ready")
            }
            let persona = subject.personas.last ?? self.persona
            let files = [ConfigTemplate(path: "/etc/conformance.conf", contents: "persona=\(persona.name)\nchanged\n")]
            let request = ConfigureRequest(
                resource: chosen.resource.id,
                persona: persona,
                files: files,
                key: newKey("configure"),
                digest: "conformance"
            )
            try await driver.configure(request)
            try await driver.configure(request)
            let after = try await driver.describe()
            for resource in before where resource.resource.state == .ready {
                guard let now = after.first(where: { $0.resource.id == resource.resource.id }) else {
                    throw Violation("\(resource.resource.id) is gone after \(chosen.resource.id) was configured")
                }
                let expected = resource.resource.id == chosen.resource.id ? persona.name : resource.resource.persona
                guard now.resource.persona == expected else {
                    throw Violation("\(now.resource.id) has the persona \(now.resource.persona); expected \(expected)")
                }
            }
            let (_, holds) = try await look {
                $0.contains { $0.resource.id == chosen.resource.id && $0.resource.state == .ready }
            }
            guard holds else { throw Violation("\(chosen.resource.id) did not become ready again") }
        }
        await check(.configureTakes, "describe shows the configuration that configure gave, or none") {
            let there = try await driver.describe()
            guard let chosen = there.first(where: { $0.resource.managed && $0.resource.state == .ready }) else {
                throw Untried("no resource is ready")
            }
            try await showsConfiguration(of: chosen.resource.id)
        }
        await check(.configureTakes, "a resource that there is not is said not to be there") {
            let request = ConfigureRequest(
                resource: "conformance-nobody",
                persona: persona,
                files: [],
                key: newKey("configure")
            )
            do {
                try await driver.configure(request)
            } catch let error as DriverError {
                if error.kind == .notFound { return }
                throw error
            }
            throw Violation("it configured conformance-nobody, which there is not; expected not_found")
        }
    }

    /// Twice, with files that differ: what was right by chance, or is kept from the first time, is wrong at the second.
    private func showsConfiguration(of id: String) async throws {
        for number in 1...2 {
            let contents = "persona=\(persona.name)\nround=\(number) of \(run)\n"
            let files = [ConfigTemplate(path: "/etc/conformance.conf", contents: contents)]
            let given = subject.digest(files)
            try await driver.configure(
                ConfigureRequest(
                    resource: id,
                    persona: persona,
                    files: files,
                    key: newKey("configure"),
                    digest: given
                )
            )
            let (resources, holds) = try await look { resources in
                let shown = resources.first { $0.resource.id == id }?.configuration
                return shown == nil || shown == given
            }
            guard holds else {
                let shown = resources.first { $0.resource.id == id }?.configuration ?? "none"
                throw Violation(
                    "configure gave \(id) the configuration \(given), and describe shows \(shown): Troupe would configure it again "
                        + "at every look. Keep what configure is given with the resource and answer that, or never answer one"
                )
            }
        }
        let (_, holds) = try await look { $0.contains { $0.resource.id == id && $0.resource.state == .ready } }
        guard holds else { throw Violation("\(id) did not become ready again") }
    }

    func retiring() async {
        let key = newKey("retire")
        var told: [String] = []
        await check(.retireSpares, "one is told to leave: it goes, all others stay") {
            let before = try await driver.describe()
            let mine = before.filter { $0.resource.managed && $0.resource.state == .ready }.map(\.resource.id)
            // Not the first and not the last, which a driver might take that only counts.
            guard mine.count > 1 else { throw Violation("there are \(mine.count) ready resources to retire one of") }
            told = [mine[mine.count / 2]]
            let gone = try await driver.retire(RetireRequest(ids: told, key: key))
            guard gone == told else {
                throw Violation("it was told to retire \(told.listed), and answered \(gone.listed)")
            }
            let (after, holds) = try await look { !self.standing($0).contains(told[0]) }
            guard holds else { throw Violation("\(told.listed) stands as before") }
            let lost = Set(standing(before)).subtracting(standing(after)).subtracting(told)
            guard lost.isEmpty else { throw Violation("it was told to retire \(told.listed), and \(lost.listed) went") }
        }
        await check(.retireSpares, "the same key again, and strangers, retire nothing more") {
            guard !told.isEmpty else { throw Untried("none was retired before") }
            let before = try await driver.describe()
            _ = try await driver.retire(RetireRequest(ids: told, key: key))
            let gone = try await driver.retire(RetireRequest(ids: ["conformance-nobody"], key: newKey("retire")))
            guard gone.isEmpty else { throw Violation("it answered that \(gone.listed) leaves, which there is not") }
            let lost = Set(standing(before)).subtracting(standing(try await driver.describe()))
            guard lost.isEmpty else { throw Violation("\(lost.listed) went, and nobody had said so") }
        }
    }
}
