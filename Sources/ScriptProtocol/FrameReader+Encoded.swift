/// Values that are checked and left as they are.
extension FrameReader {
    /// A value that is not taken apart.
    mutating func encoded() throws(FrameError) -> EncodedValue {
        let start = offset
        let before = nodes
        let places = try places()
        let value = Array(UnsafeRawBufferPointer(rebasing: bytes[start..<offset]))
        return EncodedValue(checked: value[...], nodes: nodes - before, places: places)
    }

    /// Passes over a value, as particular as `value` is.
    mutating func pass(depth: Int = 0) throws(FrameError) {
        try node()
        try check(depth: depth)
        guard let tag = ValueTag(rawValue: try byte()) else { throw failure(.unknownValue) }
        switch tag {
        case .null, .no, .yes: break
        case .integer: _ = try integer()
        case .number: guard try raw(Double.self).isFinite else { throw failure(.notFinite) }
        case .string: try check(try take(try count()))
        case .list, .table: try passParts(of: tag, depth: depth) { _, _ in }
        case .numbers: _ = try samples()
        case .function: _ = try count()
        }
    }

    /// Passes over the fields of a table or the items of a list, which have no keys.
    ///
    /// - Parameter note: takes where each key and its value are.
    private mutating func passParts(
        of tag: ValueTag?,
        depth: Int,
        note: (_ key: Range<Int>?, _ value: Range<Int>) -> Void
    ) throws(FrameError) {
        let isTable = tag == .table
        var keys = KeyOrder()
        for _ in 0..<(try count(ofAtLeast: isTable ? MemoryLayout<UInt32>.size + 1 : 1)) {
            var key: Range<Int>?
            if isTable {
                let bytes = try keyBytes(&keys)
                try check(bytes)
                key = offset - bytes.count..<offset
            }
            let start = offset
            try pass(depth: depth + 1)
            note(key, start..<offset)
        }
    }

    /// Passes over a value, and notes where its fields or items are, counted from where it starts.
    mutating func places() throws(FrameError) -> [EncodedValue.Place] {
        let origin = offset
        let tag = origin < bytes.count ? ValueTag(rawValue: bytes[origin]) : nil
        guard tag == .table || tag == .list else {
            try pass()
            return []
        }
        try node()
        _ = try byte()
        var places: [EncodedValue.Place] = []
        places.reserveCapacity(16)
        try passParts(of: tag, depth: 0) { key, value in
            places.append(
                EncodedValue.Place(
                    key: key.map { $0.lowerBound - origin..<$0.upperBound - origin },
                    value: value.lowerBound - origin..<value.upperBound - origin
                )
            )
        }
        return places
    }
}
