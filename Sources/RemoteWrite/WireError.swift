/// Why a remote-write body is refused: what was found, where, and which limit it passes.
package enum WireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What a limit counts.
    package enum Limit: String, Hashable, Sendable {
        case decompressedBytes = "decompressed bytes"
        case series = "series in a request"
        case samples = "samples in a request"
        case labels = "labels of a series"
        case labelName = "bytes of a label name"
        case labelValue = "bytes of a label value"
    }

    /// The body ends inside of what began before `at`.
    case truncated(at: Int)
    /// A number of more bytes or bits than its type has.
    case oversizedNumber(at: Int)
    /// A snappy copy reaches before the start of the output.
    case copyBeforeStart(at: Int)
    /// A snappy stream that produces more or less than it declares.
    case wrongLength(declared: Int, produced: Int)
    /// A protobuf field whose wire type is not the one that remote write gives it, or is none at all.
    case wireType(found: Int, field: Int, at: Int)
    /// The labels of a series are not in one run. Every encoder writes them in one; a server keys its series by that run.
    case scatteredLabels(at: Int)
    case emptyLabelName(at: Int)
    case labelTwice(name: String)
    case notUTF8(at: Int)
    case tooMuch(Limit, found: Int, limit: Int)

    package var description: String {
        switch self {
        case .truncated(let at):
            "The body ends too early: what begins before byte \(at) is incomplete."
        case .oversizedNumber(let at):
            "The number at byte \(at) is larger than its type allows."
        case .copyBeforeStart(let at):
            "The snappy copy at byte \(at) reaches before the start of the output."
        case .wrongLength(let declared, let produced):
            "The snappy stream declares \(declared) bytes and produces \(produced)."
        case .wireType(let found, let field, let at):
            "Field \(field) at byte \(at) has the wire type \(found), which remote write does not give it."
        case .scatteredLabels(let at):
            "The label at byte \(at) is apart from the other labels of its series; they have to be in one run."
        case .emptyLabelName(let at):
            "The label at byte \(at) has no name."
        case .labelTwice(let name):
            "The label “\(name)” occurs twice in one series."
        case .notUTF8(let at):
            "The label at byte \(at) is not UTF-8."
        case .tooMuch(let limit, let found, let most):
            "Too many \(limit.rawValue): \(found), at most \(most) are taken."
        }
    }
}
