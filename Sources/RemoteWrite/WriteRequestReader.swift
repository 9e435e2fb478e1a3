/// Walks a `WriteRequest` of Prometheus remote write 1.0 where it lies, without an object for a series or a sample.
///
/// ```swift
/// var reader = WriteRequestReader(bytes, limits: limits)
/// while try reader.nextSeries() {
///     let series = known(reader.labels)
///     try reader.forEachSample { value, timestampMs in take(series, timestampMs, value) }
/// }
/// ```
/// What was handed out is well-formed; what lies behind it is not looked at yet. So an error may come after samples that were fine, and a
/// receiver that takes a request whole or not at all collects first and applies at the end.
///
/// Metadata, exemplars and native histograms are passed over and counted in `ignored`.
package struct WriteRequestReader {
    /// What a request carried that Troupe does not take.
    package struct Ignored: Hashable, Sendable {
        package var metadata = 0
        package var exemplars = 0
        package var histograms = 0

        package init(metadata: Int = 0, exemplars: Int = 0, histograms: Int = 0) {
            self.metadata = metadata
            self.exemplars = exemplars
            self.histograms = histograms
        }
    }

    /// The fields of `WriteRequest` and `TimeSeries` (prometheus/prompb `remote.proto`, `types.proto`).
    private enum Field {
        static let timeSeries = 1
        static let metadata = 3

        static let labels = 1
        static let samples = 2
        static let exemplars = 3
        static let histograms = 4
    }

    package let limits: WireLimits
    package private(set) var ignored = Ignored()
    package private(set) var seriesCount = 0
    package private(set) var sampleCount = 0

    private var body: ProtobufCursor
    /// The run of labels of the series that `nextSeries` found.
    private var labelRun = 0..<0
    /// The fields of that series that `forEachSample` has not walked yet.
    private var rest: ProtobufCursor

    /// `bytes` is the decompressed body. It must stay valid and unchanged as long as the reader and the blocks it hands out are in use.
    package init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits = WireLimits()) {
        self.limits = limits
        body = ProtobufCursor(bytes, 0..<bytes.count)
        rest = ProtobufCursor(bytes, 0..<0)
    }

    /// The labels of the series that `nextSeries` found.
    package var labels: LabelBlock {
        LabelBlock(bytes: UnsafeRawBufferPointer(rebasing: body.bytes[labelRun]), limits: limits)
    }

    /// Goes to the next series; false at the end of the request.
    package mutating func nextSeries() throws(WireError) -> Bool {
        while !body.isAtEnd {
            let start = body.at
            let (field, type) = try body.key()
            switch field {
            case Field.timeSeries:
                let content = try body.delimited(field: field, type: type, from: start)
                seriesCount += 1
                guard seriesCount <= limits.series else {
                    throw .tooMuch(.series, found: seriesCount, limit: limits.series)
                }
                try enter(content)
                return true
            case Field.metadata:
                _ = try body.delimited(field: field, type: type, from: start)
                ignored.metadata += 1
            default:
                try body.skip(field: field, type: type, from: start)
            }
        }
        return false
    }

    /// Finds the run of labels. Encoders write it first; protobuf allows it anywhere.
    private mutating func enter(_ content: Range<Int>) throws(WireError) {
        rest = ProtobufCursor(body.bytes, content)
        labelRun = content.lowerBound..<content.lowerBound
        var cursor = rest
        var count = 0
        while !cursor.isAtEnd {
            let start = cursor.at
            if cursor.passUsualLabel(limits) {
                count += 1
                guard count <= limits.labels else { throw .tooMuch(.labels, found: count, limit: limits.labels) }
                labelRun = (count == 1 ? start : labelRun.lowerBound)..<cursor.at
                continue
            }
            let (field, type) = try cursor.key()
            if field == Field.labels {
                let label = try cursor.delimited(field: field, type: type, from: start)
                _ = try LabelParts(cursor.bytes, label, limits)
                count += 1
                guard count <= limits.labels else { throw .tooMuch(.labels, found: count, limit: limits.labels) }
                labelRun = (count == 1 ? start : labelRun.lowerBound)..<cursor.at
            } else if count > 0 {
                break
            } else {
                try cursor.skip(field: field, type: type, from: start)
            }
        }
        if labelRun.lowerBound == content.lowerBound { rest.at = labelRun.upperBound }
    }

    /// Calls `body` for each sample of the series that `nextSeries` found, in the order of the request. A second call finds none.
    package mutating func forEachSample(
        _ body: (_ value: Double, _ timestampMs: Int64) -> Void
    ) throws(WireError) {
        var cursor = rest
        defer { rest = cursor }
        while !cursor.isAtEnd {
            if let sample = cursor.usualSample() {
                try count(1)
                body(sample.value, sample.timestampMs)
                continue
            }
            let start = cursor.at
            if start == labelRun.lowerBound, !labelRun.isEmpty {
                cursor.at = labelRun.upperBound
                continue
            }
            let (field, type) = try cursor.key()
            switch field {
            case Field.labels:
                throw .scatteredLabels(at: start)
            case Field.samples:
                let content = try cursor.delimited(field: field, type: type, from: start)
                let sample = try WireSample(cursor.bytes, content)
                try count(1)
                body(sample.value, sample.timestampMs)
            case Field.exemplars:
                _ = try cursor.delimited(field: field, type: type, from: start)
                ignored.exemplars += 1
            case Field.histograms:
                _ = try cursor.delimited(field: field, type: type, from: start)
                ignored.histograms += 1
            default:
                try cursor.skip(field: field, type: type, from: start)
            }
        }
    }

    @inline(__always)
    private mutating func count(_ samples: Int) throws(WireError) {
        sampleCount += samples
        guard sampleCount <= limits.samples else {
            throw .tooMuch(.samples, found: sampleCount, limit: limits.samples)
        }
    }
}
