import Crypto
import Domain
import Foundation
import StateStore

/// Links decisions: each link is the digest of the one before, the decision's number and what the decision says. So none can be changed,
/// left out or put elsewhere without every later link being another.
enum DecisionChain {
    /// The digest of all that is kept of a decision.
    static func content(of decision: StoredDecision) -> Data {
        var hash = SHA256()
        func add(_ bytes: some DataProtocol) {
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: bytes)
        }
        for text in [decision.fleet, decision.outcome, decision.reason, decision.inputDigest] { add(Data(text.utf8)) }
        for number in [decision.at.milliseconds, Int64(decision.current), Int64(decision.target)] {
            withUnsafeBytes(of: number.littleEndian) { hash.update(bufferPointer: $0) }
        }
        switch decision.trace {
        case .full(let data): add(data)
        case .digest: break
        }
        return Data(hash.finalize())
    }

    static func following(_ head: LogHead, content: Data) -> LogHead {
        var hash = SHA256()
        hash.update(data: head.head)
        withUnsafeBytes(of: (head.length + 1).littleEndian) { hash.update(bufferPointer: $0) }
        hash.update(data: content)
        return LogHead(fleet: head.fleet, length: head.length + 1, head: Data(hash.finalize()))
    }
}
