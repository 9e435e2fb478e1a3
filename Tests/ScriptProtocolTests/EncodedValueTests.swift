import ScriptProtocol
import TestSupport
import Testing

/// What stands in a frame and is not taken apart is what it would be if it were.
struct EncodedValueTests {
    @Test func everyValueComesBack() throws {
        for value in Samples.values {
            let same = try EncodedValue(value).decoded == value
            #expect(same)
        }
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<2000 {
            let value = Samples.random(&generator)
            #expect(try EncodedValue(value).decoded == value)
        }
    }

    @Test func fieldsAreFoundByTheirNames() throws {
        let inner = ScriptValue.table([.init("", .null), .init("é", .list([.integer(1), .string("x")]))])
        let value = try EncodedValue(
            .table([
                .init("a", .numbers([1, .nan, 3])), .init("aa", inner), .init("b", .function(line: 3)),
                .init("c", .string("a")), .init("d", .number(2)), .init("e", .bool(true)),
            ])
        )
        #expect(value["aa"]?.decoded == inner)
        #expect(value["aa"]?["é"]?.decoded == .list([.integer(1), .string("x")]))
        #expect(value["aa"]?[""]?.decoded == .null)
        #expect(value["c"]?.decoded == .string("a"))
        #expect(value["e"]?.decoded == .bool(true))
        for absent in ["", "ab", "f", "A", "e\u{301}"] { #expect(value[absent] == nil) }
        #expect(value["c"]?["a"] == nil)
        #expect(value["a"]?["a"] == nil)
        #expect(try EncodedValue(.null)["a"] == nil)
        #expect(EncodedValue.null.decoded == .null)
    }

    @Test func itemsAreValuesOfTheirOwn() throws {
        let items: [ScriptValue] = [
            .integer(1), .list([.null]), .table([.init("x", .string("é"))]), .numbers([.infinity]),
        ]
        let value = try EncodedValue(.table([.init("a", .null), .init("items", .list(items))]))
        #expect(value["items"]?.items.map(\.decoded) == items)
        #expect(value["items"]?.items[2]["x"]?.decoded == .string("é"))
        #expect(value.items.isEmpty)
        #expect(try EncodedValue(.list([])).items.isEmpty)
    }

    @Test func aPartIsAValueOfItsOwn() throws {
        let part = ScriptValue.table([.init("x", .integer(1))])
        let whole = try EncodedValue(.table([.init("a", .integer(9)), .init("part", part), .init("z", .null)]))
        #expect(try whole["part"] == EncodedValue(part))
        #expect(whole["part"]?["x"]?.decoded == .integer(1))
    }

    @Test func fieldsThatAreEncodedAlreadyTakeTheirPlaces() throws {
        let all = (0..<7).map { ScriptValue.Field("k\($0)", .list([.integer($0), .string("x")])) }
        let whole = try EncodedValue(.table(all))
        for mask in 0..<128 {
            let ready = all.indices.filter { mask >> $0 & 1 == 1 }
            let rest = all.indices.filter { mask >> $0 & 1 == 0 }
            let fields = try ready.map { try EncodedValue.Field(all[$0].key, all[$0].value) }
            #expect(try EncodedValue(.table(rest.map { all[$0] }), with: fields) == whole)
        }
        let one = try EncodedValue.Field("a", .integer(1))
        #expect(throws: FrameError.self) { try EncodedValue(.table([.init("a", .null)]), with: [one]) }
        #expect(throws: FrameError.self) { try EncodedValue(.table([]), with: [one, one]) }
        #expect(throws: FrameError.self) { try EncodedValue(.null, with: [one]) }
        #expect(throws: FrameError.self) { try EncodedValue.Field("a", Samples.nested(levels: 24)) }
        let few = FrameLimits(frameBytes: 1000, depth: 24, nodes: 4)
        let list = try EncodedValue.Field("b", .list([.null, .null]))
        #expect(throws: FrameError.self) { try EncodedValue(.table([]), with: [one, list], limits: few) }
    }

    @Test func whatAWorkerWouldRefuseIsNotMade() {
        #expect(throws: FrameError.self) { try EncodedValue(.number(.nan)) }
        #expect(throws: FrameError.self) { try EncodedValue(Samples.nested(levels: 25)) }
        #expect(throws: FrameError.self) { try EncodedValue(.table([.init("a", .null), .init("a", .null)])) }
        let few = FrameLimits(frameBytes: 1000, depth: 24, nodes: 3)
        #expect(throws: FrameError.self) { try EncodedValue(.list([.null, .null, .null]), limits: few) }
    }
}
