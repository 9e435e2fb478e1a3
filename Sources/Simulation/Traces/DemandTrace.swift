package import Domain

/// Recorded or generated demand on a regular grid.
///
/// A step without a value is a gap, held as NaN. The trace keeps the text of its timestamps, so that what is written about it
/// names its steps as its owner does.
package struct DemandTrace: Sendable {
    /// The file's name, or the workload's.
    package let name: String
    package let start: Timestamp
    package let step: TimeSpan
    /// Demand of each step; NaN = gap.
    package let values: [Double]
    /// Text of all timestamps, one after the other; empty for generated traces, whose text is made when asked for.
    private let text: [UInt8]
    /// Where each one ends in `text`.
    private let ends: [Int]

    /// A generated trace; its timestamps read `2026-03-02T09:00:00`.
    package init(name: String, start: Timestamp, step: TimeSpan, values: [Double]) {
        self.init(name: name, start: start, step: step, values: values, text: [], ends: [])
    }

    init(name: String, start: Timestamp, step: TimeSpan, values: [Double], text: [UInt8], ends: [Int]) {
        self.name = name
        self.start = start
        self.step = TimeSpan(milliseconds: max(1, step.milliseconds))
        self.values = values
        self.text = text
        self.ends = ends
    }

    package var count: Int { values.count }

    /// Length, the last step included.
    package var span: TimeSpan { TimeSpan(milliseconds: step.milliseconds &* Int64(count)) }

    package func timestamp(at index: Int) -> Timestamp {
        start + TimeSpan(milliseconds: step.milliseconds &* Int64(index))
    }

    /// The timestamp of a step as the trace itself writes it.
    package func label(at index: Int) -> String {
        guard index < ends.count else { return TimeText.iso(timestamp(at: index)) }
        return String(decoding: text[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
    }

    /// The step that a text names: the trace's own timestamp, or any time that lies within a step; nil outside of the trace.
    package func index(matching text: String) -> Int? {
        guard let time = TimeText.parse(text), time >= start else { return nil }
        let index = (time - start).milliseconds / step.milliseconds
        return index < Int64(count) ? Int(index) : nil
    }
}
