import Domain

/// Resources by persona, in the order in which personas came, up to a number.
struct Tally {
    /// How many more fit.
    var room: Int
    var parts: [PersonaCount] = []

    init(room: Int) {
        self.room = Count.bounded(room)
    }

    mutating func take(_ count: Int, of persona: String) {
        let taken = min(room, Count.bounded(count))
        guard taken > 0 else { return }
        room -= taken
        if let index = parts.firstIndex(where: { $0.persona == persona }) {
            parts[index].count += taken
        } else {
            parts.append(PersonaCount(persona: persona, count: taken))
        }
    }

    func count(of persona: String) -> Int { parts.first { $0.persona == persona }?.count ?? 0 }
}
