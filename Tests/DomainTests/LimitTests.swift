import Domain
import Testing

/// Limits and objectives as they stand in a fleet's and a persona's script.
struct LimitTests {
    private func failure<Value>(_ read: () throws(QuantityError) -> Value) -> String {
        do {
            return "read \(try read())"
        } catch {
            return error.description
        }
    }

    @Test func ratesHaveAnAmountAndAWindow() throws {
        #expect(try Quantity.rateLimit("100%/1m") == RateLimit(amount: .fraction(1), window: .minutes(1)))
        #expect(try Quantity.rateLimit("5/1h") == RateLimit(amount: .count(5), window: .hours(1)))
        #expect(try Quantity.rateLimit("20 % / 5m") == RateLimit(amount: .fraction(0.2), window: .minutes(5)))
        #expect(try Quantity.countLimit("2/1h") == CountLimit(count: 2, window: .hours(1)))
        #expect(try Quantity.countLimit("0/1h").count == 0)
    }

    @Test(arguments: ["100%/1m", "20%/5m", "5/1h", "12.5%/90s", "1200%/2d"])
    func areWrittenAsTheyAreRead(_ text: String) throws {
        #expect(try Quantity.rateLimit(text).description == text)
    }

    @Test(arguments: [
        ("20%", "it has no window", #""20%/1m""#), ("0%/1m", "nothing would ever move", nil),
        ("-5/1m", "nothing would ever move", nil),
        ("5/0s", "its window is not above 0", nil), ("5/1 hour", "its window", nil),
        ("1.5/1h", "it is no whole number", nil),
        ("5/1m/2m", "expected an amount per window", nil), ("x/1m", "expected a whole number or a share", nil),
        ("9999999/1m", "whole number", nil), ("200000%/1m", "it is too large", nil),
    ])
    func aWrongRateSaysWhatIsWrong(_ sample: (text: String, detail: String, suggestion: String?)) {
        let said = failure { () throws(QuantityError) in try Quantity.rateLimit(sample.text) }
        #expect(said.hasPrefix("found \"\(sample.text)\""))
        #expect(said.contains(sample.detail), "\(said)")
        if let suggestion = sample.suggestion { #expect(said.hasSuffix("(did you mean \(suggestion)?)"), "\(said)") }
    }

    @Test(arguments: ["2", "2.5/1h", "-1/1h", "20%/1h", "9999999/1h"]) func aWrongNumberOfTimesIsRefused(_ text: String)
    {
        #expect(
            failure { () throws(QuantityError) in try Quantity.countLimit(text) }
                .contains(#"a number per window such as "2/1h""#)
        )
    }

    @Test func amountsHaveASign() throws {
        #expect(try Quantity.scaleAmount("3") == .count(3))
        #expect(try Quantity.scaleAmount("-2") == .count(-2))
        #expect(try Quantity.scaleAmount("-10%") == .fraction(-0.1))
        #expect(try Quantity.scaleAmount(3) == .count(3))
        #expect(
            failure { () throws(QuantityError) in try Quantity.scaleAmount(0.2) }
                == #"found 0.2: it is no whole number; expected a whole number or a share such as 3 or "20%" (did you mean "20%"?)"#
        )
        #expect(
            failure { () throws(QuantityError) in try Quantity.scaleAmount("3 percent") }
                .hasSuffix(#"(did you mean "3%"?)"#)
        )
        #expect(failure { () throws(QuantityError) in try Quantity.scaleAmount(.nan) }.contains("found nan"))
    }

    @Test func objectivesHaveADirection() throws {
        #expect(try Quantity.objective("< 250") == Objective(comparison: .below, value: 250))
        #expect(try Quantity.objective(">= 99.9%") == Objective(comparison: .atLeast, value: 0.999))
        #expect(try Quantity.objective("<=1%").description == "<= 0.01")
        #expect(try Quantity.objective("> -5").value == -5)
    }

    @Test(arguments: [
        ("250", #""< 250""#), ("≤ 250", #""<= 250""#), ("=< 1%", #""<= 1%""#), ("=> 3", #"">= 3""#),
        ("< 250ms", #""< 250""#),
    ])
    func aWrongObjectiveSuggestsTheRightOne(_ sample: (text: String, suggestion: String)) {
        let said = failure { () throws(QuantityError) in try Quantity.objective(sample.text) }
        #expect(said.hasSuffix("(did you mean \(sample.suggestion)?)"), "\(said)")
    }

    @Test(arguments: ["", "<", "== 4", "fast", "< fast"]) func whatIsNoObjectiveIsRefused(_ text: String) {
        #expect(
            failure { () throws(QuantityError) in try Quantity.objective(text) }
                .contains("expected a comparison such as")
        )
    }
}
