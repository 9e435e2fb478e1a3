import Domain

/// The series of an open store: key ↔ slot ↔ number in the database.
///
/// A slot is a dense index for this process: what is kept per series is an array over slots. Slots are not used twice, so that a
/// handle of a pruned series never means another one.
struct SeriesCatalog {
    /// nil where the series was pruned.
    private(set) var keys: [SeriesKey?] = []
    /// Numbers in the database, by slot.
    private(set) var rows: [Int64] = []
    /// Some slots mean nothing any more.
    private(set) var hasPruned = false
    private var slotByKey: [SeriesKey: Int] = [:]
    private var slotByRow: [Int64: Int] = [:]

    var count: Int { slotByKey.count }

    func slot(of key: SeriesKey) -> Int? { slotByKey[key] }
    func slot(ofRow row: Int64) -> Int? { slotByRow[row] }

    func holds(_ slot: Int) -> Bool { keys.indices.contains(slot) && keys[slot] != nil }

    mutating func insert(_ key: SeriesKey, row: Int64) {
        slotByKey[key] = keys.count
        slotByRow[row] = keys.count
        keys.append(key)
        rows.append(row)
    }

    mutating func remove(_ slots: [Int]) {
        guard !slots.isEmpty else { return }
        hasPruned = true
        for slot in slots {
            guard let key = keys[slot] else { continue }
            slotByKey[key] = nil
            slotByRow[rows[slot]] = nil
            keys[slot] = nil
        }
    }
}

extension SeriesKey {
    /// Bytes that a stored key may have.
    static let maximumBytes = 1 << 16

    /// Name, number of labels, then name and value of each: texts with their length before them.
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(string: name)
        bytes.append(varint: UInt64(labels.count))
        for label in labels {
            bytes.append(string: label.name)
            bytes.append(string: label.value)
        }
        return bytes
    }

    init(encoded bytes: UnsafeRawBufferPointer) throws(Malformed) {
        var reader = ByteReader(bytes)
        let name = try reader.string(atMost: Self.maximumBytes)
        var labels: [Setting] = []
        for _ in 0..<(try reader.count(atMost: bytes.count)) {
            let label = try reader.string(atMost: Self.maximumBytes)
            labels.append(Setting(name: label, value: try reader.string(atMost: Self.maximumBytes)))
        }
        guard reader.remaining == 0 else { throw Malformed("bytes after the last label of a series") }
        self.init(name, labels: labels)
    }
}
