import Glibc

/// One file of the spool, and what of it is not delivered yet.
struct SpoolSegment {
    let path: String
    var size: Int
    /// Where the first record begins that is not delivered.
    var start: Int
    var pendingRecords: Int
    var pendingSamples: Int

    init(path: String) {
        self.path = path
        size = 0
        start = 0
        pendingRecords = 0
        pendingSamples = 0
    }

    /// Reads through a file that another run left. `delivered` is the last record that the server took.
    ///
    /// The first record that is torn or damaged ends it: what lies behind is cut off and its size returned. A crash in the middle of a write
    /// leaves such a record at the end of the last file.
    static func recover(
        _ path: String,
        delivered: UInt64
    ) throws(SpoolError) -> (segment: SpoolSegment, lastSequence: UInt64, damaged: Int) {
        let file = try SpoolFile(path, flags: O_RDWR)
        let whole = try file.size()
        var segment = SpoolSegment(path: path)
        var last: UInt64 = 0
        while segment.size < whole,
            let record = try segment.record(at: segment.size, in: file), record.sequence > last
        {
            last = record.sequence
            segment.size += SpoolRecord.headBytes + record.body.count
            if record.sequence <= delivered {
                segment.start = segment.size
            } else {
                segment.pendingRecords += 1
                segment.pendingSamples += record.samples
            }
        }
        if segment.size < whole { try file.truncate(to: segment.size) }
        return (segment, last, whole - segment.size)
    }

    /// The record at `offset`, nil where there is no undamaged one.
    func record(at offset: Int, in file: borrowing SpoolFile) throws(SpoolError) -> SpoolRecord? {
        guard let head = SpoolRecord.Head(try file.read(SpoolRecord.headBytes, at: offset)),
            head.bodyBytes <= (try file.size()) - offset
        else { return nil }
        return SpoolRecord(encoded: try file.read(SpoolRecord.headBytes + head.bodyBytes, at: offset))
    }
}
