/// Sums over single-precision series, for features that average a neighbourhood.
package enum Windows {
    /// Mean of `values[from...through]`, both held within the array; NaN of an empty array.
    ///
    /// O(window).
    package static func mean(_ values: UnsafeBufferPointer<Float>, from: Int, through: Int) -> Double {
        guard values.count > 0 else { return .nan }
        let first = Swift.min(Swift.max(from, 0), values.count - 1)
        let end = Swift.min(Swift.max(through, first), values.count - 1) + 1
        var lanes = SIMD8<Float>.zero
        var i = first
        let base = UnsafeRawPointer(values.baseAddress.unsafelyUnwrapped)
        while i + 8 <= end {
            lanes += base.loadUnaligned(fromByteOffset: i &* 4, as: SIMD8<Float>.self)
            i += 8
        }
        var sum = Double(lanes.sum())
        while i < end {
            sum += Double(values[i])
            i += 1
        }
        return sum / Double(end - first)
    }
}
