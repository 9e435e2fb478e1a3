import ScriptProtocol
import Testing

@testable import LuaSandbox

/// Of a run's input, values are made of what is asked for and of nothing else.
struct InputTests {
    private static let input = ScriptValue.table([
        .init("deep", .table([.init("a", .table([.init("b", .list([.integer(1), .string("é")]))]))])),
        .init("flag", .bool(false)), .init("samples", .numbers([1, .nan, 3])), .init("text", .string("deep")),
    ])
    private let compiler = LuaCompiler()
    private let limits = ScriptLimits(instructions: 100_000, wallMilliseconds: 5000)

    /// What an expression is for which `input` is there, and how many instructions that took.
    private func look(_ expression: String, in input: EncodedValue) throws -> (value: ScriptValue, instructions: Int64)
    {
        let state = try LuaState(limits: limits, seed: 1) { name throws(LuaFailure) in
            throw LuaFailure(kind: .raised, message: "there is no module \(name)")
        }
        let source = ScriptSource(name: "x.lua", bytes: Array("local input = ... return { \(expression) }".utf8))
        let script = try state.load(try compiler.code(source, limits: limits))
        let function = try state.field("input", of: try state.hostTable([]))
        let result: Result<ScriptValue, LuaFailure> = input.withUnsafeBytes { bytes in
            state.begin(seed: 1, input: bytes)
            do throws(LuaFailure) {
                return .success(try state.plain(try state.evaluate(script, [function]), .result, name: "result"))
            } catch {
                return .failure(error)
            }
        }
        return (try result.get(), state.usage.instructions)
    }

    @Test(arguments: [
        ("input('text')", ScriptValue.list([.string("deep")])),
        ("tostring(input('flag'))", .list([.string("false")])),
        ("input('deep', 'a', 'b')[2]", .list([.string("é")])),
        ("input('deep').a.b[1]", .list([.integer(1)])),
        ("#input('samples')", .list([.integer(3)])),
        ("input().text", .list([.string("deep")])),
        ("tostring(input('gone'))", .list([.string("nil")])),
        ("tostring(input('text', 'deep'))", .list([.string("nil")])),
        ("tostring(input('deep', 'a', 'b', '1'))", .list([.string("nil")])),
        ("input('deep') ~= input('deep')", .list([.bool(true)])),
    ])
    func aPathNamesAPart(expression: String, value: ScriptValue) throws {
        #expect(try look(expression, in: EncodedValue(Self.input)).value == value)
    }

    @Test func aRunWithoutInputHasNoParts() throws {
        #expect(try look("tostring(input('text'))", in: .null).value == .list([.string("nil")]))
    }

    @Test func whatIsNotAskedForCostsNothing() throws {
        let much = ScriptValue.list([ScriptValue](repeating: .string("x"), count: 5000))
        guard case .table(let fields) = Self.input else { return }
        let large = try EncodedValue(.table([.init("a", much)] + fields))
        let (text, cost) = try look("input('text')", in: large)
        #expect(text == .list([.string("deep")]))
        // How much lies before a part hangs on what was sent along: it must not show in what a run uses.
        #expect(try look("input('text')", in: EncodedValue(Self.input)).instructions == cost)
        let (count, dear) = try look("#input('a')", in: large)
        #expect(count == .list([.integer(5000)]) && dear > cost + 5000)
    }
}
