import Control
import Domain
import HTTPTypes
import KPIStore
import NIOCore
import RemoteWrite

/// Takes remote-write requests: decodes them where they lie, stores them durably, and tells who waits for readings.
///
///     body ─ gate ▶ snappy ▶ protobuf ▶ series by label bytes ▶ KPIStore.append (durable) ▶ rollups ▶ fleets marked ▶ 204
///
/// All of that but the last step runs on a few threads of its own: it computes and waits for the disk. Those that wait together share the
/// disk's wait (group commit). A request is stored whole, but for samples from the future, or not at all.
struct WriteReceiver: Sendable {
    let limits: IngestLimits
    let gate: IngestGate
    let directory: SeriesDirectory
    let store: KPIStore
    let arrivals: any ArrivalSink
    let control: any ControlPlane
    let threads: BlockingWork
    let metrics: ServerMetrics
    let now: @Sendable () -> Timestamp

    /// What came of a request.
    struct Outcome: Sendable {
        var samples: Int
        var fleets: Set<String>
        /// Samples that were not stored, since they are of the future.
        var ahead: Int
        var ignored: Int
    }

    func receive(_ body: ByteBuffer, pass: IngestGate.Pass) async throws -> Outcome {
        try await follow()
        let time = now()
        do {
            let outcome = try await threads.run { try self.store(body, at: time, pass: pass) }
            metrics.countBatch(samples: outcome.samples, ignored: outcome.ignored)
            if !outcome.fleets.isEmpty { control.noteArrival(fleets: outcome.fleets, at: time) }
            return outcome
        } catch let error as WireError {
            metrics.countRefusal(error.reason)
            throw Problem(.badRequest, "\(error) Nothing of the request was stored.", findings: error.findings)
        } catch let error as KPIStoreError {
            metrics.countStoreError(store: "kpi", code: error.code.rawValue)
            metrics.countRefusal("store")
            throw error
        } catch let problem as Problem {
            metrics.countRefusal(problem.kind.rawValue)
            throw problem
        }
    }

    /// Takes over the fleets of the workspace in force, if it is another one than before.
    func follow() async throws {
        let sources = await control.kpiSources()
        if sources.version != directory.version { directory.follow(FleetRouting(sources)) }
    }

    /// Blocks.
    private func store(_ body: ByteBuffer, at time: Timestamp, pass: IngestGate.Pass) throws -> Outcome {
        let bytes = try body.withUnsafeReadableBytes { body in
            let declared = Self.declaredBytes(of: body)
            // Beyond the limit `decode` refuses by itself, without taking room.
            guard declared > limits.wire.decompressedBytes || pass.grow(by: declared) else {
                throw Self.noRoom
            }
            return try Snappy.decode(body, limit: limits.wire.decompressedBytes)
        }
        return try bytes.withUnsafeBytes { bytes in
            let request = try WriteColumns(bytes, limits: limits.wire, until: (time + limits.ahead).milliseconds)
            return try store(request)
        }
    }

    private func store(_ request: WriteColumns) throws -> Outcome {
        var attempts = 0
        while true {
            let ids = try directory.series(of: request.blocks)
            do {
                let batch = request.batch(ids)
                try store.append(batch)
                arrivals.ingest(batch)
                let fleets = try directory.fleets(of: ids) { try SeriesDirectory.key(request.blocks[$0]) }
                return Outcome(
                    samples: request.count,
                    fleets: fleets,
                    ahead: request.ahead,
                    ignored: request.ignored
                )
            } catch let error as KPIStoreError where error.code == .unknownSeries && attempts < 3 {
                // A pruning came between; the cache has forgotten by now.
                attempts += 1
            }
        }
    }

    /// The decompressed size that a snappy block begins with; 0 where that is broken, which `decode` then says.
    private static func declaredBytes(of body: UnsafeRawBufferPointer) -> Int {
        var size = 0
        for (index, byte) in body.prefix(5).enumerated() {
            size |= Int(byte & 127) << (7 * index)
            if byte < 128 { return size }
        }
        return 0
    }

    static var noRoom: Problem {
        Problem(
            .tooManyRequests,
            "The server is storing as much as it can at one time; send the request again.",
            headers: [.retryAfter: "1"]
        )
    }
}

extension WireError {
    /// For the metric.
    var reason: String {
        switch self {
        case .tooMuch(let limit, _, _): limit.rawValue.replacing(" ", with: "_")
        default: "malformed"
        }
    }

    /// Which limit, for programs that read the answer.
    var findings: [Schema.Finding] {
        guard case .tooMuch(let limit, let found, let most) = self else { return [] }
        return [Schema.Finding(place: limit.rawValue, message: "found \(found); at most \(most) are taken")]
    }
}
