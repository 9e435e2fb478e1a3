import ArgumentParser
import Domain
import Foundation
import Simulation

/// An instant as the API writes it, and as people read it: ISO 8601 in the zone of this machine.
struct Moment: Codable, Equatable, Comparable, Sendable {
    let time: Timestamp

    init(_ time: Timestamp) { self.time = time }

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        do throws(QuantityError) {
            time = try Timestamp(iso8601: text)
        } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "\(error)"))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(time.description)
    }

    static func < (a: Moment, b: Moment) -> Bool { a.time < b.time }

    /// By the clock of the server that is spoken to.
    static var now: Moment { Moment(ServerClock.now) }

    /// `2026-11-25T14:40:00+01:00`, to the second.
    var local: String {
        let seconds = Int64((Double(time.milliseconds) / 1000).rounded(.down))
        let offset = Self.offset(at: Timestamp(milliseconds: seconds * 1000))
        let text = TimeText.iso(Timestamp(milliseconds: seconds * 1000) + .seconds(Int64(offset)))
        guard offset != 0 else { return text + "Z" }
        let minutes = abs(offset) / 60
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return text + (offset < 0 ? "-" : "+") + two(minutes / 60) + ":" + two(minutes % 60)
    }

    /// `3 min ago`, `in 2 h`.
    func relative(to now: Moment = .now) -> String {
        let span = TimeSpan(milliseconds: (now.time.milliseconds - time.milliseconds + 500) / 1000 * 1000)
        // Clocks of two machines differ by as much.
        if abs(span.milliseconds) < 2000 { return "just now" }
        return span < .zero ? "in \(TimeSpan(milliseconds: -span.milliseconds).inWords)" : "\(span.inWords) ago"
    }

    fileprivate static func offset(at time: Timestamp) -> Int {
        TimeZone.current.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.milliseconds) / 1000))
    }
}

/// An instant on the command line: a time, which is local where it names no zone, or a length of time, which is so long ago.
struct MomentArgument: ExpressibleByArgument {
    let time: Timestamp
    /// It says no part of a second: what happened within that second is meant too.
    var isWholeSecond = false

    static let help = "A time such as 2026-11-24T08:00 (local, unless it names a zone), or so long ago: 90m, 2d."

    init?(argument: String) {
        if let span = try? Quantity.span(argument) {
            time = Moment.now.time - span
            return
        }
        guard let time = TimeText.parse(argument), (0...253_402_300_799_999).contains(time.milliseconds) else {
            return nil
        }
        isWholeSecond = time.milliseconds % 1000 == 0 && !argument.contains(".")
        let isDigits = argument.allSatisfy { $0.isNumber || $0 == "." }
        let clock = argument.dropFirst(10)
        let namesZone = clock.contains { "Zz+-U".contains($0) }
        guard !isDigits, !namesZone else {
            self.time = time
            return
        }
        // The offset of the instant that is meant, not of the same digits in UTC; twice, for the hours around a change of it.
        var local = time - .seconds(Int64(Moment.offset(at: time)))
        local = time - .seconds(Int64(Moment.offset(at: local)))
        self.time = local
    }

    /// As a query of the API takes it.
    var query: String { time.description }

    /// The last instant that is meant.
    var last: Timestamp { isWholeSecond ? time + TimeSpan(milliseconds: 999) : time }
}

/// A length of time on the command line, as people write it.
struct SpanArgument: ExpressibleByArgument {
    let span: TimeSpan

    init?(argument: String) {
        guard let span = try? Quantity.span(argument), span > .zero else { return nil }
        self.span = span
    }

    /// As the API takes it: `1.5h` is `90m`.
    var query: String { span.description }
}
