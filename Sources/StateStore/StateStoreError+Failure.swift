import SQLiteFile

extension StateStoreError {
    /// The same error in the words of this room; `location` is the database's path.
    init(_ error: any Error, at location: String) {
        switch error {
        case let error as StateStoreError: self = error
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
            case .conflict: .conflict
            case .io: .io
            }
        self.init(code, failure.what, at: failure.location, advice: failure.advice)
    }
}
