import Decision
import Domain
import Drivers
import Forecasting
import Scripting
import StateStore
import Synchronization

/// One fleet in the loop: its evaluations, one after the other, and what is kept between them.
///
/// A lane waits for its own driver only. What others leave for it (a new workspace, a trained forecast) it takes up when its next
/// evaluation begins; what others may know of it is a view that each evaluation renews.
final class FleetLane: Sendable {
    /// What may be read and left from outside, at any time.
    struct Desk {
        var view: FleetView
        /// From a workspace that has come into force since.
        var next: FleetAssembly?
        var trained: FleetForecaster?
        var isTraining = false
        /// What is to be trained; taken by whoever does it.
        var toTrain: TrainingJob?
        /// Something changed that no reading tells of: an assignment, or work that was left over.
        var isNudged = false
        /// A driver call that is being waited for.
        var calledDriver: Timestamp?
        /// Actions that a person has decided on.
        var approved: [StoredAction] = []
        /// A person has said that others may have changed the fleet.
        var forgivesContests = false
    }

    let name: String
    let parts: ControlParts
    let services: LoopServices
    let desk: Mutex<Desk>
    /// Nil while an evaluation has it.
    private let work: Mutex<LaneWork?>

    init(_ assembly: FleetAssembly, memory: LaneMemory, parts: ControlParts, services: LoopServices, now: Timestamp) {
        name = assembly.fleet.name
        self.parts = parts
        self.services = services
        // Two hours of readings are in memory: enough to begin with, until the model is trained on all there are.
        let forecaster = FleetForecaster.make(
            for: assembly,
            from: now - .hours(2),
            leadTime: memory.leadTime(of: assembly),
            now: now
        )
        var work = LaneWork(
            assembly: assembly,
            evaluator: .make(
                for: assembly,
                forecaster: forecaster,
                states: memory.states,
                past: memory.facts.past,
                parts: parts
            ),
            learned: memory.facts,
            storedFacts: memory.facts,
            storedStates: memory.states,
            evaluated: memory.lastDecided
        )
        work.journal = Journal(memory.open)
        let job = TrainingJob.history(
            assembly,
            leadTime: memory.leadTime(of: assembly),
            recalls: memory.lastDecided == nil
        )
        desk = Mutex(Desk(view: FleetView(assembly: assembly), toTrain: job))
        self.work = Mutex(work)
    }

    var view: FleetView { desk.withLock { $0.view } }

    /// For how long its driver has been silent, where that is too long.
    func driverSilence(at now: Timestamp) -> TimeSpan? {
        guard let called = desk.withLock({ $0.calledDriver }) else { return nil }
        let silence = now - called
        return silence > parts.settings.driverPatience ? silence : nil
    }

    /// The assembly that holds from the next evaluation on.
    var assembly: FleetAssembly { desk.withLock { $0.next ?? $0.view.assembly } }

    func leave(_ assembly: FleetAssembly) {
        desk.withLock { $0.next = assembly }
    }

    /// The next evaluation has a reason to be one, whatever the readings say.
    func nudge() {
        desk.withLock { $0.isNudged = true }
    }

    func leave(approved action: StoredAction) {
        desk.withLock { $0.approved.append(action) }
    }

    func forgiveContests() {
        desk.withLock { $0.forgivesContests = true }
    }

    /// Nil while nothing is known, or an evaluation has the model.
    func forecast(through ahead: TimeSpan) -> DemandForecast? {
        let forecaster = work.withLock { $0?.evaluator.forecaster }
        guard let forecast = forecaster?.forecast(through: ahead), !forecast.isEmpty else { return nil }
        return forecast
    }

    // MARK: One evaluation

    /// How an evaluation wants to be followed.
    struct Ending: Sendable {
        /// False where there was nothing new to decide on.
        var wasEvaluated = true
        var notBefore: Timestamp?
        /// Something was left for the next one, which should not wait for its interval.
        var again = false
    }

    /// Observes, forecasts, decides, records, acts; or finds that there is nothing new.
    ///
    /// - Parameter isOver: it is to be decided even if nothing is new.
    func pass(isOver: Bool) async -> Ending {
        guard var work = work.withLock({ $0.take() }) else { return Ending(wasEvaluated: false) }
        let ending = await pass(&work, isOver: isOver)
        self.work.withLock { $0 = work }
        return ending
    }

    private func pass(_ work: inout LaneWork, isOver: Bool) async -> Ending {
        let isNew = takeUp(&work)
        guard isNew || isOver || hasNews(work) else { return Ending(wasEvaluated: false) }
        work.beginPass()
        do throws(DriverError) {
            try await observe(&work)
        } catch {
            return driverFailed(error, &work)
        }
        let resumed = await resume(&work)
        let now = max(parts.clock.now, (work.evaluated ?? Timestamp(milliseconds: .min)) + TimeSpan(milliseconds: 1))
        forecast(&work, at: now)
        let before = work.evaluator
        let record = await services.gate.pass { await self.evaluate(&work, at: now) }
        guard await store(record, &work) else {
            // It was never decided: rails and policies must not remember it.
            work.evaluator.undo(to: before)
            show(work)
            return Ending()
        }
        var ending = await act(on: record.decision, after: resumed, &work)
        if ending.again { nudge() }
        // However long the driver took before it, two decisions are never closer.
        ending.notBefore = max(ending.notBefore ?? now, now + parts.settings.gap)
        show(work)
        return ending
    }

    /// Takes up what was left on the desk; true where that is a reason to evaluate.
    private func takeUp(_ work: inout LaneWork) -> Bool {
        let (next, trained, isNudged) = desk.withLock { desk in
            defer {
                (desk.next, desk.trained, desk.isNudged) = (nil, nil, false)
                (desk.approved, desk.forgivesContests) = ([], false)
            }
            for action in desk.approved { work.journal.restore(action) }
            if desk.forgivesContests { work.learned.contests = [] }
            return (desk.next, desk.trained, desk.isNudged)
        }
        if let next {
            let keeps = next.measuresLike(work.assembly)
            let lead = work.leadTime(at: parts.clock.now)
            let forecaster =
                keeps
                ? work.evaluator.forecaster
                : .make(for: next, from: parts.clock.now - .hours(2), leadTime: lead, now: parts.clock.now)
            let states = Dictionary(work.assembly.policies.map { ($0.name, work.evaluator.state(of: $0.name)) }) {
                a,
                _ in a
            }
            work.evaluator = .make(
                for: next,
                forecaster: forecaster,
                states: states,
                past: work.evaluator.past,
                parts: parts
            )
            work.assembly = next
            work.wanted = [:]
            if !keeps { desk.withLock { $0.toTrain = .history(next, leadTime: lead, recalls: true) } }
        }
        if let trained, trained.step == work.assembly.fleet.grid { work.evaluator.forecaster = trained }
        return next != nil || isNudged
    }

    /// Something that it looks at is new.
    private func hasNews(_ work: LaneWork) -> Bool {
        work.decision == nil || work.news != work.assembly.series.news(of: work.news.map(\.kpi))
    }
}
