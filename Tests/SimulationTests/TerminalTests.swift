import Testing

@testable import Simulation

struct TerminalTests {
    private let unicode = TerminalStyle(colour: false, unicode: true)

    private func table() -> TextTable {
        TextTable(
            columns: [.left("policy"), .right("cost"), .left("note")],
            rows: [
                .init(["forecast-only", "1.066", "own"], bold: true), .init(["高負荷", "12.5"]),
                .init(["a\nb", "", "x"], colour: .red),
            ]
        )
    }

    @Test func tablesAreAligned() {
        #expect(
            table().lines(.plain) == [
                "policy          cost  note",
                "-------------  -----  ----",
                "forecast-only  1.066  own",
                "高負荷          12.5",
                "a b                   x",
            ]
        )
    }

    @Test func coloursDoNotMoveColumns() {
        let lines = table().lines(TerminalStyle(colour: true, unicode: true))
        #expect(lines[2] == "\u{1B}[1mforecast-only  1.066  own\u{1B}[0m")
        #expect(lines[4] == "\u{1B}[31ma b                   x\u{1B}[0m")
        #expect(lines.map(TextWidth.of) == table().lines(.plain).map(TextWidth.of))
    }

    @Test func widthsOfWhatIsNotLatin() {
        #expect(TextWidth.of("abc") == 3 && TextWidth.of("漢字") == 4 && TextWidth.of("e\u{301}") == 1)
        #expect(TextWidth.of("🎭") == 2 && TextWidth.of("\u{1B}[31mred\u{1B}[0m") == 3 && TextWidth.of("⣿") == 1)
        #expect(TextWidth.cut("forecast", to: 5) == "fore…" && TextWidth.cut("漢字漢", to: 4) == "漢…")
        #expect(TextWidth.cut("fits", to: 4) == "fits" && TextWidth.cut("fits", to: 0) == "")
    }

    private func chart(_ width: Int = 40, _ height: Int = 10) -> LineChart {
        let ramp = (0..<64).map { Double($0) }
        let step = (0..<64).map { $0 < 32 ? 20.0 : 60.0 }
        return LineChart(
            width: width,
            height: height,
            series: [
                .init("demand", values: ramp, colour: .cyan, mark: "*"),
                .init("capacity", values: step, colour: .green, mark: "="),
            ],
            start: "Mon",
            end: "Tue",
            top: 64
        )
    }

    @Test func chartsInLetters() {
        #expect(
            chart().lines(.plain) == [
                "       * demand   = capacity",
                "    64|                ================",
                "      |                =        *****",
                "      |                =    *****",
                "      |                =****",
                "    28|           *****=",
                "      |================",
                "      |  *****",
                "     0|***",
                "       Mon                          Tue",
            ]
        )
    }

    @Test func chartsInBraille() {
        let lines = chart().lines(unicode)
        #expect(lines.count == 10)
        #expect(lines[0] == "       ━ demand   ━ capacity")
        #expect(lines.allSatisfy { TextWidth.of($0) <= 40 })
        #expect(lines.dropFirst().dropLast().joined().unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
        let coloured = chart().lines(TerminalStyle(colour: true, unicode: true))
        #expect(coloured.map(TextWidth.of) == lines.map(TextWidth.of))
        #expect(coloured.joined().contains("\u{1B}[36m") && coloured.joined().contains("\u{1B}[32m"))
    }

    @Test func emptyFlatAndBrokenSeriesAreCharts() {
        for values in [[], [0, 0, 0], [.nan, .nan], [1, .nan, 2], [.infinity, 1], [1e300]] as [[Double]] {
            for style in [TerminalStyle.plain, unicode] {
                let chart = LineChart(
                    width: 30,
                    height: 6,
                    series: [
                        .init("a", values: values, colour: .normal, mark: "*"),
                        .init("b", values: values, colour: .dim, mark: ".", isArea: true),
                    ]
                )
                #expect(chart.lines(style).count == 6)
            }
        }
        #expect(chart(0, 0).lines(unicode).count == 4)
    }

    @Test func progress() {
        let early = ProgressLine.text(done: 0, of: 2000, elapsed: 0, style: .plain)
        #expect(early == "[------------------------]   0 %  0 of 2000")
        let half = ProgressLine.text(done: 1000, of: 2000, elapsed: 4, note: "2026-03-02T09:00", style: .plain)
        #expect(half == "[############------------]  50 %  1000 of 2000  4.0 s left  2026-03-02T09:00")
        let done = ProgressLine.text(done: 2000, of: 2000, elapsed: 100, style: unicode)
        #expect(done == "━━━━━━━━━━━━━━━━━━━━━━━━ 100 %  2000 of 2000  in 2 min")
        let narrow = ProgressLine.text(done: 5, of: 7, elapsed: 1, note: "a long note", width: 50, style: .plain)
        #expect(TextWidth.of(narrow) < 50)
        #expect(ProgressLine.text(done: 0, of: 0, elapsed: 0, style: .plain).contains("100 %"))
    }

    @Test func colourIsForTerminalsThatWantIt() {
        let environment = ["LANG": "en_US.UTF-8", "TERM": "xterm"]
        #expect(TerminalStyle(isTerminal: true, environment: environment) == TerminalStyle(colour: true, unicode: true))
        #expect(!TerminalStyle(isTerminal: false, environment: environment).colour)
        #expect(!TerminalStyle(isTerminal: true, environment: environment.merging(["NO_COLOR": "1"]) { $1 }).colour)
        #expect(TerminalStyle(isTerminal: true, environment: ["TERM": "dumb", "LANG": "C.UTF-8"]) == .plain)
        #expect(!TerminalStyle(isTerminal: true, environment: ["LANG": "C"]).unicode)
        #expect(!TerminalStyle(isTerminal: true, environment: ["LC_ALL": "C", "LANG": "en_US.UTF-8"]).unicode)
    }
}
