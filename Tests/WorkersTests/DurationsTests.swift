import Testing

@testable import Workers

struct DurationsTests {
    @Test func quantilesAreAtMostAQuarterTooHigh() {
        var durations = Durations()
        #expect(durations.microseconds(quantile: 0.5) == 0)
        for microseconds in 1...1000 { durations.add(nanoseconds: Int64(microseconds) * 1000) }
        for (quantile, exact) in [(0.5, 500.0), (0.9, 900), (0.99, 990)] {
            let found = durations.microseconds(quantile: quantile)
            #expect(found >= exact && found <= exact * 1.25)
        }
    }

    @Test func nothingIsOutOfRange() {
        var durations = Durations()
        for nanoseconds in [Int64.min, -1, 0, 1, 1 << 40, .max] { durations.add(nanoseconds: nanoseconds) }
        #expect(durations.microseconds(quantile: 1) > 0)
    }
}

struct QueueTests {
    @Test func whatLostItsTurnIsInFrontAgain() {
        var queue = Queue<Int>()
        for i in 0..<5000 { queue.append(i) }
        for i in 0..<1500 { #expect(queue.popFirst() == i) }
        queue.prepend([-2, -1])
        #expect(queue.count == 3502 && queue.first == -2)
        #expect([queue.popFirst(), queue.popFirst(), queue.popFirst()] == [-2, -1, 1500])
        #expect(queue.removeAll() == Array(1501..<5000))
        #expect(queue.popFirst() == nil && queue.count == 0)
    }
}
