import ScriptProtocol

/// Which series a script means.
struct SeriesKey: Hashable {
    let kpi: String
    let persona: String?
    let resource: String?
    /// How the resources' values become one: `mean`, `sum`, `max`, `min`, `p50` … `p99`.
    let aggregate: String
    /// It is `ctx.demand`.
    let isDemand: Bool

    /// How much is fetched when it is not known yet how far a script will look back.
    static let firstReach: Int64 = 3_600_000

    static func demand(_ kpi: String) -> SeriesKey {
        SeriesKey(kpi: kpi, persona: nil, resource: nil, aggregate: "sum", isDemand: true)
    }

    private init(kpi: String, persona: String?, resource: String?, aggregate: String, isDemand: Bool) {
        self.kpi = kpi
        self.persona = persona
        self.resource = resource
        self.aggregate = aggregate
        self.isDemand = isDemand
    }

    /// From `ctx.kpi(name, { persona =, resource =, agg = })`.
    init(arguments: Arguments) throws(APIError) {
        let kpi = try arguments.string(0, named: "name", expected: "the name of a KPI")
        try arguments.atMost(2)
        var options: [String: String] = [:]
        switch arguments[1] {
        case .null, .list([]): break
        case .table(let fields):
            for field in fields {
                guard ["persona", "resource", "agg"].contains(field.key) else {
                    throw .wrong("ctx.kpi: there is no option \(Text.quoted(field.key)); known: agg, persona, resource")
                }
                guard case .string(let text) = field.value, !text.isEmpty else {
                    throw .wrong("ctx.kpi: \(field.key) is \(Text.value(field.value)); expected a text")
                }
                options[field.key] = text
            }
        default:
            throw arguments.mismatch(1, named: "options", expected: "a table such as { persona = \"low-latency\" }")
        }
        for (what, name) in options.sorted(by: { $0.key < $1.key }) + [("name", kpi)]
        where name.utf8.count > LookLimits.nameBytes {
            throw .wrong("ctx.kpi: \(what) has \(name.utf8.count) bytes; expected at most \(LookLimits.nameBytes)")
        }
        let aggregate = options["agg"] ?? "mean"
        guard Self.isAggregate(aggregate) else {
            throw .wrong("ctx.kpi: agg is \(Text.quoted(aggregate)); expected mean, sum, max, min or p1 to p99")
        }
        self.init(
            kpi: kpi,
            persona: options["persona"],
            resource: options["resource"],
            aggregate: aggregate,
            isDemand: false
        )
    }

    /// From what the host sent along; nil where that is none.
    init?(_ sent: ScriptValue) {
        guard let kpi = sent["kpi"]?.string else { return nil }
        self.init(
            kpi: kpi,
            persona: sent["persona"]?.string,
            resource: sent["resource"]?.string,
            aggregate: sent["agg"]?.string ?? "mean",
            isDemand: sent["demand"] == .bool(true)
        )
    }

    func query(reach: Int64) -> ScriptValue {
        var fields: [(String, ScriptValue)] = [
            ("agg", .string(aggregate)), ("kpi", .string(kpi)), ("window_ms", .integer(reach)),
        ]
        if isDemand { fields.append(("demand", .bool(true))) }
        if let persona { fields.append(("persona", .string(persona))) }
        if let resource { fields.append(("resource", .string(resource))) }
        return .sortedTable(fields)
    }

    /// As it stands in transcripts: equal series, equal text.
    var call: String {
        if isDemand { return "demand" }
        var options: [String] = []
        if let persona { options.append("persona = \(Text.quoted(persona))") }
        if let resource { options.append("resource = \(Text.quoted(resource))") }
        if aggregate != "mean" { options.append("agg = \(Text.quoted(aggregate))") }
        let shown = options.isEmpty ? "" : ", { \(options.joined(separator: ", ")) }"
        return "kpi(\(Text.quoted(kpi))\(shown))"
    }

    private static func isAggregate(_ text: String) -> Bool {
        if ["mean", "sum", "max", "min"].contains(text) { return true }
        guard text.hasPrefix("p"), text.utf8.count <= 3, let level = Int(text.dropFirst()) else { return false }
        return (1...99).contains(level)
    }
}
