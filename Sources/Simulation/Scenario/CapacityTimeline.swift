/// What served and what was paid for, step by step.
package struct CapacityTimeline: Sendable, Equatable {
    /// Resources that served in the step.
    package private(set) var ready: [Int]
    /// Resources that were paid for: ready, starting and draining.
    package private(set) var billed: [Int]

    package init() {
        ready = []
        billed = []
    }

    init(ready: [Int], billed: [Int]) {
        self.ready = ready
        self.billed = billed
    }

    package var count: Int { ready.count }

    package mutating func reserveCapacity(_ count: Int) {
        ready.reserveCapacity(count)
        billed.reserveCapacity(count)
    }

    package mutating func append(ready: Int, billed: Int) {
        self.ready.append(ready)
        self.billed.append(billed)
    }
}
