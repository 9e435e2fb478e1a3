import Testing

/// One slip in a file of the sound workspace, and all that is said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
    /// What is written.
    let written: String
    /// What should have been.
    let right: String
    /// `line: error: …`, without the file.
    let says: [String]

    init(_ written: String, insteadOf right: String, says: String...) {
        self.written = written
        self.right = right
        self.says = says
    }

    var testDescription: String { written }

    /// What is said of the sound workspace with this slip in `file`.
    func errors(in file: String) async throws -> [String] {
        let sound = try #require(WorkspaceFolder.sound[file])
        try #require(sound.contains(right))
        return try await WorkspaceFolder([file: sound.replacing(right, with: written)]).errors()
    }
}
