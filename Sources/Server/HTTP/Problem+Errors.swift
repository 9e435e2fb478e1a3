import Control
import Domain
import HTTPTypes
import KPIStore
import StateStore

extension Problem {
    /// What went wrong in another room, as the API says it; nil for errors that nobody foresaw.
    init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as ControlError: self.init(error)
        case let error as StateStoreError: self.init(error)
        case let error as KPIStoreError: self.init(error)
        case is CancellationError:
            self.init(.unavailable, "The server is stopping; ask again.", headers: [.retryAfter: "5"])
        default: return nil
        }
    }

    private init(_ error: ControlError) {
        switch error.kind {
        case .notFound: self.init(.notFound, error.message)
        case .invalid: self.init(.unprocessable, error.message)
        case .conflict: self.init(.conflict, error.message)
        case .invalidWorkspace:
            self.init(
                .unprocessable,
                error.message,
                findings: error.diagnostics.prefix(500)
                    .map { diagnostic in
                        Schema.Finding(
                            place: diagnostic.location.description,
                            message: "\(diagnostic.severity.rawValue): \(diagnostic.message)",
                            suggestion: diagnostic.suggestion
                        )
                    }
            )
        case .unavailable: self.init(.unavailable, error.message, headers: [.retryAfter: "5"])
        }
    }

    private init(_ error: StateStoreError) {
        switch error.code {
        case .conflict: self.init(.conflict, "\(error.what). \(error.advice)")
        case .notFound: self.init(.notFound, "\(error.what). \(error.advice)")
        case .invalid: self.init(.unprocessable, "\(error.what). \(error.advice)")
        default: self.init(.unavailable, error.description, headers: [.retryAfter: "10"])
        }
    }

    private init(_ error: KPIStoreError) {
        switch error.code {
        case .invalid: self.init(.unprocessable, "\(error.what). \(error.advice)")
        case .diskFull: self.init(.unavailable, error.description, headers: [.retryAfter: "60"])
        default: self.init(.unavailable, error.description, headers: [.retryAfter: "10"])
        }
    }
}
