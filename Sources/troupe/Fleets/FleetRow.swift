import Domain

/// A fleet as the API says it.
struct FleetRow: Decodable {
    let name: String
    let driver: String
    let mode: String
    let personas: [String]
    let policies: [String]
    let ready: Int
    let starting: Int
    let draining: Int
    let target: Int?
    let demand: Double?
    let demandStatus: String
    let demandUnit: String
    let forecast: Forecast?
    let lastDecision: LastDecision?
    let driverHealth: DriverHealthRow
    let notes: [String]

    struct Forecast: Decodable {
        let model: String
        let trust: Double?
        let quantile: Double?
        let ahead: Double?
        let median: Double?
        let leadTimeS: Double?

        var leadTime: String { leadTimeS.map { TimeSpan(milliseconds: Int64($0 * 1000)).inWords } ?? "one lead time" }
    }

    struct LastDecision: Decodable {
        let at: Moment
        let outcome: String
        let current: Int
        let target: Int
        let reason: String
    }

    struct List: Decodable { let fleets: [FleetRow] }
}
