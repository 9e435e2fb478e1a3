/// A person's word on a fleet as the API says it.
struct OverrideRow: Decodable {
    let fleet: String?
    let summary: String

    struct List: Decodable { let overrides: [OverrideRow] }

    var line: String { fleet.map { "\($0): \(summary)" } ?? summary }
}
