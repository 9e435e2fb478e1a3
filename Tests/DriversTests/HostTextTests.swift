import Domain
import Drivers
import TestSupport
import Testing

/// Times and parts of addresses, as a driver reads and writes them.
@Suite(.inTurn)
struct HostTextTests {
    /// What a driver makes of it: its words, or its error.
    private func say(_ expression: String) async throws -> String {
        let bench = try DriverBench()
        let text = SmallDriver.text([
            "describe": "local function describe(host) return nil, tostring(\(expression)), 'refused' end"
        ])
        let driver = bench.driver(try await bench.plugin("odd", text))
        do throws(DriverError) {
            _ = try await driver.describe()
            return "it answered"
        } catch {
            return error.message
        }
    }

    @Test(arguments: [
        ("host.time.parse('1970-01-02T00:00:00Z')", "describe: 86400"),
        ("host.time.parse('2026-11-24T09:00:00.25+01:00')", "describe: 1795507200.25"),
        ("host.time.parse('2026-11-24t08:00:00z')", "describe: 1795507200"),
        ("host.time.parse('2026-11-24 08:00:00')", "describe: 1795507200"),
        (
            "host.time.parse('2026-02-30T08:00:00Z')",
            "host.time.parse: \"2026-02-30T08:00:00Z\" is no time; expected such as"
        ),
        ("host.time.parse('')", "host.time.parse: \"\" is no time"),
        ("host.time.parse(('2'):rep(1000000))", "is no time"),
        ("host.time.parse(7)", "the time is 7; expected a text"),
        ("host.time.parse()", "the time is nil; expected a text"),
        ("host.time.format(1795507200)", "describe: 2026-11-24T08:00:00Z"),
        ("host.time.format(1795507200.25)", "describe: 2026-11-24T08:00:00.250Z"),
        ("host.time.format(253402300799.9999)", "describe: 9999-12-31T23:59:59.999Z"),
        ("host.time.format(0/0)", "a number is NaN or infinite"),
        ("host.time.format(1e300)", "host.time.format is given"),
        ("host.time.format(math.mininteger)", "host.time.format is given"),
        ("host.time.format('now')", "host.time.format is given \"now\"; expected seconds since 1970"),
        ("host.time.prase", "host.time has no prase; known: format, parse"),
        ("host.url.encode('a b/ü?&=-._~')", "describe: a%20b%2F%C3%BC%3F%26%3D-._~"),
        ("host.url.decode('a%20b%2f%C3%BC+')", "describe: a b/ü+"),
        ("host.url.decode(host.url.encode('100 % of it'))", "describe: 100 % of it"),
        ("host.url.decode('%')", "host.url.decode: \"%\" is not percent-encoded UTF-8"),
        ("host.url.decode('%4')", "is not percent-encoded UTF-8"),
        ("host.url.decode('%zz')", "is not percent-encoded UTF-8"),
        ("host.url.decode('%ff')", "is not percent-encoded UTF-8"),
        ("host.url.encode(('x'):rep(1100000))", "the text is larger than 1 MiB"),
        ("host.url.encode({})", "expected a text"),
    ])
    func whatIsReadAndWritten(expression: String, words: String) async throws {
        let said = try await say(expression)
        #expect(said.contains(words), "\(said)")
    }
}
