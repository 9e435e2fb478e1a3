import Decision
package import Domain

/// Writes `decisions.jsonl`: one record a line, `{"at":ms,"time":"…","record":{…}}`, in the order of time.
///
/// `at` comes first and is a plain integer, so that a reader finds a time in the file without decoding anything.
package final class DecisionLogWriter {
    private let file: OutputFile

    package init(path: String) throws(OutputError) {
        file = try OutputFile(path: path)
    }

    /// - Parameters:
    ///   - record: what was decided and all it was decided from.
    ///   - time: not before that of the record before.
    ///   - label: the time as the trace writes it.
    /// - Throws: `OutputError` where the file cannot be written.
    package func append(_ record: some Encodable, at time: Timestamp, label: String) throws {
        try file.write("{\"at\":\(time.milliseconds),\"time\":".utf8)
        try file.write(try JSONLineEncoder.encode(label))
        try file.write(",\"record\":".utf8)
        try file.write(try JSONLineEncoder.encode(record))
        try file.write("}\n".utf8)
    }

    package func close() throws(OutputError) {
        try file.close()
    }
}
