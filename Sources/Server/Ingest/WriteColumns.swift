import KPIStore
import RemoteWrite

/// The readings of one request as columns, series by their label bytes: valid as long as the bytes they were read from.
struct WriteColumns {
    private(set) var blocks: [LabelBlock] = []
    /// Readings of each series.
    private var counts: [Int] = []
    private var times: [Int64] = []
    private var values: [Double] = []
    /// Readings later than `until`, left out.
    private(set) var ahead = 0
    private(set) var ignored = 0

    var count: Int { times.count }

    init(_ bytes: UnsafeRawBufferPointer, limits: WireLimits, until: Int64) throws(WireError) {
        // A sample takes 16 bytes or more with its frame; labels mostly take more than samples.
        let expected = min(limits.samples, bytes.count / 32)
        times.reserveCapacity(expected)
        values.reserveCapacity(expected)
        var reader = WriteRequestReader(bytes, limits: limits)
        while try reader.nextSeries() {
            let start = times.count
            try reader.forEachSample { value, time in
                guard time <= until else {
                    ahead += 1
                    return
                }
                times.append(time)
                values.append(value)
            }
            guard times.count > start else { continue }
            blocks.append(reader.labels)
            counts.append(times.count - start)
        }
        ignored = reader.ignored.metadata + reader.ignored.exemplars + reader.ignored.histograms
    }

    func batch(_ ids: [SeriesID]) -> SampleBatch {
        var batch = SampleBatch()
        batch.reserveCapacity(times.count)
        var index = 0
        for (id, count) in zip(ids, counts) {
            for _ in 0..<count {
                batch.append(id, at: times[index], value: values[index])
                index += 1
            }
        }
        return batch
    }
}
