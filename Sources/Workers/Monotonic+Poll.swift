import ScriptProtocol

extension Monotonic {
    /// What `poll` waits so as not to wake before `deadline`; -1 waits for ever.
    static func pollTimeout(until deadline: Int64?) -> Int32 {
        guard let deadline else { return -1 }
        return Int32(clamping: max(0, deadline - now() + 999_999) / 1_000_000)
    }
}
