import Foundation
import GRDB
import SQLiteFile

/// Waits for the disk after a commit, outside SQLite.
///
/// With `synchronous = FULL` SQLite itself waits, inside the commit, and nobody else can write meanwhile: two clients that each wait
/// for their answer would take turns and never share a wait. With `NORMAL` a commit leaves its frames with the system: a killed
/// process loses nothing, a power cut might. `fdatasync` on the write-ahead log closes that gap. Waits may overlap, and one wait
/// does for every commit before it.
///
/// What it stands on (SQLite's documentation and `wal.c`): frames are written once, in order, each checked by a sum over all before;
/// with `NORMAL` SQLite still waits for the log before a checkpoint moves it, for the database after that, and for the log's header
/// when it begins anew. So a commit is at any instant in the log, where the wait finds it, or durable in the database.
///
/// After a wait that failed nobody knows what is on the disk (Linux may forget the failed pages): then all later waits fail too,
/// until the store is opened again and reads what is there.
///
/// `@unchecked Sendable`: `state` is touched only while `condition` is locked.
final class Durability: @unchecked Sendable {
    private struct State {
        /// Commits so far.
        var committed = 0
        /// Commits that are on the disk.
        var durable = 0
        /// What the running waits will have made durable.
        var underway: [Int] = []
        var failure: Int32?
    }

    private var state = State()
    private let condition = NSCondition()
    private let descriptor: Int32
    private let name: String

    /// Waits that may overlap: one more than one, so that none waits for the end of a wait that cannot help it.
    private static let overlap = 2

    /// `path` of the database as SQLite names it, links resolved; it is in WAL mode and has been written to.
    init(database path: String, name: String) throws(KPIStoreError) {
        self.name = name
        // Not the database itself: closing that would release SQLite's locks. The log has none, and stays the same file while we
        // have the database open.
        descriptor = (path + "-wal").withCString { Foundation.open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            throw KPIStoreError(
                .cannotOpen,
                "its write-ahead log cannot be opened (\(String(cString: strerror(errno))))",
                at: name,
                advice: "Check that Troupe's user may read \(path)-wal."
            )
        }
    }

    /// Of a database that has just been opened; what its opening wrote is durable then.
    convenience init(of file: DatabaseFile, at path: String) throws(KPIStoreError) {
        let full: String?
        do {
            full = try file.writer.read { db in
                try String.fetchOne(db, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'")
            }
        } catch {
            throw KPIStoreError(error, at: path)
        }
        try self.init(database: full ?? path, name: path)
        try wait(for: noteCommit())
    }

    deinit {
        close(descriptor)
    }

    /// Notes that a commit has been made.
    ///
    /// Call it on the writer.
    /// - Returns: what to wait for.
    func noteCommit() -> Int {
        condition.withLock {
            state.committed += 1
            return state.committed
        }
    }

    /// Returns when the disk has the commit.
    func wait(for commit: Int) throws(KPIStoreError) {
        condition.lock()
        defer { condition.unlock() }
        while state.durable < commit {
            if let failure = state.failure { throw failed(failure) }
            guard state.underway.count < Self.overlap, !state.underway.contains(where: { $0 >= commit }) else {
                condition.wait()
                continue
            }
            let reached = state.committed
            state.underway.append(reached)
            condition.unlock()
            let code = synchronize()
            condition.lock()
            if let place = state.underway.firstIndex(of: reached) { state.underway.remove(at: place) }
            if code == 0 { state.durable = max(state.durable, reached) } else { state.failure = code }
            condition.broadcast()
        }
    }

    /// 0, or what the system said.
    private func synchronize() -> Int32 {
        while fdatasync(descriptor) != 0 {
            let code = errno
            if code != EINTR { return code }
        }
        return 0
    }

    private func failed(_ code: Int32) -> KPIStoreError {
        KPIStoreError(
            .io,
            "the disk did not take what was written (\(String(cString: strerror(code))))",
            at: name,
            advice: "Check the disk, then start Troupe again: nothing more is acknowledged until then."
        )
    }
}
