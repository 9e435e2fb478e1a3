import RemoteWrite
import Testing

struct LabelBlockIndexTests {
    private func withBlock<Value>(_ labels: [WireLabel], _ body: (LabelBlock) -> Value) -> Value {
        WriteRequestEncoder.labelBlock(labels)
            .withUnsafeBytes {
                body(LabelBlock(bytes: $0, limits: WireLimits()))
            }
    }

    @Test func findsEachBlockAmongMany() {
        var index = LabelBlockIndex(seed: 42)
        for number in 0..<5000 {
            let labels = [label("__name__", "kpi"), label("instance", "web-\(number)")]
            #expect(withBlock(labels) { index.number(of: $0) } == nil)
            #expect(withBlock(labels) { index.insert($0, number: Int32(number)) })
        }
        #expect(index.count == 5000)
        for number in 0..<5000 {
            let labels = [label("__name__", "kpi"), label("instance", "web-\(number)")]
            #expect(withBlock(labels) { index.number(of: $0) } == Int32(number))
        }
        #expect(withBlock([]) { index.number(of: $0) } == nil)
    }

    @Test func aFullIndexRefusesAndKeepsWhatItHas() {
        var index = LabelBlockIndex(seed: 1, capacityBytes: 20)
        #expect(withBlock([label("a", "1234567")]) { index.insert($0, number: 1) })
        #expect(!withBlock([label("b", "1234567")]) { index.insert($0, number: 2) })
        #expect(withBlock([label("a", "1234567")]) { index.number(of: $0) } == 1)
        #expect(index.count == 1)
    }

    @Test func blocksCompareByTheirBytes() {
        let one = WriteRequestEncoder.labelBlock([label("a", "1")])
        let other = WriteRequestEncoder.labelBlock([label("a", "2")])
        one.withUnsafeBytes { first in
            other.withUnsafeBytes { second in
                let copy = Array(first)
                copy.withUnsafeBytes { same in
                    let limits = WireLimits()
                    let block = LabelBlock(bytes: first, limits: limits)
                    #expect(block == LabelBlock(bytes: same, limits: limits))
                    #expect(block.hashValue == LabelBlock(bytes: same, limits: limits).hashValue)
                    #expect(block != LabelBlock(bytes: second, limits: limits))
                }
            }
        }
    }
}
