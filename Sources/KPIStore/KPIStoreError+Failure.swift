import SQLiteFile

extension KPIStoreError {
    /// The same error in the words of this room; `location` is the database's path.
    init(_ error: any Error, at location: String) {
        switch error {
        case let error as KPIStoreError: self = error
        case let error as Malformed:
            self.init(
                .corrupt,
                "stored readings cannot be decoded: \(error.reason)",
                at: location,
                advice: "Restore the file from a backup; `sqlite3 FILE .recover` saves what can be read."
            )
        default: self.init(SQLiteFailure(error, at: location))
        }
    }

    private init(_ failure: SQLiteFailure) {
        let code: Code =
            switch failure.code {
            case .corrupt: .corrupt
            case .foreign: .foreign
            case .newer: .newer
            case .diskFull: .diskFull
            case .readOnly: .readOnly
            case .locked: .locked
            case .cannotOpen: .cannotOpen
            // Nothing here is stored twice by intention: rows that contradict each other are damage.
            case .conflict: .corrupt
            case .io: .io
            }
        self.init(code, failure.what, at: failure.location, advice: failure.advice)
    }
}
