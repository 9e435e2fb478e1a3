import Glibc
import Synchronization

/// The batches that wait for the server: a bounded ring on disk.
///
/// ```
/// DIR/lock                      held while an agent uses the folder
/// DIR/delivered                 sequence number of the last record that the server took, and its CRC-32
/// DIR/0000000000000001.spool    records in order; named by the sequence number of the first
/// ```
/// Every batch goes through it, so that what was collected survives `kill -9` and is sent in order. A write to a file is in the kernel's hands when
/// it returns, so nothing is flushed for that; `synchronize` flushes before an orderly end. After a power failure the newest records may
/// be lost; checksums keep a torn one from being sent.
///
/// When the ring is full its oldest file goes, an eighth of the whole, and what it held undelivered is counted as dropped. What a server took just before
/// a crash may be sent again: the acknowledgement is written after the answer. Troupe, like Prometheus, takes a sample twice without harm.
package final class Spool: Sendable {
    /// What the spool has to say about itself.
    package struct Statistics: Hashable, Sendable {
        package var pendingRecords = 0
        package var pendingSamples = 0
        package var bytes = 0
        /// Since this run began.
        package var droppedSamples = 0
        /// Bytes that an earlier run left and that are no undamaged records.
        package var damagedBytes = 0
    }

    private let storage: Mutex<SpoolStorage>

    /// Takes the folder into use, creating it where needed.
    package init(directory: String, limitBytes: Int) throws(SpoolError) {
        storage = Mutex(try SpoolStorage(directory: directory, limitBytes: limitBytes))
    }

    /// Puts a batch behind all others. Where that fails, the batch is counted as dropped.
    package func append(_ body: [UInt8], samples: Int) throws(SpoolError) {
        try storage.withLock { storage throws(SpoolError) in try storage.append(body, samples: samples) }
    }

    /// The oldest batch that is not acknowledged.
    package func first() throws(SpoolError) -> SpoolRecord? {
        try storage.withLock { storage throws(SpoolError) in try storage.first() }
    }

    /// The batch will not be offered again. Nothing happens where the ring dropped it meanwhile.
    package func acknowledge(_ record: SpoolRecord) throws(SpoolError) {
        try storage.withLock { storage throws(SpoolError) in try storage.acknowledge(record) }
    }

    package func synchronize() throws(SpoolError) {
        try storage.withLock { storage throws(SpoolError) in try storage.synchronize() }
    }

    package var statistics: Statistics {
        storage.withLock { $0.statistics }
    }
}
