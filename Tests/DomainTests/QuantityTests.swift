import Domain
import Testing

/// Quantities as people write them, and the errors that say what was meant.
struct QuantityTests {
    private func failure<Value>(_ read: () throws(QuantityError) -> Value) -> String {
        do {
            return "read \(try read())"
        } catch {
            return error.description
        }
    }

    @Test func coresAreReadWithAndWithoutTheirUnit() throws {
        #expect(try Quantity.cores("2") == 2)
        #expect(try Quantity.cores("2 cores") == 2)
        #expect(try Quantity.cores("1 core") == 1)
        #expect(try Quantity.cores(" 0.5 ") == 0.5)
        #expect(try Quantity.cores("500m") == 0.5)
        #expect(try Quantity.cores(3) == 3)
    }

    @Test func bytesNeedTheirUnit() throws {
        #expect(try Quantity.bytes("4GiB") == 4_294_967_296)
        #expect(try Quantity.bytes("512 MB") == 512_000_000)
        #expect(try Quantity.bytes("1.5KiB") == 1536)
        #expect(try Quantity.bytes("8PiB") == 9_007_199_254_740_992)
        #expect(
            failure { () throws(QuantityError) in try Quantity.bytes("4") }
                == #"found "4": it has no unit; expected bytes such as "4GiB" or "512MB" (did you mean "4GiB"?)"#
        )
    }

    @Test func bandwidthIsInBitsPerSecond() throws {
        #expect(try Quantity.bitsPerSecond("1Gbps") == 1e9)
        #expect(try Quantity.bitsPerSecond("500 Mbps") == 5e8)
    }

    @Test(arguments: [
        ("0s", 0), ("250ms", 250), ("90s", 90_000), ("5m", 300_000), ("1.5h", 5_400_000), ("14d", 1_209_600_000),
        ("1w", 604_800_000), ("0.4ms", 0),
    ])
    func spansAreReadToTheMillisecond(_ span: (text: String, milliseconds: Int64)) throws {
        #expect(try Quantity.span(span.text) == TimeSpan(milliseconds: span.milliseconds))
    }

    @Test func sharesArePercentagesOrFractions() throws {
        #expect(try Quantity.fraction("20%") == 0.2, "exactly, which 20 × 0.01 is not")
        #expect(try Quantity.fraction("99.9%") == 0.999, "which 99.9 ÷ 100 is not")
        #expect(try Quantity.fraction("7%") == 0.07)
        #expect(try Quantity.fraction("0.2") == 0.2)
        #expect(try Quantity.fraction("1000%") == 10)
        #expect(
            failure { () throws(QuantityError) in try Quantity.fraction(70, atMost: 1) }
                == #"found 70: it is more than 100%; expected a share such as "20%" or 0.2 (did you mean "70%"?)"#
        )
    }

    @Test(arguments: [
        ("4 Gib", #""Gib" is no unit of it"#, #""4GiB""#), ("4 gigabytes", #""gigabytes" is no unit of it"#, #""4GB""#),
        ("4GIB", #""GIB" is no unit of it"#, #""4GiB""#),
    ])
    func aWrongUnitSuggestsTheRightOne(_ sample: (text: String, detail: String, suggestion: String)) {
        let said = failure { () throws(QuantityError) in try Quantity.bytes(sample.text) }
        #expect(said.contains(sample.detail) && said.hasSuffix("(did you mean \(sample.suggestion)?)"), "\(said)")
    }

    @Test(arguments: [
        ("90 sec", #""90s""#), ("5 mins", #""5m""#), ("2 Hours", #""2h""#), ("90", #""90s""#), ("3 day", #""3d""#),
    ])
    func aWrongUnitOfTimeToo(_ sample: (text: String, suggestion: String)) {
        let said = failure { () throws(QuantityError) in try Quantity.span(sample.text) }
        #expect(said.hasSuffix("(did you mean \(sample.suggestion)?)"), "\(said)")
    }

    @Test(arguments: [
        "", " ", "abc", "GiB", "-", ".", "1e3GiB", "0x10GiB", "1,5GiB", "4 GiB GiB", "٣GiB", "4GiB\0", "4\u{301}GiB",
    ])
    func whatIsNoQuantityIsQuoted(_ text: String) {
        let said = failure { () throws(QuantityError) in try Quantity.bytes(text) }
        #expect(said.hasPrefix("found \"\(text)\""), "\(said)")
        #expect(said.contains("expected bytes such as"))
    }

    @Test func whatIsLongIsShortened() {
        let said = failure { () throws(QuantityError) in try Quantity.bytes(String(repeating: "x", count: 5000)) }
        #expect(said.count < 150)
    }

    @Test func absurdAmountsAreRefused() {
        #expect(failure { () throws(QuantityError) in try Quantity.cores(.nan) }.hasPrefix("found nan"))
        #expect(failure { () throws(QuantityError) in try Quantity.cores(.infinity) }.hasPrefix("found inf"))
        #expect(failure { () throws(QuantityError) in try Quantity.cores("0") }.contains("it is not above 0"))
        #expect(failure { () throws(QuantityError) in try Quantity.cores("-2") }.contains("it is negative"))
        #expect(failure { () throws(QuantityError) in try Quantity.cores(1e9) }.contains("it is too large"))
        #expect(failure { () throws(QuantityError) in try Quantity.bytes("9999999PiB") }.contains("it is too large"))
        #expect(failure { () throws(QuantityError) in try Quantity.span("99999999999999h") }.contains("it is too l"))
        #expect(failure { () throws(QuantityError) in try Quantity.span("200000w") }.contains("it is too long"))
        #expect(failure { () throws(QuantityError) in try Quantity.fraction("-5%") }.contains("it is negative"))
        let least = failure { () throws(QuantityError) in try Quantity.span("10ms", atLeast: .seconds(1)) }
        #expect(least.contains("it is shorter than 1s"))
    }
}
