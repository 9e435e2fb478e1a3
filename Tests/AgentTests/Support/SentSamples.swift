import RemoteWrite

/// A sample as it came out of a request's body.
struct SentSample: Hashable {
    var labels: [String]
    var value: Double
    var timestampMs: Int64
}

/// The samples in the body of a remote-write request.
func samples(in body: [UInt8]) throws -> [SentSample] {
    let plain = try Snappy.decode(body, limit: 1 << 24)
    return try plain.withUnsafeBytes { bytes in
        var reader = WriteRequestReader(bytes)
        var found: [SentSample] = []
        while try reader.nextSeries() {
            let labels = try reader.labels.decoded().map { "\($0.name)=\($0.value)" }
            try reader.forEachSample { found.append(SentSample(labels: labels, value: $0, timestampMs: $1)) }
        }
        return found
    }
}
