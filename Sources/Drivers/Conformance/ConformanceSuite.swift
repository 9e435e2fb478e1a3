import Domain
import Synchronization

/// Tries a driver against every rule that Troupe counts on, by calls alone: for any driver, written by anyone.
///
///     let report = await ConformanceSuite(subject).run()
///     print(report.text)
package final class ConformanceSuite {
    let subject: ConformanceSubject
    private var checks: [ConformanceReport.Check] = []
    private var keys = 0
    /// Ids that provision has answered: what the suite must not leave behind.
    private(set) var started: Set<String> = []
    /// What was there when it began.
    var found: Set<String> = []
    /// Told of each check as it ends.
    private let progress: (ConformanceReport.Check) -> Void

    package init(_ subject: ConformanceSubject, progress: @escaping (ConformanceReport.Check) -> Void = { _ in }) {
        self.subject = subject
        self.progress = progress
    }

    package func run() async -> ConformanceReport {
        guard await describing() else {
            let ending = "Nothing else is tried: all checks begin with what describe answers."
            return ConformanceReport(subject: subject.name, checks: checks, ending: ending)
        }
        await wrongConfig()
        await provisioning()
        await sharing()
        // Where it is known that there are pages: else whatever follows would stumble over what they lose.
        let isPaged = subject.pageSize() != nil
        if isPaged, await paging() == false {
            await clearing(unseen: true)
            let ending = "Nothing else is tried: describe does not show every resource."
            return ConformanceReport(subject: subject.name, checks: checks, ending: ending)
        }
        await prechecking()
        await configuring()
        await retiring()
        await failing()
        if !isPaged { await paging() }
        await filling()
        await clearing()
        return ConformanceReport(subject: subject.name, checks: checks)
    }

    var driver: any FleetDriver { subject.driver }
    var persona: Persona { subject.personas.first ?? Persona(name: "conformance") }

    /// One that was never used: the suite may run twice over one fleet.
    func newKey(_ what: String) -> String {
        keys += 1
        return "conformance/\(run)/\(keys)/\(what)"
    }

    let run = String(UInt64.random(in: 0...UInt64.max), radix: 36)

    // MARK: Checking

    /// Why a check fails.
    struct Violation: Error {
        var rule: DriverRule?
        var what: String

        init(_ what: String, rule: DriverRule? = nil) {
            self.what = what
            self.rule = rule
        }
    }

    /// Why a check cannot be made.
    struct Untried: Error {
        var why: String

        init(_ why: String) { self.why = why }
    }

    /// - Returns: whether it passed.
    @discardableResult
    func check(_ rule: DriverRule, _ name: String, _ body: () async throws -> Void) async -> Bool {
        let began = ContinuousClock.now
        var rule = rule
        let outcome: ConformanceReport.Check.Outcome
        do {
            try await body()
            outcome = .passed
        } catch let untried as Untried {
            outcome = .skipped(untried.why)
        } catch let violation as Violation {
            rule = violation.rule ?? rule
            outcome = .failed(violation.what)
        } catch let error as DriverError {
            // The host names the rule that an answer breaks; it is that one that failed.
            rule = DriverRule.allCases.first { error.message.contains("breaks the rule \($0.rawValue)") } ?? rule
            outcome = .failed("\(error)")
        } catch {
            outcome = .failed("\(error)")
        }
        subject.faults?.clear()
        add(rule, name, outcome, took: TimeSpan(began.duration(to: .now)))
        return outcome == .passed
    }

    func skip(_ rule: DriverRule, _ name: String, _ why: String) { add(rule, name, .skipped(why), took: .zero) }

    private func add(_ rule: DriverRule, _ name: String, _ outcome: ConformanceReport.Check.Outcome, took: TimeSpan) {
        let check = ConformanceReport.Check(rule: rule, name: name, outcome: outcome, took: took)
        checks.append(check)
        progress(check)
    }

    /// Looks until something holds; the last look where it never does.
    func look(until holds: ([DescribedResource]) -> Bool) async throws -> (resources: [DescribedResource], holds: Bool)
    {
        var resources = try await driver.describe()
        for _ in 0..<subject.looks {
            if holds(resources) { return (resources, true) }
            await subject.pause()
            resources = try await driver.describe()
        }
        return (resources, holds(resources))
    }

    func provision(_ count: Int, key: String, _ persona: Persona? = nil) async throws -> ProvisionResult {
        let files = [
            ConfigTemplate(path: "/etc/conformance.conf", contents: "persona=\((persona ?? self.persona).name)\n")
        ]
        let answer = try await driver.provision(
            ProvisionRequest(count: count, persona: persona ?? self.persona, files: files, key: key)
        )
        started.formUnion(answer.ids)
        return answer
    }

    /// Those that are not on their way out.
    func standing(_ resources: [DescribedResource]) -> [String] {
        resources.filter { $0.resource.state == .starting || $0.resource.state == .ready }.map(\.resource.id)
    }
}

extension ProvisionResult {
    /// Why there is less than was asked for.
    var why: String { reason.map { "\"\($0)\"" } ?? "it gave no reason" }
}

extension Sequence<String> {
    var listed: String {
        let items = sorted()
        return items.isEmpty ? "none" : items.prefix(8).joined(separator: ", ") + (items.count > 8 ? ", …" : "")
    }
}
