import Domain
import Foundation
import KPIStore
import RemoteWrite
import Synchronization

/// What was sent, and what of it was acknowledged.
///
/// Batch b holds two samples of each series: at `start` + 2b and 2b + 1 tenths of a second, each of a value that time and series say. So
/// whoever reads afterwards knows what must be there, and what belongs together.
final class KillLedger: Sendable {
    struct Lost: Error, CustomStringConvertible {
        var description: String
    }

    /// An assignment that the server said it made.
    struct Change {
        var resource: String
        var reason: String
        var until: String?
        var isReleased = false
    }

    private struct State {
        var next = 0
        var acknowledged: Set<Int> = []
        var changes: [Change] = []
        var nextChange = 0
        var refusal: String?
    }

    let series: Int
    private let start: Int64
    private let labels: [[UInt8]]
    private let state = Mutex(State())

    init(series: Int, now: Int64) {
        self.series = series
        // Old enough to be compacted at once, young enough to be kept.
        start = (now / 1000 - 40 * 86_400) * 1000
        labels = (0..<series)
            .map { index in
                WriteRequestEncoder.labelBlock([
                    WireLabel(name: "__name__", value: "kill_test"), WireLabel(name: "instance", value: "\(index)"),
                ])
            }
    }

    /// Samples.
    var acknowledged: Int { state.withLock { $0.acknowledged.count } * series * 2 }
    var changes: Int { state.withLock { $0.changes.reduce(0) { $0 + ($1.isReleased ? 2 : 1) } } }
    /// Of something that should have been done.
    var refusal: String? { state.withLock { $0.refusal } }

    func note(_ refusal: String) { state.withLock { $0.refusal = refusal } }

    // MARK: Samples

    func batch() -> (number: Int, body: [UInt8]) {
        let number = state.withLock { state in
            defer { state.next += 1 }
            return state.next
        }
        var request = WriteRequestEncoder()
        for index in 0..<series {
            let samples = [2 * number, 2 * number + 1]
                .map { WireSample(value: value(Int64($0), index), timestampMs: start + Int64($0) * 100) }
            request.append(labelBlock: labels[index], samples: samples)
        }
        return (number, request.compressed())
    }

    func acknowledge(_ batch: Int) { _ = state.withLock { $0.acknowledged.insert(batch) } }

    private func value(_ tick: Int64, _ series: Int) -> Double { Double(tick * 31 % 100_000) / 10 + Double(series) }

    /// Reads every sample of a stopped server.
    ///
    /// - Returns: how many there are.
    func checkSamples(at path: String) throws -> Int {
        let store = try KPIStore(path: path)
        let expected = state.withLock { $0.acknowledged }
        var first: [Int64]?
        var count = 0
        for index in 0..<series {
            let key = SeriesKey("kill_test", labels: [Setting(name: "instance", value: "\(index)")])
            let found = try store.samples(of: key, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: .max))
            count += found.count
            for (time, next) in zip(found.times, found.times.dropFirst()) where time >= next {
                throw Lost(description: "series \(index) has two samples at \(time)")
            }
            for (time, found) in zip(found.times, found.values) where found != value((time - start) / 100, index) {
                throw Lost(description: "series \(index) has at \(time) the value \(found), which was never sent")
            }
            guard let first else {
                let batches = Dictionary(grouping: found.times) { Int(($0 - start) / 200) }
                for batch in expected where batches[batch]?.count != 2 {
                    throw Lost(
                        description:
                            "batch \(batch) was acknowledged, and \(batches[batch]?.count ?? 0) of 2 samples are there"
                    )
                }
                for (batch, times) in batches where times.count != 2 {
                    throw Lost(description: "batch \(batch) is there by half")
                }
                first = found.times
                continue
            }
            guard found.times == first else {
                throw Lost(description: "series 0 and \(index) of the same batches differ")
            }
        }
        return count
    }

    // MARK: Assignments

    /// A reason that no other assignment has.
    func reason() -> String {
        state.withLock { state in
            state.nextChange += 1
            return "change \(state.nextChange)"
        }
    }

    func note(_ change: Change) { state.withLock { $0.changes.append(change) } }

    func noteRelease(of reason: String) {
        state.withLock { state in
            guard let place = state.changes.firstIndex(where: { $0.reason == reason }) else { return }
            state.changes[place].isReleased = true
        }
    }

    /// Asks the server for all that was ever assigned.
    func checkAssignments(_ server: ServerProcess) throws {
        let changes = state.withLock { $0.changes }
        guard let port = server.port else { throw Lost(description: "the server does not say where it listens") }
        let connection = try PlainHTTP(port: port)
        let token = [("Authorization", "Bearer \(try server.token())")]
        for (resource, changes) in Dictionary(grouping: changes, by: \.resource) {
            let answer = try connection.send("GET", "/v1/resources/\(resource)/assignments", headers: token)
            let json = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
            guard answer.status == 200, let all = json?["assignments"] as? [[String: Any]] else {
                throw Lost(
                    description:
                        "the assignments of \(resource): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))"
                )
            }
            for change in changes {
                let found = all.filter { $0["reason"] as? String == change.reason }
                guard found.count == 1, let one = found.first else {
                    throw Lost(description: "\(change.reason) of \(resource) is there \(found.count) times")
                }
                let isReleased = one["ended_by"] as? String != nil
                guard !change.isReleased || isReleased, isReleased || one["until"] as? String == change.until else {
                    throw Lost(description: "\(change.reason) of \(resource) has another end than was said: \(one)")
                }
            }
        }
    }
}
