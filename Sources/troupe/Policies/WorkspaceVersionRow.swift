/// A workspace that is, or was, in force, as the API says it.
struct WorkspaceVersionRow: Decodable {
    let version: Int64
    let at: Moment
    let by: String
    let reason: String
    let digest: String
    let inForce: Bool
    let fleets: [String]
    let policies: [String]

    struct List: Decodable { let versions: [WorkspaceVersionRow] }
}
