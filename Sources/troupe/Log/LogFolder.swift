import Control
import Foundation
import StateStore

/// The log of decisions of a data folder, whether a server uses it or not.
struct LogFolder {
    let store: StateStore
    let log: DecisionLog

    /// - Throws: where there is no state database, or no key.
    init(_ data: String?) throws {
        let folder = DataFolder(data)
        guard FileManager.default.fileExists(atPath: folder.state) else {
            throw Failure(
                "\(folder.state): there is no log of decisions. Name the data folder of a server with --data."
            )
        }
        store = try StateStore(path: folder.state)
        log = DecisionLog(store, key: try LogKey(in: folder.path))
    }
}
