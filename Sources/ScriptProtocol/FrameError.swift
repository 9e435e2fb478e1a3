/// Why bytes are no frame, or a message cannot become one.
package struct FrameError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: UInt8, Hashable, Sendable {
        /// The frame ends before what it says it holds.
        case cutOff
        /// Bytes follow the message.
        case trailingBytes
        /// The other side speaks another version of the protocol.
        case version
        /// A kind, tag, flag or enumeration value that there is none of.
        case unknownValue
        case tooLarge
        case tooDeep
        case tooManyNodes
        /// A text that is not UTF-8.
        case notText
        /// NaN or an infinity outside of `.numbers`.
        case notFinite
        /// A number that its place does not allow.
        case outOfRange
        /// Keys that are not in strictly ascending order.
        case keyOrder
    }

    package let code: Code
    /// Where in the payload, in bytes.
    package let offset: Int

    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    package var description: String {
        let what =
            switch code {
            case .cutOff: "the frame is cut off"
            case .trailingBytes: "bytes follow the message"
            case .version: "the other side speaks another version of the protocol"
            case .unknownValue: "an unknown kind of value"
            case .tooLarge: "the message is too large for a frame"
            case .tooDeep: "lists and tables are nested too deep"
            case .tooManyNodes: "the message holds too many values"
            case .notText: "a text is not UTF-8"
            case .notFinite: "a number is NaN or infinite"
            case .outOfRange: "a number is out of range"
            case .keyOrder: "the keys of a table are not in order, or twice there"
            }
        return "\(what) (at byte \(offset))"
    }
}
