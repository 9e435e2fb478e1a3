import Domain
import Synchronization

@testable import KPIStore

/// Rollups as their definition says them, from all samples at once and without a thought for speed.
struct NaiveRollup {
    struct Cell {
        var readings: [Double] = []
        var total = 0.0
    }

    /// Step → persona → what was read.
    private(set) var cells: [Int64: [String?: Cell]] = [:]

    init(
        _ series: [(resource: String?, samples: [Int64: Double])],
        isCounter: Bool,
        step: Int64,
        personas: PersonaTimeline
    ) {
        for (resource, samples) in series {
            // Step → readings with their personas.
            var readings: [Int64: [(persona: String?, value: Double)]] = [:]
            var before: (time: Int64, value: Double)?
            for (time, value) in samples.sorted(by: { $0.key < $1.key }) {
                if value.isNaN {
                    if value.bitPattern == Sample.staleMarker.bitPattern { before = nil }
                    continue
                }
                var reading: Double? = value
                if isCounter {
                    reading = nil
                    if let before, time - before.time <= 300_000 {
                        let increase = value < before.value ? value : value - before.value
                        reading = increase / (Double(time - before.time) / 1000)
                    }
                    before = (time, value)
                }
                guard let reading else { continue }
                let persona = resource.flatMap { personas.span(of: $0, at: time).persona }
                readings[floorDivide(time, step), default: []].append((persona, reading))
            }
            for (step, list) in readings {
                for (persona, value) in list {
                    cells[step, default: [:]][persona, default: Cell()].readings.append(value)
                    cells[step, default: [:]][persona, default: Cell()].total += value / Double(list.count)
                }
            }
        }
    }

    func readings(_ step: Int64, persona: String?) -> Cell {
        var all = Cell()
        for (other, cell) in cells[step] ?? [:] where persona == nil || persona == other {
            all.readings += cell.readings
            all.total += cell.total
        }
        all.readings.sort()
        return all
    }
}

/// Who played what when; changes at any time, also that of yesterday.
final class PersonaTimeline: Sendable {
    private let changes = Mutex<[String: [(from: Int64, persona: String?)]]>([:])

    func set(_ persona: String?, of resource: String, from: Int64, until: Int64) {
        let after = span(of: resource, at: until).persona
        changes.withLock { changes in
            var list = (changes[resource] ?? []).filter { $0.from < from || $0.from > until }
            list.append((from, persona))
            list.append((until, after))
            changes[resource] = list.sorted { $0.from < $1.from }
        }
    }

    func span(of resource: String, at time: Int64) -> PersonaSpan {
        changes.withLock { changes in
            let list = changes[resource] ?? []
            let index = list.lastIndex { $0.from <= time }
            let next = list.first { $0.from > time }
            return PersonaSpan(
                index.map { list[$0].persona } ?? "first",
                from: Timestamp(milliseconds: index.map { list[$0].from } ?? .min),
                until: Timestamp(milliseconds: next?.from ?? .max)
            )
        }
    }
}
