import Testing

@testable import Agent

struct JSONParserTests {
    private func parse(_ text: String) throws(JSONError) -> JSONValue {
        try JSONParser.parse(Array(text.utf8))
    }

    @Test(arguments: [
        ("null", JSONValue.null), (" true ", .bool(true)), ("false", .bool(false)), ("-0.5e+2", .number(-50)),
        ("0", .number(0)),
        ("[]", .array([])), ("{}", .object([:])),
        ("[1, [2],{}]", .array([.number(1), .array([.number(2)]), .object([:])])),
        (#"{"a":1,"b":{"c":"d"}}"#, .object(["a": .number(1), "b": .object(["c": .string("d")])])),
        (#""a\"\\\/\b\f\n\r\té€😀é""#, .string("a\"\\/\u{8}\u{C}\n\r\té€😀é")),
    ])
    func reads(text: String, value: JSONValue) throws {
        #expect(try parse(text) == value)
    }

    @Test func escapesOfUnicode() throws {
        #expect(try parse("\"\\u00e9\\u20AC\\ud83d\\ude00\"") == .string("é€😀"))
    }

    @Test(arguments: [
        "", " ", "nul", "truex", "[1,]", "[1", "[1 2]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",
        "{\"a\":1,\"a\":2}", "01", "1.",
        ".5", "-", "1e", "1e999", "+1", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\ud83d\"", "\"\\ud83d\\n\"",
        "\"\\ude00\"", "\"\n\"", "1 2",
        "NaN", "'a'", String(repeating: "[", count: 1000),
    ])
    func refuses(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func limits() {
        #expect(throws: JSONError.self) { try parse("\"" + String(repeating: "a", count: JSONParser.mostBytes) + "\"") }
        #expect(throws: JSONError.self) {
            try parse("[" + String(repeating: "1,", count: JSONParser.mostValues) + "1]")
        }
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    }
}
