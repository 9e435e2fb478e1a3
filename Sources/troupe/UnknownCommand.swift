import ArgumentParser
import Domain

/// A word on the command line where a command belongs, and that is none: the parser takes it for an argument too many, which says neither
/// that nor what was meant.
struct UnknownCommand: Equatable, CustomStringConvertible {
    let word: String
    /// The command above it: `troupe plugin`.
    let parent: String
    let known: [String]

    /// Nil where every word that should be a command is one.
    init?(in arguments: [String], of root: any ParsableCommand.Type) {
        var (command, path) = (root, [root.configuration.commandName ?? ""])
        for word in arguments {
            let subcommands = command.configuration.subcommands
            // What stands behind a command that has none below it, or behind an option, is the parser's.
            guard !subcommands.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            guard let next = subcommands.first(where: { $0.configuration.commandName == word }) else {
                self.word = word
                parent = path.joined(separator: " ")
                known = subcommands.compactMap { $0.configuration.commandName }
                return
            }
            command = next
            path.append(word)
        }
        return nil
    }

    var description: String {
        let nearest = NearestWord.find(word, among: known).map { " (did you mean \($0)?)" } ?? ""
        return "there is no command \"\(parent) \(word)\"\(nearest); known: \(known.joined(separator: ", "))"
    }
}
