import Domain
import TestSupport
import Testing

/// Numbers as a person on call reads them.
struct NumberTextTests {
    @Test(arguments: [
        (0.0, "0"), (1790, "1,790"), (12.34, "12.3"), (9.999, "10"), (0.0042, "0.0042"), (-1234.6, "-1,235"),
        (99.94, "99.9"),
        (1e14, "100,000,000,000,000"), (1e18, "1e+18"), (.nan, "nan"), (-.infinity, "-inf"), (5e-10, "5e-10"),
    ])
    func amountsHaveTheDigitsThatMatter(_ sample: (value: Double, text: String)) {
        #expect(NumberText.amount(sample.value) == sample.text)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func countsAreGrouped(_ sample: (value: Int, text: String)) {
        #expect(NumberText.count(sample.value) == sample.text)
    }

    @Test(arguments: [
        (0.95, "95 %"), (0.999, "99.9 %"), (0.9995, "99.95 %"), (0.004, "0.4 %"), (0, "0 %"), (.nan, "nan"),
    ])
    func sharesArePercentages(_ sample: (value: Double, text: String)) {
        #expect(NumberText.percent(sample.value) == sample.text)
    }

    @Test func plainNumbersReadBackTheSame() {
        var random = SeededGenerator(seed: 17)
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(Double(NumberText.plain(value)) == value)
        }
        #expect(NumberText.plain(2) == "2")
        #expect(NumberText.plain(0.34) == "0.34")
    }

    @Test func nothingTraps() {
        for value in [
            Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, .nan, .infinity, -0.0,
        ] {
            for decimals in [-5, 0, 3, 12, 400] { #expect(!NumberText.fixed(value, decimals: decimals).isEmpty) }
            #expect(!NumberText.amount(value).isEmpty && !NumberText.percent(value).isEmpty)
        }
    }
}
