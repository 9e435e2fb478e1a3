package import Domain

/// The fleets of a workspace, with what each takes its KPIs from.
package struct KPISources: Sendable, Equatable {
    /// Another one after each change of the workspace in force.
    package var version: Int64
    package var fleets: [Source]

    package struct Source: Sendable, Equatable {
        package var fleet: String
        package var mappings: [KPIMapping]

        package init(fleet: String, mappings: [KPIMapping]) {
            self.fleet = fleet
            self.mappings = mappings
        }
    }

    package init(version: Int64, fleets: [Source]) {
        self.version = version
        self.fleets = fleets
    }
}
