/// Bytes that no encoder of this format wrote: damaged, cut off, or made up.
struct Malformed: Error, Equatable {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
