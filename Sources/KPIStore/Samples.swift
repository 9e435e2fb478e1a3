package import Domain

/// One reading of a KPI.
///
/// Any `Double` is stored as its 64 bits: ±infinity, −0.0, every NaN with its payload. A NaN is a reading that says "there is no
/// value" (Prometheus marks the end of a series so, with `Sample.staleMarker`); windows treat it as a gap.
package struct Sample: Sendable {
    package var at: Timestamp
    package var value: Double

    package init(at: Timestamp, value: Double) {
        self.at = at
        self.value = value
    }

    /// The NaN with which Prometheus says that a series has ended.
    package static let staleMarker = Double(bitPattern: 0x7ff0_0000_0000_0002)

    /// True for exactly that NaN.
    package var isStale: Bool { value.bitPattern == Self.staleMarker.bitPattern }

    /// How old the reading is at `now`; never negative.
    package func age(at now: Timestamp) -> TimeSpan { max(.zero, now - at) }
}

/// Readings of one series as two columns of equal length, ascending in time, each instant once.
package struct Samples: Sendable {
    /// Milliseconds since 1970, UTC.
    package internal(set) var times: [Int64]
    package internal(set) var values: [Double]

    /// Two columns of equal length; the times ascend strictly.
    package init(times: [Int64] = [], values: [Double] = []) {
        assert(times.count == values.count)
        self.times = times
        self.values = values
    }

    package var count: Int { times.count }
    package var isEmpty: Bool { times.isEmpty }

    package subscript(index: Int) -> Sample {
        Sample(at: Timestamp(milliseconds: times[index]), value: values[index])
    }
}

/// What one `append` stores: readings of any number of series, in any order, as three columns.
///
/// Readings of one series that follow each other directly are stored in fewer bytes.
package struct SampleBatch: Sendable {
    private(set) var slots: [Int] = []
    private(set) var times: [Int64] = []
    private(set) var values: [Double] = []

    package init() {}

    package var count: Int { times.count }
    package var isEmpty: Bool { times.isEmpty }

    package mutating func reserveCapacity(_ count: Int) {
        slots.reserveCapacity(count)
        times.reserveCapacity(count)
        values.reserveCapacity(count)
    }

    /// One reading, its time in milliseconds since 1970, UTC.
    package mutating func append(_ series: SeriesID, at milliseconds: Int64, value: Double) {
        slots.append(series.slot)
        times.append(milliseconds)
        values.append(value)
    }

    package mutating func append(_ series: SeriesID, at time: Timestamp, value: Double) {
        append(series, at: time.milliseconds, value: value)
    }

    package mutating func removeAll() {
        slots.removeAll(keepingCapacity: true)
        times.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }
}
