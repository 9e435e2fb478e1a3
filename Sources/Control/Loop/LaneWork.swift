import Decision
import Domain
import Drivers
import ScriptProtocol

/// What a fleet's evaluations hand on from one to the next. One evaluation at a time has it.
struct LaneWork: Sendable {
    var assembly: FleetAssembly
    var evaluator: FleetEvaluator

    // What is known of its resources
    var resources: [DescribedResource] = []
    var groups: [ResourceGroup] = []
    var watch = StartWatch()
    /// When the ready resources were last others than before.
    var readyChanged = Timestamp(milliseconds: .min)
    /// By resource: what it should be, as long as nothing changes.
    var wanted: [String: WantedConfiguration] = [:]
    /// By resource: the digest that was last applied, for drivers that cannot tell.
    var applied: [String: String] = [:]
    /// By resource: what it could not be made, how often in a row, and when that is tried again.
    var unconfigured: [String: (digest: String, failures: Int, next: Timestamp)] = [:]

    /// By resource: how often in a row the driver reported other files than those it had just been given, and when they are next given.
    var repairs: [String: (digest: String, count: Int, next: Timestamp)] = [:]

    // What is under way, and who else is at work
    var journal = Journal()
    var contests = ContestWatch()
    /// Said since the last decision, whose notes begin anew with it.
    var early: [String] = []
    var isDecided = false

    // What is learned, and what of it is stored
    var learned = LearnedFacts()
    var storedFacts = LearnedFacts()
    var storedStates: [String: ScriptValue] = [:]

    // The last evaluation
    var evaluated: Timestamp?
    /// What was last heard of the KPIs that the last evaluation looked at.
    var news: [FleetSeries.News] = []
    var decision: Decision?
    var traced: (at: Timestamp, outcome: Decision.Outcome, reason: String)?
    var demand = Reading.blind(status: "missing", last: nil)
    var demandAt: Timestamp?
    var blindness: String?
    var notes: [String] = []
    /// In a row: looks at the fleet, and plans that could not be carried out.
    var driverFailures = 0
    /// Why the last look at the fleet failed; nil where it did not.
    var failure: DriverError.Kind?
    var driver = DriverSight()
    var actionFailures = 0
    /// Looks in a row at which starts had ended before they were ready, and none had become it.
    var lostStarts = 0
    var lostStartAt: Timestamp?
    /// This look was one of them.
    var isLosingStarts = false

    /// Something that a person on call should know, before the decision as after it.
    mutating func say(_ note: String) {
        if isDecided { notes.append(note) } else { early.append(note) }
    }

    /// A decision has its own notes; what was said before it stays.
    mutating func begin(notes: [String]) {
        self.notes = notes + early
        early = []
        isDecided = true
    }

    mutating func beginPass() {
        isDecided = false
        isLosingStarts = false
    }

    /// Starts that are over: what is learned of them, and whether they come to anything.
    mutating func note(_ ended: [StartWatch.Ended], at now: Timestamp) {
        for start in ended {
            learned.startTimes[start.persona, default: StartTimes()].add(start.time, isCensored: start.isCensored)
        }
        guard !ended.isEmpty else { return }
        isLosingStarts = ended.allSatisfy(\.isCensored)
        let isInARow = lostStartAt.map { now - $0 <= Self.lossMemory } ?? false
        lostStarts = isLosingStarts ? (isInARow ? lostStarts : 0) + 1 : 0
        lostStartAt = isLosingStarts ? now : nil
    }

    /// A loss that is older says nothing of the next start.
    private static let lossMemory = TimeSpan.minutes(15)

    /// A program that ends as soon as it is started would else be started again with every reading that comes.
    func startNotes(at now: Timestamp) -> [String] {
        guard lostStarts > 0, let lostStartAt, now - lostStartAt <= Self.lossMemory else { return [] }
        let times = lostStarts == 1 ? "" : ", \(lostStarts) times in a row"
        return [
            "resources ended before they were ready\(times): others are started in their place later and later; the log may say why"
        ]
    }

    /// The time that the next start is likely to take, of the persona that new capacity takes first.
    func leadTime(at now: Timestamp) -> TimeSpan {
        guard let persona = assembly.personas.first else { return .seconds(90) }
        return (learned.startTimes[persona.name] ?? StartTimes())
            .leadTime(declared: persona.startup, waiting: watch.waiting(for: persona.name, at: now))
    }

    /// What a resource of a persona serves, as far as that has been learned.
    func capacity(of persona: Persona) -> Double {
        let declared = persona.capacity(for: assembly.fleet.demand) ?? 0
        return learned.served[persona.name]?.capacity(declared: declared) ?? declared
    }
}

/// What a resource should be: a persona and its files, by their digest.
struct WantedConfiguration: Sendable, Equatable {
    var persona: String
    var labels: [Setting]
    var digest: String
}
