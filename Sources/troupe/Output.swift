import ArgumentParser
import Foundation
import Simulation

/// `--json`, on every command that reports.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print the result as JSON.")
    var json = false

    /// Runs a command's body; whatever it throws becomes a clear error and exit code 1.
    func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let exit as ExitCode {
            throw exit
        } catch let failure as Failure {
            throw fail(failure.errors)
        } catch let refusal as APIError {
            throw fail(refusal.lines)
        } catch {
            throw fail(["\(error)"])
        }
    }

    /// Prints a result: as JSON where it is asked for, else in words.
    func report(_ result: some Encodable, words: (TerminalStyle) -> [String]) throws {
        if json {
            try Output.json(result)
        } else {
            for line in words(Output.style) { Output.line(line) }
        }
    }

    /// Says what is wrong: on standard error for people, on standard output too where JSON is read.
    private func fail(_ errors: [String]) -> ExitCode {
        for error in errors { Output.note(error.contains("error: ") ? error : "error: \(error)") }
        if json {
            struct Report: Encodable {
                let ok = false
                let errors: [String]
            }
            try? Output.json(Report(errors: errors))
        }
        return .failure
    }
}

/// Ends a command: one line for each thing that is wrong.
struct Failure: Error {
    let errors: [String]

    init(_ errors: [String]) { self.errors = errors }
    init(_ error: String) { errors = [error] }
}

/// What is printed, and where: results to standard output, everything said on the way to standard error.
enum Output {
    static func line(_ text: String = "") {
        print(text)
    }

    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Prints any value as JSON with sorted keys, so that equal results are equal bytes.
    static func json(_ value: some Encodable) throws {
        try json(value, JSONEncoder())
    }

    /// The same with names as the API has them: `cost_per_hour`.
    static func apiJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try json(value, encoder)
    }

    private static func json(_ value: some Encodable, _ encoder: JSONEncoder) throws {
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// What standard output can show.
    static var style: TerminalStyle {
        TerminalStyle(isTerminal: Terminal.isOutput, environment: ProcessInfo.processInfo.environment)
    }
}
