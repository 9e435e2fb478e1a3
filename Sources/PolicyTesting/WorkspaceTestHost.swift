import Control
import Domain
package import Scripting
package import Workers

/// Answers what the tests of a workspace ask, with its own fleets, personas and policies.
///
/// It decides and simulates by the very functions that a server and a backtest run, over inputs that the test gives.
package struct WorkspaceTestHost: PolicyTestHost {
    package let workspace: Workspace
    let workers: WorkerPool

    package init(workspace: Workspace, workers: WorkerPool) {
        self.workspace = workspace
        self.workers = workers
    }

    /// A fleet that a scenario names, and who proposes for it.
    struct Cast {
        var fleet: Fleet
        /// In the fleet's order.
        var personas: [Persona]
        var policies: [Policy]
        /// Demand that one ready resource of the default persona serves.
        var capacity: Double
    }

    /// - Throws: what is not there, with the nearest name that is.
    func cast(fleet name: String, policy: String?) throws(PolicyTestProblem) -> Cast {
        guard let fleet = workspace.fleet(name) else {
            throw Self.unknown("fleet", name, known: workspace.fleets.map(\.name))
        }
        let personas = workspace.personas(of: fleet)
        guard let persona = personas.first else { throw PolicyTestProblem("fleet \"\(name)\" has no persona") }
        guard let capacity = persona.capacity(for: fleet.demand), capacity > 0 else {
            throw PolicyTestProblem(
                "persona \"\(persona.name)\" does not say how much \(fleet.demand.kpi) a resource serves"
            )
        }
        var policies = workspace.policies(of: fleet)
        if let policy {
            guard let only = workspace.policy(policy) else {
                throw Self.unknown("policy", policy, known: workspace.policies.map(\.name))
            }
            policies = [only]
        }
        return Cast(fleet: fleet, personas: personas, policies: policies, capacity: capacity)
    }

    private static func unknown(_ what: String, _ name: String, known: [String]) -> PolicyTestProblem {
        let nearest = NearestWord.find(name, among: known).map { " (did you mean \"\($0)\"?)" } ?? ""
        return PolicyTestProblem("there is no \(what) \"\(name)\"; known: \(known.joined(separator: ", "))\(nearest)")
    }
}
