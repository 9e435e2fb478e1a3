import RemoteWrite

/// A series as a test compares it.
struct ReadSeries: Equatable {
    var labels: [WireLabel]
    var samples: [WireSample]
}

/// Everything that a request carries.
func readAll(
    _ bytes: [UInt8],
    limits: WireLimits = WireLimits()
) throws(WireError) -> (series: [ReadSeries], ignored: WriteRequestReader.Ignored) {
    let result = bytes.withUnsafeBytes { bytes in
        Result { () throws(WireError) in
            var reader = WriteRequestReader(bytes, limits: limits)
            var series: [ReadSeries] = []
            while try reader.nextSeries() {
                var samples: [WireSample] = []
                try reader.forEachSample { samples.append(WireSample(value: $0, timestampMs: $1)) }
                series.append(ReadSeries(labels: try reader.labels.decoded(), samples: samples))
            }
            return (series, reader.ignored)
        }
    }
    return try result.get()
}

func label(_ name: String, _ value: String) -> WireLabel {
    WireLabel(name: name, value: value)
}
