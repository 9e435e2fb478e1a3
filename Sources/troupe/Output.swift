import ArgumentParser
import Foundation

/// `--json`, on every command that reports.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "Print the result as JSON.")
    var json = false
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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

/// Ends a command with a clear error and exit code 1. With `--json`, the errors are JSON on standard output too.
func fail(_ errors: [String], json: Bool = false) -> ExitCode {
    for error in errors { Output.note(error) }
    if json {
        struct Failure: Encodable { let ok = false; let errors: [String] }
        try? Output.json(Failure(errors: errors))
    }
    return .failure
}
