import Testing

@testable import Agent

struct ExpositionParserTests {
    private func read(_ text: String, _ metrics: Set<String>) throws -> [ScrapedSeries] {
        try ScrapedSeries.read(Array(text.utf8), metrics: metrics, target: 0)
    }

    /// From the documentation of the format, with what it allows in its corners.
    static let example = #"""
        # HELP http_requests_total The total number of HTTP requests.
        # TYPE http_requests_total counter
        http_requests_total{method="post",code="200"} 1027 1395066363000
        http_requests_total{method="post",code="400"}    3 1395066363000

        # Escaping in label values:
        msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9
        metric_without_timestamp_and_labels 12.47
        something_weird{problem="division by zero"} +Inf -3982045
        http_request_duration_seconds_bucket{le="0.05"} 24054
        http_request_duration_seconds_bucket{le="+Inf"} 144320
        	spaced  { a = "1" , b="}" , }  -4.5e-3
        empty_labels{} NaN
        with_exemplar_total 17 # {trace_id="abc"} 0.5
        last_line_without_end 1
        """#

    @Test func readsTheFormat() throws {
        let all = try read(
            Self.example,
            [
                "http_requests_total", "msdos_file_access_time_seconds", "metric_without_timestamp_and_labels",
                "something_weird",
                "spaced", "empty_labels", "with_exemplar_total", "last_line_without_end",
            ]
        )
        #expect(
            all.map(\.value.description) == [
                "1027.0", "3.0", "1458255915.0", "12.47", "inf", "-0.0045", "nan", "17.0", "1.0",
            ]
        )
        #expect(
            all[0].identity.labels == [
                LabelMatch(name: "code", value: "200"), LabelMatch(name: "method", value: "post"),
            ]
        )
        #expect(all[2].identity.value(of: "path") == #"C:\DIR\FILE.TXT"#)
        #expect(all[2].identity.value(of: "error") == "Cannot find file:\n\"FILE.TXT\"")
        #expect(all[5].identity.labels == [LabelMatch(name: "a", value: "1"), LabelMatch(name: "b", value: "}")])
    }

    @Test func keepsOnlyWhatIsAskedFor() throws {
        #expect(try read(Self.example, ["spaced", "absent"]).map(\.identity.metric) == ["spaced"])
    }

    @Test(arguments: [
        ("ok 1\n9name 1\n", 2, "expected a metric's name"),
        ("a{\n", 1, "expected a label's name"),
        ("a{b}\n", 1, "expected = behind a label's name"),
        ("a{b=c}\n", 1, "expected a label's value in quotation marks"),
        ("a{b=\"c} 1\n", 1, "a label's value does not end"),
        ("a{b=\"c\\", 1, "a label's value does not end"),
        ("a{b=\"c\" d=\"e\"} 1\n", 1, "expected a comma or } behind a label"),
        ("a\n", 1, "expected a number"),
        ("a one\n", 1, "expected a number"),
        ("a 1 two\n", 1, "expected a number"),
        ("a 1 2 3\n", 1, "something follows the value"),
        ("\n\n<html>\n", 3, "expected a metric's name"),
        ("a 1\u{0}\n", 1, "expected a number"),
    ])
    func malformedTextIsNamed(text: String, line: Int, message: String) {
        #expect(throws: ExpositionError(line: line, message: message)) { try read(text, ["a"]) }
    }

    @Test func limits() {
        let labels = (0..<65).map { "l\($0)=\"x\"" }.joined(separator: ",")
        #expect(throws: ExpositionError(line: 1, message: "more than 64 labels")) {
            try read("a{\(labels)} 1\n", ["a"])
        }
        #expect(throws: ExpositionError.self) { try read("a \(String(repeating: "1", count: 65))\n", ["a"]) }
        let many = String(repeating: "a 1\n", count: ScrapedSeries.mostSeries + 1)
        #expect(throws: ExpositionError.self) { try read(many, ["a"]) }
    }

    @Test func mutationsEndInAnErrorOrSeries() {
        var random = SeededGenerator(seed: 3)
        let bytes = Array(Self.example.utf8)
        let metrics: Set<String> = [
            "http_requests_total", "msdos_file_access_time_seconds", "spaced", "something_weird",
        ]
        var errors = 0
        for _ in 0..<5000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<mutated.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: mutated[at] = UInt8.random(in: 0...255, using: &random)
                case 1: mutated.remove(at: at)
                default: mutated.insert(Array("\\\"{}=,\n# ".utf8).randomElement(using: &random) ?? 0, at: at)
                }
            }
            do throws(ExpositionError) {
                _ = try ScrapedSeries.read(mutated, metrics: metrics, target: 0)
            } catch {
                errors += 1
            }
        }
        #expect(errors > 500)
    }
}
