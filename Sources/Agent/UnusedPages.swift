import Glibc

/// Lets go of the pages of program files between two collections.
///
/// Most of an agent's resident memory is text: a runtime, TLS and NIO start up all over it, and the kernel maps it around each fault in
/// pieces of 64 KiB. An agent does something for some milliseconds in each interval, and of what it does then, the most only now and then. Pages
/// that are used again are mapped again from the page cache, without a read: a hundred faults or so per collection.
enum UnusedPages {
    /// Only mappings of a file that cannot be written to and never were (what the linker relocated is anonymous then): nothing is lost.
    static func release(maps: String = "/proc/self/smaps") {
        var mapping: (start: UInt, end: UInt)?
        for line in Fields.lines(SmallFile.text(maps) ?? "") {
            let words = Fields.words(line)
            if words.count >= 6, words[1].count == 4 {
                // start-end permissions offset device inode path
                let bounds = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                let isConstant = words[1].hasPrefix("r-") && words[1].hasSuffix("p") && words[5].hasPrefix("/")
                mapping = isConstant && bounds.count == 2 && bounds[0] < bounds[1] ? (bounds[0], bounds[1]) : nil
            } else if words.first == "Anonymous:", words.count >= 2, words[1] == "0", let found = mapping {
                madvise(UnsafeMutableRawPointer(bitPattern: found.start), Int(found.end - found.start), MADV_DONTNEED)
            }
        }
    }
}
