import Simulation

/// An action as the API says it.
struct ActionRow: Decodable {
    let id: Int64
    let fleet: String
    let decidedAt: Moment
    let kind: String
    let state: String
    let isOver: Bool
    let summary: String
    let note: String
    let changedAt: Moment
    let expiresAt: Moment?
    let decidedBy: String?

    struct List: Decodable { let actions: [ActionRow] }

    static func lines(_ actions: [ActionRow], _ style: TerminalStyle) -> [String] {
        var table = TextTable(columns: [
            .right("id"), .left("fleet"), .left("state"), .left("what"), .left("decided"), .left("note"),
        ])
        for action in actions {
            var note = action.note
            if action.state == "awaiting", let expires = action.expiresAt {
                note = "until \(expires.local) (\(expires.relative()))"
            }
            table.append(
                TextTable.Row(
                    [
                        String(action.id), action.fleet, action.state, action.summary, action.decidedAt.relative(),
                        note,
                    ],
                    colour: action.state == "awaiting" ? .yellow : .normal
                )
            )
        }
        return table.lines(style)
    }
}
