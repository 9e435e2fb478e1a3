import Foundation
import Glibc

extension Process {
    /// Foundation copies a whole directory entry where the kernel wrote a short one: with some 1,360 descriptors open, its look through
    /// them reads beyond a buffer of 32 KiB, and crashes where nothing is mapped behind it. Buffers of that size are mapped by
    /// themselves from here on, which leaves most of a page behind each.
    private static let isSafe: Bool = {
        // Glibc's module leaves malloc.h out: M_MMAP_THRESHOLD is -3 there.
        typealias Mallopt = @convention(c) (CInt, CInt) -> CInt
        guard let mallopt = dlsym(nil, "mallopt") else { return false }
        return unsafeBitCast(mallopt, to: Mallopt.self)(-3, 32 << 10) == 1
    }()

    /// Runs it, in a process that may have many descriptors open: tests run all at once.
    package func start() throws {
        _ = Self.isSafe
        try run()
    }
}
