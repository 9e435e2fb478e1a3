import Glibc

/// How the agent's memory is taken from the system. To be set before there are threads.
package enum Heap {
    // malloc.h of glibc, which Swift's module leaves out.
    private static let arenaMax: Int32 = -8
    private static let mmapThreshold: Int32 = -3
    private static let trimThreshold: Int32 = -1

    /// One arena for all threads, where glibc would give each its own: they hardly ever allocate at once. And what is large, such as an app's
    /// answer, is mapped by itself, so that it goes back to the system as soon as it is freed.
    package static func keepSmall() {
        // Another C library has no such thing, and then nothing happens.
        guard let symbol = dlsym(nil, "mallopt") else { return }
        let mallopt = unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
        _ = mallopt(arenaMax, 1)
        _ = mallopt(mmapThreshold, 64 << 10)
        _ = mallopt(trimThreshold, 64 << 10)
    }
}
