/// Writes `timeline.csv`: `timestamp,ready,billed`, one row per step, in the trace's own timestamps.
///
/// Equal runs give equal bytes: integers only, `\n` after each row, the header first.
package struct TimelineWriter {
    private let file: OutputFile

    package init(path: String) throws(OutputError) {
        file = try OutputFile(path: path)
        try file.write("timestamp,ready,billed\n".utf8)
    }

    package mutating func append(label: String, ready: Int, billed: Int) throws(OutputError) {
        try file.write("\(label),\(ready),\(billed)\n".utf8)
    }

    package mutating func close() throws(OutputError) {
        try file.close()
    }
}
