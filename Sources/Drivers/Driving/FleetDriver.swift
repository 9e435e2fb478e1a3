package import Domain

/// Observes and changes the resources of one fleet.
///
/// - Each call may take long and may fail; none may be assumed to have done nothing because it failed, timed out or was cancelled. The
///   truth is what `describe` answers next.
/// - A call that changes something carries a key. A driver that has seen the key does nothing a second time and answers as it did the
///   first; so a caller that does not know how a call ended simply makes it again.
/// - Calls of one fleet come one after the other, from any task; those of different fleets at the same time.
package protocol FleetDriver: Sendable {
    /// All resources of the fleet that are not gone, those that Troupe did not create included, sorted by id.
    func describe() async throws(DriverError) -> [DescribedResource]

    /// Asks for resources; they appear as `starting`.
    ///
    /// What cannot be had (quota, no room) is no error: the answer says how many, and why.
    func provision(_ request: ProvisionRequest) async throws(DriverError) -> ProvisionResult

    /// Takes resources out of service; those that are not there, or already leaving, are passed over.
    ///
    /// - Returns: the ids of those that leave.
    func retire(_ request: RetireRequest) async throws(DriverError) -> [String]

    /// Gives one resource a persona and its files, in place of those it had.
    func configure(_ request: ConfigureRequest) async throws(DriverError)

    /// Looks whether a plan could be carried out, and changes nothing.
    ///
    /// - Returns: what stands in its way, in words; empty where nothing is known to.
    func precheck(_ plan: PrecheckPlan) async throws(DriverError) -> [String]

    /// How it has fared; nil where nobody counts, as of what is built in.
    var health: DriverHealth? { get }

    /// Lets it be called again where it is kept from that, in quarantine or for a while: a person knows better.
    ///
    /// - Returns: whether it was.
    @discardableResult
    func lift() -> Bool
}

extension FleetDriver {
    package func precheck(_ plan: PrecheckPlan) async throws(DriverError) -> [String] { [] }
    package var health: DriverHealth? { nil }
    package func lift() -> Bool { false }
}

/// A resource as its driver sees it.
package struct DescribedResource: Hashable, Sendable {
    package var resource: Resource
    /// The key of the request that created it; nil where another created it.
    package var key: String?
    /// When it became ready, where the driver knows it better than by looking now and then.
    package var readyAt: Timestamp?
    /// Digest of the files it has (`ConfigDigest`); nil where the driver cannot tell.
    package var configuration: String?
    /// The driver says since when it is there; otherwise `resource.since` is when it was first seen, by this process.
    package var isSinceKnown: Bool

    package init(
        resource: Resource,
        key: String? = nil,
        readyAt: Timestamp? = nil,
        configuration: String? = nil,
        isSinceKnown: Bool = true
    ) {
        self.resource = resource
        self.key = key
        self.readyAt = readyAt
        self.configuration = configuration
        self.isSinceKnown = isSinceKnown
    }
}

/// So many more resources of a persona.
package struct ProvisionRequest: Hashable, Sendable {
    package var count: Int
    package var persona: Persona
    /// Files that are the same for every resource of the persona, sorted by path; each gets its own by `configure` once it has an id.
    package var files: [ConfigTemplate]
    package var key: String

    package init(count: Int, persona: Persona, files: [ConfigTemplate], key: String) {
        self.count = count
        self.persona = persona
        self.files = files
        self.key = key
    }
}

/// What a request for resources led to.
package struct ProvisionResult: Hashable, Sendable {
    package var ids: [String]
    /// How many could not be had, and why.
    package var refused: Int
    package var reason: String?

    package init(ids: [String], refused: Int = 0, reason: String? = nil) {
        self.ids = ids
        self.refused = refused
        self.reason = reason
    }
}

/// Resources that are to leave.
package struct RetireRequest: Hashable, Sendable {
    package var ids: [String]
    package var key: String

    package init(ids: [String], key: String) {
        self.ids = ids
        self.key = key
    }
}

/// What a resource is to be.
package struct ConfigureRequest: Hashable, Sendable {
    package var resource: String
    package var persona: Persona
    /// Rendered, sorted by path.
    package var files: [ConfigTemplate]
    package var key: String
    /// Digest of the files, for the driver to answer in `describe`; empty where none was made.
    package var digest: String

    package init(resource: String, persona: Persona, files: [ConfigTemplate], key: String, digest: String = "") {
        self.resource = resource
        self.persona = persona
        self.files = files
        self.key = key
        self.digest = digest
    }
}

/// What is about to be asked of a driver.
package struct PrecheckPlan: Hashable, Sendable {
    package struct Start: Hashable, Sendable {
        package var count: Int
        package var persona: Persona

        package init(count: Int, persona: Persona) {
            self.count = count
            self.persona = persona
        }
    }

    package var starts: [Start]
    /// Ids.
    package var retire: [String]

    package init(starts: [Start] = [], retire: [String] = []) {
        self.starts = starts
        self.retire = retire
    }
}
