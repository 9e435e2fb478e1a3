import Foundation
import TestSupport

extension TemporaryFolder {
    /// A new folder with copies of files as they are at this instant.
    func copyOfFiles(_ names: [String]) throws -> TemporaryFolder {
        let copy = try TemporaryFolder()
        for name in names where FileManager.default.fileExists(atPath: file(name)) {
            try FileManager.default.copyItem(atPath: file(name), toPath: copy.file(name))
        }
        return copy
    }
}
