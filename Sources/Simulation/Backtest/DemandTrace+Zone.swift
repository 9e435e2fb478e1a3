extension DemandTrace {
    /// Its timestamps say which instant they are (`Z`, `+02:00`, seconds since 1970).
    ///
    /// A trace that does not is taken by the wall clock it shows: its hours are the hours that people see, whatever the zone.
    package var hasZone: Bool {
        let text = label(at: 0)
        guard let last = text.last else { return false }
        if last == "Z" || last == "z" || text.allSatisfy({ $0.isNumber || $0 == "." }) { return true }
        return text.drop { $0 != "T" && $0 != " " }.contains { $0 == "+" || $0 == "-" }
    }
}
