import Agent
import Testing

struct CollectionScheduleTests {
    @Test(arguments: ["web-1", "web-2", "", "ü"], [1, 10, 3600])
    func timesOfAResourceAreEvenlySpaced(resource: String, seconds: Int) {
        let schedule = CollectionSchedule(resource: resource, intervalSeconds: seconds)
        for start: Int64 in [1_764_000_000_123, 0, -5_000_000, 7] {
            let first = schedule.next(after: start)
            #expect(first > start && first - start <= schedule.intervalMs)
            #expect(schedule.next(after: first) == first + schedule.intervalMs)
            #expect(schedule.next(after: first - 1) == first)
        }
    }

    @Test func resourcesAreSpreadOverTheInterval() {
        let moments = (0..<1000)
            .map {
                CollectionSchedule(resource: "web-\($0)", intervalSeconds: 10).next(after: 1_764_000_000_000) % 10_000
                    / 1000
            }
        let largest = Dictionary(grouping: moments, by: { $0 }).values.map(\.count).max() ?? 0
        #expect(Set(moments).count == 10 && largest < 200)
    }
}
