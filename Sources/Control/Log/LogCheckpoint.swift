import Crypto
import Domain
import Foundation
import StateStore

/// Seals and reads checkpoints: the heads of all fleets at one instant, each sealed over the one before.
struct LogCheckpoint {
    let key: LogKey

    func make(of heads: [LogHead], at now: Timestamp, after last: StoredCheckpoint?) throws -> StoredCheckpoint {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let bytes = try encoder.encode(heads)
        let digest = Data(SHA256.hash(data: bytes))
        let previous = last?.seal ?? Data()
        return StoredCheckpoint(
            at: now,
            heads: bytes,
            headsDigest: digest,
            previous: previous,
            seal: seal(at: now, digest: digest, previous: previous)
        )
    }

    private func seal(at now: Timestamp, digest: Data, previous: Data) -> Data {
        var mac = HMAC<SHA256>(key: SymmetricKey(data: key.bytes))
        mac.update(data: Data("checkpoint".utf8))
        withUnsafeBytes(of: now.milliseconds.littleEndian) { mac.update(data: Data($0)) }
        mac.update(data: digest)
        mac.update(data: previous)
        return Data(mac.finalize())
    }

    /// That retention may begin anew here.
    func base(of checkpoint: StoredCheckpoint) -> Data {
        var mac = HMAC<SHA256>(key: SymmetricKey(data: key.bytes))
        mac.update(data: Data("base".utf8))
        mac.update(data: checkpoint.seal)
        return Data(mac.finalize())
    }

    /// Nothing of it was changed by anyone who does not have the key.
    func isSound(_ checkpoint: StoredCheckpoint) -> Bool {
        if let heads = checkpoint.heads, Data(SHA256.hash(data: heads)) != checkpoint.headsDigest { return false }
        return checkpoint.seal == seal(at: checkpoint.at, digest: checkpoint.headsDigest, previous: checkpoint.previous)
    }

    /// Nil where they were not kept.
    func heads(of checkpoint: StoredCheckpoint) -> [LogHead]? {
        checkpoint.heads.flatMap { try? JSONDecoder().decode([LogHead].self, from: $0) }
    }
}
