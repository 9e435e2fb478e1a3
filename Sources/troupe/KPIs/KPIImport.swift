import Foundation

/// An import under way: what was stored, and which lines were refused.
struct KPIImport {
    struct Result: Encodable {
        let ok: Bool
        let samples: Int
        let refused: [Refused]
    }

    struct Refused: Encodable {
        let line: Int
        let message: String
    }

    private struct Count: Decodable { let samples: Int }

    static let mostRefused = 100

    private let client: APIClient
    private let file: String
    private(set) var samples = 0
    private var refused: [Refused] = []
    private var tooLong = 0
    private var hasProgress = false

    init(_ client: APIClient, file: String) {
        self.client = client
        self.file = file
    }

    var result: Result { Result(ok: refused.isEmpty, samples: samples, refused: refused) }

    /// Stores a batch but for the lines that the server refuses: a batch is taken whole or not, so it is sent again without them.
    mutating func send(_ batch: [LineBatches.Line]) async throws {
        var batch = batch
        while !batch.isEmpty {
            var body: [UInt8] = []
            for line in batch {
                body += line.bytes
                body.append(UInt8(ascii: "\n"))
            }
            do {
                let reply = try await client.send(.post, ["v1", "kpis", "import"], body: ("text/plain", body))
                samples += try reply.decode(Count.self).samples
                return
            } catch let error as APIError where error.status == 422 {
                let wrong = Self.lines(error, of: batch)
                guard !wrong.isEmpty else { throw error }
                for (place, message) in wrong { try refuse(batch[place].number, message) }
                let places = Set(wrong.map(\.place))
                batch = batch.indices.filter { !places.contains($0) }.map { batch[$0] }
            }
        }
    }

    /// Lines that could not even be sent, all of them so far.
    mutating func noteTooLong(_ lines: [Int]) {
        for line in lines.dropFirst(tooLong) {
            try? refuse(line, "the line is longer than \(LineBatches.longestLine) bytes")
        }
        tooLong = lines.count
    }

    private mutating func refuse(_ line: Int, _ message: String) throws {
        endProgress()
        refused.append(Refused(line: line, message: message))
        Output.note("\(file):\(line): error: \(message)")
        guard refused.count < Self.mostRefused else {
            throw Failure(
                "\(refused.count) lines were refused, which is enough: is \(file) of this format? `troupe help kpi import`"
            )
        }
    }

    /// The server counts the lines of what was sent.
    private static func lines(_ error: APIError, of batch: [LineBatches.Line]) -> [(place: Int, message: String)] {
        error.findings.compactMap { finding in
            guard finding.place.hasPrefix("line "), let number = Int(finding.place.dropFirst(5)),
                batch.indices.contains(number - 1)
            else { return nil }
            return (number - 1, finding.message)
        }
    }

    // MARK: Progress

    mutating func showProgress() {
        guard Terminal.isError else { return }
        hasProgress = true
        Terminal.write("\r\u{1B}[2K\(samples) readings stored", to: STDERR_FILENO)
    }

    mutating func endProgress() {
        if hasProgress { Terminal.write("\r\u{1B}[2K", to: STDERR_FILENO) }
        hasProgress = false
    }
}
