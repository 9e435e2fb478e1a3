import Domain

/// Which fleets are to be evaluated when.
///
///     mark ──▶ due a gap after the last start ──┐
///     last evaluation + interval ──────────────┴──▶ take ──▶ running ──finish──▶ …
///
/// A look that found nothing new is no evaluation: marks that mean nothing to a fleet do not put off its interval.
/// A pure value; each operation costs O(log fleets).
struct Agenda: Sendable {
    private struct Entry {
        var interval: TimeSpan
        var lastStart: Timestamp?
        /// The start of the last look that led to a decision, or to a driver that failed.
        var lastEvaluation: Timestamp?
        /// Not before, whatever is marked: a driver that fails is not asked all the time.
        var notBefore: Timestamp?
        var isMarked = true
        var isRunning = false
        /// Somebody wants it looked at, whatever the look that is under way says of waiting.
        var isUrged = false
        var due: Timestamp
    }

    private let gap: TimeSpan
    private var entries: [String: Entry] = [:]
    private var queue = DueQueue()

    init(gap: TimeSpan) { self.gap = gap }

    var isIdle: Bool { !entries.values.contains { $0.isRunning } }

    /// Takes a fleet in, due at once; one that is there keeps its times.
    mutating func add(_ fleet: String, interval: TimeSpan, now: Timestamp) {
        let interval = max(interval, gap)
        if entries[fleet] == nil {
            entries[fleet] = Entry(interval: interval, due: now)
            queue.insert(fleet, due: now)
        } else {
            entries[fleet]?.interval = interval
            // What it was left alone for may be what has changed.
            urge(fleet, now: now)
        }
    }

    mutating func remove(_ fleet: String) { entries[fleet] = nil }

    /// Something new is known of a fleet. True where it is due earlier now.
    @discardableResult
    mutating func mark(_ fleet: String, now: Timestamp) -> Bool {
        guard var entry = entries[fleet], !entry.isMarked else { return false }
        entry.isMarked = true
        entries[fleet] = entry
        return schedule(fleet, now: now)
    }

    /// As `mark`, and the fleet is not left alone any longer. True where it is due earlier now.
    @discardableResult
    mutating func urge(_ fleet: String, now: Timestamp) -> Bool {
        guard var entry = entries[fleet] else { return false }
        entry.notBefore = entry.notBefore.map { min($0, now + gap) }
        entry.isMarked = true
        entry.isUrged = entry.isRunning
        entries[fleet] = entry
        return schedule(fleet, now: now)
    }

    /// A fleet that is to be looked at.
    struct Due: Equatable {
        var fleet: String
        /// Its interval is over, so it is decided whatever there is to see; else only if something is new.
        var isOver: Bool
    }

    /// The fleets that are due, in the order of their being so; they are running from now on.
    mutating func take(now: Timestamp) -> [Due] {
        var fleets: [Due] = []
        while let first = queue.first, first.due <= now {
            queue.removeFirst()
            // What was rescheduled stands in the queue twice.
            guard var entry = entries[first.fleet], !entry.isRunning, entry.due == first.due else { continue }
            entry.isRunning = true
            entry.isMarked = false
            entry.notBefore = nil
            entry.lastStart = now
            entries[first.fleet] = entry
            fleets.append(
                Due(fleet: first.fleet, isOver: entry.lastEvaluation.map { now >= $0 + entry.interval } ?? true)
            )
        }
        return fleets
    }

    /// A look at a fleet is over; it comes again no earlier than `notBefore`.
    mutating func finish(
        _ fleet: String,
        now: Timestamp,
        wasEvaluated: Bool = true,
        notBefore: Timestamp? = nil,
        again: Bool = false
    ) {
        guard var entry = entries[fleet] else { return }
        entry.isRunning = false
        entry.notBefore = entry.isUrged ? notBefore.map { min($0, now + gap) } : notBefore
        entry.isUrged = false
        if wasEvaluated { entry.lastEvaluation = entry.lastStart }
        if again { entry.isMarked = true }
        entries[fleet] = entry
        schedule(fleet, now: now)
    }

    /// When the next fleet is due; nil where none is, but for those that run.
    mutating func next() -> Timestamp? {
        while let first = queue.first {
            if let entry = entries[first.fleet], !entry.isRunning, entry.due == first.due { return first.due }
            queue.removeFirst()
        }
        return nil
    }

    @discardableResult
    private mutating func schedule(_ fleet: String, now: Timestamp) -> Bool {
        guard var entry = entries[fleet], !entry.isRunning else { return false }
        var due = now
        if let last = entry.lastStart {
            let over = entry.lastEvaluation.map { max($0 + entry.interval, last + gap) } ?? last + gap
            due = entry.isMarked ? last + gap : over
        }
        if let notBefore = entry.notBefore { due = max(due, notBefore) }
        entry.due = due
        entries[fleet] = entry
        queue.insert(fleet, due: due)
        return true
    }
}

/// A binary heap of fleets, the earliest first; of equal ones the name that comes first.
private struct DueQueue {
    struct Item {
        var fleet: String
        var due: Timestamp

        func isBefore(_ other: Item) -> Bool { (due, fleet) < (other.due, other.fleet) }
    }

    private var items: [Item] = []

    var first: Item? { items.first }

    mutating func insert(_ fleet: String, due: Timestamp) {
        items.append(Item(fleet: fleet, due: due))
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child].isBefore(items[parent]) else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        guard !items.isEmpty else { return }
        items.swapAt(0, items.count - 1)
        items.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < items.count && items[child].isBefore(items[least]) {
                least = child
            }
            guard least != parent else { return }
            items.swapAt(parent, least)
            parent = least
        }
    }
}
