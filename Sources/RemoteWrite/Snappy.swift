/// The snappy block format, as remote write uses it (not the framed stream).
///
/// A block is the length of what was compressed, as a varint, and then elements. The low two bits of an element's first byte say which:
/// ```
/// 00 literal   length − 1 in the upper six bits; 60…63 there: in the 1…4 bytes that follow. Then the bytes
/// 01 copy      length − 4 in three bits, offset in 11: the upper three bits here, the lower eight in the next byte
/// 10 copy      length − 1 in six bits, offset in the 2 bytes that follow
/// 11 copy      the same with an offset of 4 bytes
/// ```
/// All numbers are little-endian. A copy repeats output from `offset` bytes back and may overlap what it writes.
package enum Snappy {
    /// The output of an element is written in steps of this many bytes; the last step may end beyond the element, never beyond this slack.
    static let slack = 16
}
