import Foundation

/// What a workspace's folder looks like from outside: its scripts, by size and time of change. Two that are equal hold the same texts,
/// as far as can be told without reading them.
struct WorkspaceListing: Equatable, Sendable {
    private struct File: Equatable, Sendable {
        var path: String
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    private let files: [File]

    init(folder: URL) {
        files = WorkspaceSnapshot.paths(in: folder)
            .map { path in
                var facts = stat()
                // Follows links, as reading does. What cannot be looked at is there, and that is all there is to say.
                guard stat(folder.appending(path: path).path, &facts) == 0 else {
                    return File(path: path, inode: 0, size: -1, seconds: 0, nanoseconds: 0)
                }
                return File(
                    path: path,
                    inode: UInt64(facts.st_ino),
                    size: Int64(facts.st_size),
                    seconds: facts.st_mtim.tv_sec,
                    nanoseconds: facts.st_mtim.tv_nsec
                )
            }
    }
}
