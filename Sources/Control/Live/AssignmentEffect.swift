package import Domain

/// What an assignment or a release does, or would do, to one resource.
package struct AssignmentEffect: Sendable, Codable, Equatable {
    package var resource: String
    package var fleet: String
    package var personaBefore: String
    package var personaAfter: String
    package var until: Timestamp?
    /// Files that differ, as unified diffs, sorted by path.
    package var diffs: [FileDiff]

    package struct FileDiff: Sendable, Codable, Equatable {
        package var path: String
        package var diff: String

        package init(path: String, diff: String) {
            self.path = path
            self.diff = diff
        }
    }

    package init(
        resource: String,
        fleet: String,
        personaBefore: String,
        personaAfter: String,
        until: Timestamp?,
        diffs: [FileDiff]
    ) {
        self.resource = resource
        self.fleet = fleet
        self.personaBefore = personaBefore
        self.personaAfter = personaAfter
        self.until = until
        self.diffs = diffs
    }
}
