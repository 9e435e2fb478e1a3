import Domain

/// One KPI of one fleet: its series, and what was read of them per persona and step.
///
/// Samples of a series mostly come in the order of time, and are added as they come. Whatever does not (a late sample, a second one
/// of the same instant, one of a step that is on disk already, a persona that turns out to have been another) marks its step, and
/// `RollupEngine.maintain` makes that anew from the samples that the store has: the result is the same either way.
struct RollupGroup {
    let definition: RollupDefinition
    let step: Int64
    var members: [RollupMember] = []
    private(set) var memberOfSlot: [Int: Int] = [:]
    private(set) var membersOfResource: [String: [Int]] = [:]
    var tracks: [RollupTrack] = []
    private var trackOfPersona: [String?: Int] = [:]
    var marks = RollupMarks()
    /// Steps before it are on disk: they are not added to, but made anew.
    var firstOpenStep: Int64
    /// The first step that is made from samples as they come; what is older was there before anyone asked.
    let firstOwnStep: Int64
    /// Blocks from it on are in memory.
    var firstBlock: Int64
    /// The earliest step that was written to since a rebuilding last looked.
    var touched = Int64.max
    /// Newest samples of all series, and which of them have a value.
    private(set) var heard = Int64.min
    private(set) var valued = Int64.min
    /// How many samples were the newest of their series when they came.
    private(set) var news = 0

    init(_ definition: RollupDefinition, stored horizon: Int64) {
        self.definition = definition
        step = max(1, definition.step.milliseconds)
        (firstBlock, _) = RollupBlock.place(of: floorDivide(max(horizon, -Self.farthest), step))
        firstOpenStep = firstBlock * Int64(RollupBlock.length)
        firstOwnStep = firstOpenStep
    }

    /// Times beyond ±142,000 years are of no step: so no number here overflows.
    static func isReasonable(_ time: Int64) -> Bool { time > -farthest && time < farthest }
    private static let farthest: Int64 = 1 << 52

    mutating func member(slot: Int, key: SeriesKey) -> Int {
        if let known = memberOfSlot[slot] { return known }
        members.append(RollupMember(slot: slot, resource: key.label(definition.resourceLabel)))
        noteMember(members.count - 1)
        return members.count - 1
    }

    /// One that was put into `members` is found by its slot and its resource.
    mutating func noteMember(_ member: Int) {
        memberOfSlot[members[member].slot] = member
        if let resource = members[member].resource { membersOfResource[resource, default: []].append(member) }
    }

    mutating func track(of persona: String?) -> Int {
        if let known = trackOfPersona[persona] { return known }
        tracks.append(RollupTrack(persona: persona))
        trackOfPersona[persona] = tracks.count - 1
        return tracks.count - 1
    }

    // MARK: Adding

    /// One sample of a member. `latest`: samples after it wait, marked, until the clock is there.
    @inline(__always)
    mutating func add(
        time: Int64,
        value: Double,
        to member: Int,
        latest: Int64,
        personaOf: PersonaSpan.Source
    ) {
        guard time > members[member].heard else {
            if !members[member].knows(time: time, value: value) { addLate(time: time, to: member) }
            return
        }
        guard Self.isReasonable(time) else { return }
        let number = floorDivide(time, step)
        guard time <= latest else {
            mark(number...number)
            return
        }
        // Before `hear`, which settles the doubt for the samples to come.
        if definition.isCounter, members[member].isBaseDoubtful { mark(number...number) }
        let reading = members[member].hear(time: time, value: value, isCounter: definition.isCounter)
        heard = max(heard, time)
        news &+= 1
        if !value.isNaN { valued = max(valued, time) }
        if number < firstOpenStep || number <= members[member].closed {
            mark(number...number)
            return
        }
        guard !reading.isNaN else { return }
        if number != members[member].step {
            close(member)
            members[member].step = number
        }
        if !members[member].knowsTrack(at: time) { findTrack(member, at: time, personaOf) }
        members[member].sum += reading
        members[member].count += 1
        tracks[members[member].track].add(reading, step: number)
        touched = min(touched, number)
    }

    /// A sample that is not newer than the newest of its series.
    private mutating func addLate(time: Int64, to member: Int) {
        guard Self.isReasonable(time) else { return }
        // A counter's next reading was taken against another value.
        let end = max(time, min(time + definition.lookBack, members[member].heard))
        mark(floorDivide(time, step)...floorDivide(end, step))
        members[member].hearLate(time: time)
    }

    mutating func mark(_ steps: ClosedRange<Int64>) {
        marks.insert(steps)
        touched = min(touched, steps.lowerBound)
    }

    private mutating func findTrack(_ member: Int, at time: Int64, _ personaOf: PersonaSpan.Source) {
        guard let resource = members[member].resource else {
            members[member].setTrack(track(of: nil), from: .min, until: .max)
            return
        }
        let span = personaOf(definition.fleet, resource, Timestamp(milliseconds: time))
        // A span that does not hold the instant would be asked for again and again, but harms nothing else.
        members[member]
            .setTrack(
                track(of: span.persona),
                from: span.from.milliseconds,
                until: span.until.milliseconds
            )
    }

    /// Adds the means of the member's open step to the totals.
    mutating func close(_ member: Int) {
        let step = members[member].step
        guard step != .min else { return }
        if members[member].parts.isEmpty {
            // By far the most: one persona.
            let total = members[member].sum / Double(members[member].count)
            if members[member].count > 0 { tracks[members[member].track].add(total: total, step: step) }
        } else {
            for (track, total) in members[member].totals { tracks[track].add(total: total, step: step) }
        }
        members[member].close()
    }

    // MARK: Keeping

    /// Nothing is added to steps before `step` any more.
    mutating func closeSteps(before step: Int64) {
        guard step > firstOpenStep else { return }
        firstOpenStep = step
        for member in members.indices where members[member].step < step { close(member) }
        for track in tracks.indices { tracks[track].closeSketches(before: step) }
    }

    /// Forgets series that the store has forgotten; what was read of them stays in the steps.
    mutating func dropMembers(where isGone: (Int) -> Bool) {
        guard members.contains(where: { isGone($0.slot) }) else { return }
        for member in members.indices where isGone(members[member].slot) { close(member) }
        members.removeAll { isGone($0.slot) }
        (memberOfSlot, membersOfResource) = ([:], [:])
        for member in members.indices { noteMember(member) }
    }

    mutating func forgetPersonas(of resource: String) {
        for member in membersOfResource[resource] ?? [] { members[member].forgetTrack() }
    }
}
