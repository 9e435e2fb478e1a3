package import Domain
package import ScriptProtocol

/// The folder of scripts, loaded and checked: everything in it holds together.
///
/// A workspace is a value: a running system keeps the one it has until a newer one has loaded whole.
package struct Workspace: Hashable, Sendable {
    /// Sorted by name, as are all lists here.
    package let personas: [Persona]
    package let fleets: [Fleet]
    package let policies: [Policy]
    package let tests: [PolicyTestFile]
    /// What `require` finds, by name: `lib.hours` → `policies/lib/hours.lua`.
    package let modules: [String: ScriptSource]
    /// The drivers of `plugins/`.
    package let plugins: [Plugin]

    /// Of parts that hold together: what `load` has checked, or a benchmark has made of such.
    package init(
        personas: [Persona],
        fleets: [Fleet],
        policies: [Policy],
        tests: [PolicyTestFile] = [],
        modules: [String: ScriptSource] = [:],
        plugins: [Plugin] = []
    ) {
        self.personas = personas
        self.fleets = fleets
        self.policies = policies
        self.tests = tests
        self.modules = modules
        self.plugins = plugins
    }

    package func plugin(_ name: String) -> Plugin? { plugins.first { $0.name == name } }
    package func persona(_ name: String) -> Persona? { personas.first { $0.name == name } }
    package func fleet(_ name: String) -> Fleet? { fleets.first { $0.name == name } }
    package func policy(_ name: String) -> Policy? { policies.first { $0.name == name } }

    /// The files of what is run while it is in force.
    package var scripts: Set<String> { Set(policies.map(\.script.name) + plugins.map(\.script.name)) }

    /// The personas of a fleet, in its order.
    package func personas(of fleet: Fleet) -> [Persona] { fleet.personas.compactMap(persona) }

    /// The policies of a fleet, in its order.
    package func policies(of fleet: Fleet) -> [Policy] { fleet.policies.compactMap(policy) }
}

/// A file of policy tests, with what its `require` may find.
package struct PolicyTestFile: Hashable, Sendable {
    package let script: ScriptSource
    /// `latency-guard_test` of `policies/tests/latency-guard_test.lua`.
    package var name: String { script.stem }
    /// What its `require` may find.
    package let modules: [String: ScriptSource]

    package init(script: ScriptSource, modules: [String: ScriptSource] = [:]) {
        self.script = script
        self.modules = modules
    }
}

/// Why a workspace did not load: every error of every file, sorted by file and line.
package struct WorkspaceErrors: Error, Hashable, Sendable, CustomStringConvertible {
    package let diagnostics: [Diagnostic]

    /// One line each.
    package var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
