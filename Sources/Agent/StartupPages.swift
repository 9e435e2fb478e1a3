import Glibc

/// Lets go of the program text that only the start needed.
///
/// Most of an agent's resident memory is text: a runtime, TLS and NIO start up all over it, and the kernel maps it around each fault in
/// pieces of 64 KiB. Running needs a fraction of that. Pages that are used again are mapped again from the page cache, without a read.
enum StartupPages {
    /// Only mappings that are executable and private to a file: those are never written to, so nothing is lost.
    static func release(maps: String = "/proc/self/maps") {
        for line in Fields.lines(SmallFile.text(maps) ?? "") {
            // start-end permissions offset device inode path
            let words = Fields.words(line)
            guard words.count >= 6, words[1] == "r-xp", words[5].hasPrefix("/") else { continue }
            let bounds = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[1] > bounds[0], let start = UnsafeMutableRawPointer(bitPattern: bounds[0])
            else {
                continue
            }
            madvise(start, Int(bounds[1] - bounds[0]), MADV_DONTNEED)
        }
    }
}
