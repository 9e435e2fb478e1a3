/// Finds the number that was given to a label block, by its bytes: what a receiver asks for each series of each request.
///
/// An open-addressing table over copies of the blocks in one array: a look-up hashes eight bytes at a time, allocates nothing, and makes no
/// string. The seed keeps a sender from choosing blocks that collide. Different blocks may carry the same labels (see `LabelBlock`), so what
/// a sender can add is bounded: `insert` refuses when `capacityBytes` is reached, and the receiver starts a new index.
package struct LabelBlockIndex {
    private struct Slot {
        /// Zero where the slot is free; a hash never is.
        var hash: UInt64 = 0
        var start = 0
        var count: Int32 = 0
        var number: Int32 = 0
    }

    package private(set) var count = 0
    private let seed: UInt64
    private let capacityBytes: Int
    private var slots: [Slot]
    private var stored: [UInt8] = []

    package init(seed: UInt64, capacityBytes: Int = 256 << 20) {
        self.seed = seed
        self.capacityBytes = capacityBytes
        slots = Array(repeating: Slot(), count: 1024)
    }

    /// The number that `insert` was given with these bytes.
    package func number(of block: LabelBlock) -> Int32? {
        let hash = hash(block.bytes)
        return slots.withUnsafeBufferPointer { slots in
            stored.withUnsafeBytes { stored in
                var at = Int(truncatingIfNeeded: hash) & (slots.count - 1)
                while slots[at].hash != 0 {
                    let slot = slots[at]
                    if slot.hash == hash, Self.equal(slot, stored, block.bytes) { return slot.number }
                    at = (at + 1) & (slots.count - 1)
                }
                return nil
            }
        }
    }

    /// Gives the block a number; the block must not be there yet. False, and nothing changes, where the index is full.
    package mutating func insert(_ block: LabelBlock, number: Int32) -> Bool {
        guard stored.count + block.bytes.count <= capacityBytes, block.bytes.count <= Int32.max else { return false }
        if count >= slots.count / 2 { grow() }
        let hash = hash(block.bytes)
        place(Slot(hash: hash, start: stored.count, count: Int32(block.bytes.count), number: number))
        stored.append(contentsOf: block.bytes)
        count += 1
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: old.count * 2)
        for slot in old where slot.hash != 0 { place(slot) }
    }

    private mutating func place(_ slot: Slot) {
        var at = Int(truncatingIfNeeded: slot.hash) & (slots.count - 1)
        while slots[at].hash != 0 { at = (at + 1) & (slots.count - 1) }
        slots[at] = slot
    }

    @inline(__always)
    private static func equal(_ slot: Slot, _ stored: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer) -> Bool {
        guard Int(slot.count) == bytes.count else { return false }
        var at = 0
        while at + 8 <= bytes.count {
            let left = stored.loadUnaligned(fromByteOffset: slot.start + at, as: UInt64.self)
            if left != bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) { return false }
            at += 8
        }
        while at < bytes.count {
            if stored[slot.start + at] != bytes[at] { return false }
            at += 1
        }
        return true
    }

    /// Sixteen bytes a step, each step a full multiplication folded (as in wyhash by Wang Yi): good enough for a table, far faster than SipHash.
    private func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var state = seed ^ 0xA076_1D64_78BD_642F
        var at = 0
        let count = bytes.count
        while at + 16 <= count {
            let first = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            let second = bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)
            state = Self.fold(first ^ 0xE703_7ED1_A0B4_28DB, second ^ state)
            at += 16
        }
        var first: UInt64 = 0
        var second: UInt64 = 0
        if at + 8 <= count {
            first = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            at += 8
        }
        while at < count {
            second = second << 8 | UInt64(bytes[at])
            at += 1
        }
        state = Self.fold(first ^ 0xE703_7ED1_A0B4_28DB, second ^ state)
        return max(1, Self.fold(state ^ 0x8EBC_6AF0_9C88_C6E3, UInt64(count) ^ seed))
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}
