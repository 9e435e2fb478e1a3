import Domain
import KPIStore

/// Readings that someone imports, by series.
struct ImportedReadings: Sendable, Equatable {
    struct Series: Sendable, Equatable {
        var key: SeriesKey
        var times: [Int64] = []
        var values: [Double] = []
    }

    /// In the order of their first reading.
    private(set) var series: [Series] = []
    private var places: [SeriesKey: Int] = [:]
    private(set) var count = 0

    init() {}

    /// From a body that the gateway has checked.
    init(_ json: JSONValue?) throws(Problem) {
        var findings: [Schema.Finding] = []
        for (index, entry) in (json?["series"]?.array ?? []).enumerated() {
            let labels = (entry["labels"]?.members ?? []).map { Setting(name: $0.name, value: $0.value.string ?? "") }
            let times = (entry["times"]?.array ?? []).compactMap(\.integer)
            let values = (entry["values"]?.array ?? []).compactMap(\.number)
            if times.count != values.count {
                findings.append(
                    Schema.Finding(
                        place: "/series/\(index)",
                        message: "\(times.count) times and \(values.count) values; as many are needed"
                    )
                )
            }
            if labels.contains(where: \.name.isEmpty) {
                findings.append(Schema.Finding(place: "/series/\(index)/labels", message: "a label without a name"))
            }
            let key = SeriesKey(entry["name"]?.string ?? "", labels: labels)
            for (time, value) in zip(times, values) { append(key, time, value) }
        }
        guard findings.isEmpty else {
            throw Problem(
                .unprocessable,
                "Nothing was stored; each reason is among the errors.",
                findings: Array(findings.prefix(20))
            )
        }
    }

    mutating func append(_ key: SeriesKey, _ time: Int64, _ value: Double) {
        count += 1
        let place: Int
        if let known = places[key] {
            place = known
        } else {
            place = series.count
            places[key] = place
            series.append(Series(key: key))
        }
        series[place].times.append(time)
        series[place].values.append(value)
    }
}

extension WriteReceiver {
    /// Refuses readings of times at which nothing is kept: whoever imports them should hear that.
    func checkTimes(of readings: ImportedReadings, at time: Timestamp) throws(Problem) {
        let (earliest, latest) = (store.horizon, time + limits.ahead)
        let least = earliest?.milliseconds ?? .min
        var findings: [Schema.Finding] = []
        for series in readings.series {
            let wrong = series.times.filter { $0 < least || $0 > latest.milliseconds }
            guard let first = wrong.first else { continue }
            findings.append(
                Schema.Finding(
                    place: series.key.description,
                    message:
                        "\(wrong.count) readings, the first at \(first) ms, are not of the time "
                        + (earliest.map { "from \($0) " } ?? "") + "to \(latest)"
                )
            )
            if findings.count == 20 { break }
        }
        guard findings.isEmpty else {
            throw Problem(
                .unprocessable,
                "Nothing was stored: some readings are older than what is kept (`troupe serve --retention`), or of the future.",
                findings: findings
            )
        }
    }

    /// Stores imported readings, all or none; answers the fleets that they speak of. Blocks.
    func store(_ readings: ImportedReadings) throws -> Set<String> {
        guard readings.count > 0 else { return [] }
        let keys = readings.series.map(\.key)
        let ids = try directory.series(of: keys)
        var batch = SampleBatch()
        batch.reserveCapacity(readings.count)
        for (id, series) in zip(ids, readings.series) {
            for (time, value) in zip(series.times, series.values) { batch.append(id, at: time, value: value) }
        }
        try store.append(batch)
        arrivals.ingest(batch)
        return directory.fleets(of: ids) { keys[$0] }
    }
}
