import Foundation
import Glibc

extension Process {
    /// Runs it once this process has few enough descriptors open, as tests end that hold some; at the latest after half a minute. Blocks: not
    /// for the threads of the tasks.
    ///
    /// Foundation looks through them, and copies a whole directory entry where the kernel wrote a short one: from some 1,360 on it reads
    /// beyond its buffer, and may crash. Tests run all at once.
    package func startPatiently() throws {
        for _ in 0..<600 where Self.descriptors > 1200 { usleep(50_000) }
        try run()
    }

    package func start() throws { try run() }

    private static var descriptors: Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }
}
