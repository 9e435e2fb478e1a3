import Glibc

/// The files behind `Spool`, used by one thread at a time.
struct SpoolStorage: ~Copyable {
    private let directory: String
    private let limitBytes: Int
    private let segmentBytes: Int
    private let lockFile: SpoolFile
    private let deliveredFile: SpoolFile
    /// Oldest first. The last one is written to; only the first is read.
    private var segments: [SpoolSegment]
    private var lastSequence: UInt64
    private var droppedSamples = 0
    private var damagedBytes: Int

    /// One record must fit a segment, and eight segments the ring.
    static let leastLimit = 64 << 10

    init(directory: String, limitBytes: Int) throws(SpoolError) {
        let limitBytes = max(limitBytes, Self.leastLimit)
        let segmentBytes = limitBytes / 8
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else { throw .system(directory, "create the folder") }
        let lockFile = try SpoolFile(directory + "/lock", flags: O_RDWR | O_CREAT)
        guard lockFile.lock() else {
            throw SpoolError(
                path: directory,
                message: "another troupe-agent uses this folder; give each agent its own by --spool"
            )
        }
        let deliveredFile = try SpoolFile(directory + "/delivered", flags: O_RDWR | O_CREAT)
        let delivered = try Self.deliveredSequence(deliveredFile)
        var segments: [SpoolSegment] = []
        var lastSequence = delivered
        var damagedBytes = 0
        for name in try Self.segmentNames(in: directory) {
            let path = "\(directory)/\(name)"
            let found = try SpoolSegment.recover(path, delivered: delivered)
            damagedBytes += found.damaged
            lastSequence = max(lastSequence, found.lastSequence)
            if found.segment.pendingRecords > 0 { segments.append(found.segment) } else { unlink(path) }
        }
        self.directory = directory
        self.limitBytes = limitBytes
        self.segmentBytes = segmentBytes
        self.lockFile = lockFile
        self.deliveredFile = deliveredFile
        self.segments = segments
        self.lastSequence = lastSequence
        self.damagedBytes = damagedBytes
    }

    var statistics: Spool.Statistics {
        var sum = Spool.Statistics()
        for segment in segments {
            sum.pendingRecords += segment.pendingRecords
            sum.pendingSamples += segment.pendingSamples
            sum.bytes += segment.size
        }
        sum.droppedSamples = droppedSamples
        sum.damagedBytes = damagedBytes
        return sum
    }

    mutating func append(_ body: [UInt8], samples: Int) throws(SpoolError) {
        let bytes = SpoolRecord(sequence: lastSequence + 1, samples: samples, body: body).encoded
        guard bytes.count <= segmentBytes else {
            droppedSamples += samples
            throw SpoolError(
                path: directory,
                message:
                    "a batch of \(bytes.count) bytes is larger than an eighth of the spool; set a larger --spool-size"
            )
        }
        if segments.last.map({ $0.size + bytes.count > segmentBytes }) ?? true {
            segments.append(SpoolSegment(path: directory + "/" + Self.name(lastSequence + 1)))
        }
        while segments.reduce(bytes.count, { $0 + $1.size }) > limitBytes, segments.count > 1 { dropOldest() }
        while true {
            do throws(SpoolError) {
                try write(bytes, samples: samples)
                return
            } catch {
                // On a full disk what is oldest makes room for what is newest, as far as there is any. No other trouble goes away by that.
                guard error.isFull, segments.count > 1 else {
                    droppedSamples += samples
                    throw error
                }
                dropOldest()
            }
        }
    }

    private mutating func write(_ bytes: [UInt8], samples: Int) throws(SpoolError) {
        let last = segments.count - 1
        let file = try SpoolFile(segments[last].path, flags: O_WRONLY | O_CREAT)
        try file.write(bytes, at: segments[last].size)
        segments[last].size += bytes.count
        segments[last].pendingRecords += 1
        segments[last].pendingSamples += samples
        lastSequence += 1
    }

    private mutating func dropOldest() {
        let oldest = segments.removeFirst()
        droppedSamples += oldest.pendingSamples
        unlink(oldest.path)
    }

    mutating func first() throws(SpoolError) -> SpoolRecord? {
        while let segment = segments.first {
            if segment.pendingRecords > 0 {
                if let record = try Self.oldest(of: segment) { return record }
                // It was whole when it was written or recovered: the disk has lost it, and nothing behind it can be found.
                damagedBytes += segment.size - segment.start
                dropOldest()
            } else {
                guard segments.count > 1 else { return nil }
                dropOldest()
            }
        }
        return nil
    }

    /// Nil where it is lost: damaged, unreadable, or its file is gone.
    private static func oldest(of segment: SpoolSegment) throws(SpoolError) -> SpoolRecord? {
        do throws(SpoolError) {
            return try segment.record(at: segment.start, in: SpoolFile(segment.path, flags: O_RDONLY))
        } catch {
            guard error.code == ENOENT || error.code == EIO else { throw error }
            return nil
        }
    }

    mutating func acknowledge(_ record: SpoolRecord) throws(SpoolError) {
        guard let head = segments.first, head.pendingRecords > 0 else { return }
        let file = try SpoolFile(head.path, flags: O_RDONLY)
        guard let oldest = SpoolRecord.Head(try file.read(SpoolRecord.headBytes, at: head.start)),
            oldest.sequence == record.sequence
        else { return }
        segments[0].start += SpoolRecord.headBytes + record.body.count
        segments[0].pendingRecords -= 1
        segments[0].pendingSamples -= record.samples
        var bytes: [UInt8] = []
        SpoolRecord.append(record.sequence, 8, to: &bytes)
        SpoolRecord.append(UInt64(CRC32.checksum(bytes)), 4, to: &bytes)
        try deliveredFile.write(bytes, at: 0)
        // A file that is read to its end goes; the one that is written to goes when it is worth it.
        let isLast = segments.count == 1
        if segments[0].pendingRecords == 0, !isLast || segments[0].size > min(64 << 10, segmentBytes / 2) {
            dropOldest()
        }
    }

    func synchronize() throws(SpoolError) {
        for segment in segments where segment.pendingRecords > 0 {
            try SpoolFile(segment.path, flags: O_RDONLY).synchronize()
        }
        try deliveredFile.synchronize()
    }

    /// Zero where nothing was delivered or the file is damaged: then what is there is sent again.
    private static func deliveredSequence(_ file: borrowing SpoolFile) throws(SpoolError) -> UInt64 {
        let bytes = try file.read(12, at: 0)
        guard bytes.count == 12, UInt64(CRC32.checksum(bytes[..<8])) == SpoolRecord.number(bytes, 8, 4) else {
            return 0
        }
        return SpoolRecord.number(bytes, 0, 8)
    }

    private static func name(_ sequence: UInt64) -> String {
        let digits = String(sequence, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits + ".spool"
    }

    private static func segmentNames(in directory: String) throws(SpoolError) -> [String] {
        guard let folder = opendir(directory) else { throw .system(directory, "list the folder") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.utf8.count == 22, name.hasSuffix(".spool") { names.append(name) }
        }
        return names.sorted()
    }
}
