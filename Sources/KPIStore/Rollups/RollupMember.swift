/// One series of a fleet's KPI, as it goes along: what its next sample needs to know.
struct RollupMember {
    let slot: Int
    /// nil: the fleet as a whole.
    let resource: String?

    /// Time and bits of the newest sample, be its value NaN.
    private(set) var heard = Int64.min
    private(set) var heardBits: UInt64 = 0
    /// Time of the newest that has a value.
    private(set) var valued = Int64.min
    /// What the next rate of a counter starts from; the time is `.min` where there is nothing.
    private var base: (time: Int64, value: Double) = (.min, 0)
    /// A late sample may have another word on `base`: the next rate must be made anew.
    private(set) var isBaseDoubtful = false

    /// The persona's track, and the time for which that is known.
    private(set) var track = -1
    private var trackFrom = Int64.max
    private var trackUntil = Int64.min

    /// The step that readings go to; `.min`: none.
    var step = Int64.min
    /// Of the readings of that step under the persona of the last of them.
    var sum = 0.0
    var count = 0
    /// Of its readings under other personas before.
    var parts: [Part] = []
    /// Steps up to here are in the tracks' totals.
    private(set) var closed = Int64.min

    struct Part {
        var track: Int
        var sum: Double
        var count: Int
    }

    init(slot: Int, resource: String?) {
        self.slot = slot
        self.resource = resource
    }

    var hasEnded: Bool { heardBits == Sample.staleMarker.bitPattern }

    /// True where the sample says nothing that is not known.
    @inline(__always)
    func knows(time: Int64, value: Double) -> Bool { time == heard && value.bitPattern == heardBits }

    /// Takes note of the newest sample.
    ///
    /// A gauge's reading is its value. A counter's is its increase per second since the value before; after a fall the counter began
    /// anew at 0, as Prometheus has it. There is none across a mark of the end or a longer silence than `longestSilence`.
    ///
    /// - Returns: the reading, NaN for none.
    @inline(__always)
    mutating func hear(time: Int64, value: Double, isCounter: Bool) -> Double {
        heard = time
        heardBits = value.bitPattern
        guard !value.isNaN else {
            if hasEnded { base.time = .min }
            return .nan
        }
        valued = time
        isBaseDoubtful = false
        guard isCounter else { return value }
        let before = base
        base = (time, value)
        guard before.time != .min, time - before.time <= RollupDefinition.longestSilence else { return .nan }
        let increase = value >= before.value ? value - before.value : value
        return increase * 1000 / Double(time - before.time)
    }

    /// Takes note of a sample that is not the newest.
    mutating func hearLate(time: Int64) {
        if time >= base.time { isBaseDoubtful = true }
    }

    // MARK: Persona

    @inline(__always)
    func knowsTrack(at time: Int64) -> Bool { trackFrom <= time && time < trackUntil }

    mutating func setTrack(_ new: Int, from: Int64, until: Int64) {
        if new != track, count > 0 {
            parts.append(Part(track: track, sum: sum, count: count))
            sum = 0
            count = 0
        }
        track = new
        trackFrom = from
        trackUntil = until
    }

    mutating func forgetTrack() {
        trackFrom = .max
        trackUntil = .min
    }

    // MARK: Steps

    /// What the readings of the open step add to the totals of each track: together their mean.
    var totals: [(track: Int, total: Double)] {
        let all = Double(parts.reduce(count) { $0 + $1.count })
        var totals: [(track: Int, total: Double)] = []
        for part in parts { totals.append((part.track, part.sum / all)) }
        if count > 0 { totals.append((track, sum / all)) }
        return totals
    }

    mutating func close() {
        closed = max(closed, step)
        step = .min
        sum = 0
        count = 0
        parts.removeAll(keepingCapacity: true)
    }

    /// Takes over what a rebuilding of steps has found for the same series; tracks are numbered otherwise there.
    mutating func adopt(_ other: RollupMember, tracks: [Int]) {
        step = other.step
        count = other.count
        sum = other.sum
        parts = other.parts.map { Part(track: tracks[$0.track], sum: $0.sum, count: $0.count) }
        // Of the readings of `sum` and `count`.
        let current = other.track < 0 ? -1 : tracks[other.track]
        if current != track {
            track = current
            forgetTrack()
        }
        guard other.heard >= heard else { return }
        heard = other.heard
        heardBits = other.heardBits
        if other.valued != .min { valued = other.valued }
        base = other.base
        isBaseDoubtful = false
    }
}
