import Control
import Domain

extension AssignmentRequest {
    /// Reads the members that single and bulk assignments share; the gateway has checked their form.
    init(_ call: Call, subject: Subject) throws(Problem) {
        var duration: TimeSpan?
        if let text = call["duration"]?.string {
            do throws(QuantityError) {
                duration = try Quantity.span(text)
            } catch {
                throw Problem(
                    .badRequest,
                    "The body cannot be used.",
                    findings: [Schema.Finding(place: "/duration", message: error.message, suggestion: error.suggestion)]
                )
            }
        }
        self.init(
            subject: subject,
            persona: call["persona"]?.string ?? "",
            duration: duration,
            priority: call["priority"]?.string.flatMap { Assignment.Priority(name: $0) } ?? .person,
            reason: call["reason"]?.string ?? ""
        )
    }

    /// For the audit.
    var summary: String {
        let length = duration.map { " for \($0)" } ?? ""
        return "\(persona)\(length), priority \(priority.name)" + (reason.isEmpty ? "" : ": \(reason)")
    }
}
