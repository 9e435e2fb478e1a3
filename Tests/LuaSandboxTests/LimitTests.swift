import ScriptProtocol
import Testing

@testable import LuaSandbox

/// A limit ends the run from wherever it is, is reported by its kind and where it struck, and no script learns of it.
struct LimitTests {
    private let small = Scripts(
        limits: ScriptLimits(
            instructions: 200_000,
            wallMilliseconds: 20_000,
            memoryBytes: 2 << 20,
            logBytes: 1000,
            resultBytes: 1000,
            sourceBytes: 4000
        )
    )

    @Test(arguments: [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "local function f() return xpcall(f, f) end while true do f() end",
        "while true do pcall(error, 'x') end",
        "local co = coroutine.wrap(function() while true do end end) co()",
        "while true do coroutine.resume(coroutine.create(function() end)) end",
        "while true do coroutine.wrap(function() for i = 1, 250 do end end)() end",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "string.gsub('abc', '.', function() while true do end end)",
        "error(setmetatable({}, { __tostring = function() while true do end end }))",
        "return #string.rep('a', 30):match(('a?'):rep(30) .. ('a'):rep(31))",
        "while true do rawlen({}) end",
        "for _ in rawlen, 'x' do end",
        "local t = {} for i = 1, 3000 do t[i] = i end while true do for _ in pairs(t) do end end",
        "while true do table.concat({ 1, 2, 3 }) end",
        "while true do table.unpack({}, 1, 1000) end",
        "local s = ('x'):rep(100000) while true do local _ = s:upper() end",
        "while true do utf8.len('xxxx') end",
        "print = nil while true do tostring(1) end",
    ])
    func instructions(script: String) throws {
        let ended = try small.run(script)
        #expect(ended.failure?.kind == .instructionLimit)
        #expect(ended.failure?.message == "the script executed more than 200000 instructions")
        #expect(ended.failure?.file == Scripts.file)
        #expect(ended.failure?.line == 1)
        #expect(ended.usage.instructions == 200_000)
    }

    @Test(arguments: [
        "local t = {} while true do t[#t + 1] = {} end",
        "local s = 'x' while true do s = s .. s end",
        "return ('x'):rep(1 << 40)",
        "return ('x'):rep(1 << 62, 'y')",
        "pcall(string.rep, 'x', 1 << 30) return 1",
        "local function f() return 1 + f() end return f()",
        "local t = {} for i = 1, 1e6 do t[i] = tostring(i) end",
        "local s = ('x'):rep(60000) local t = {} while true do t[#t + 1] = s:reverse() end",
    ])
    func memory(script: String) throws {
        var scripts = small
        scripts.limits.instructions = 10_000_000
        let ended = try scripts.run(script)
        #expect(ended.failure?.kind == .memoryLimit)
        #expect(ended.failure?.line == 1)
        #expect(ended.usage.peakMemoryBytes <= 2 << 20)
    }

    @Test func wallTime() throws {
        var limits = ScriptLimits(instructions: 1 << 60, wallMilliseconds: 20)
        let failure = try Scripts(limits: limits).failure("local x = 1\nwhile true do x = x + 1 end")
        #expect(failure.kind == .wallLimit)
        #expect(failure.message == "the script ran longer than 20 ms")
        #expect(failure.line == 2)
        // In one call of a library function too.
        limits.wallMilliseconds = 5
        let pattern = "return string.find(('a'):rep(2000), ('a-'):rep(8) .. 'b')"
        #expect(try Scripts(limits: limits).failure(pattern).kind == .wallLimit)
    }

    @Test func theLog() throws {
        let ended = try small.run("print('first')\nfor i = 1, 1000 do print('a line of some length', i) end")
        #expect(ended.failure?.kind == .logLimit)
        #expect(ended.failure?.line == 2)
        #expect(ended.log.first == "first")
        #expect(ended.log.reduce(0) { $0 + $1.utf8.count + 1 } <= 1000)
    }

    @Test func theResult() throws {
        #expect(try small.failure("return ('x'):rep(2000)").kind == .resultLimit)
        #expect(try small.value("return ('x'):rep(500)") == .string(String(repeating: "x", count: 500)))
    }

    @Test func theSource() throws {
        let failure = try small.failure("return 1 --" + String(repeating: "x", count: 4000))
        #expect(failure.kind == .sourceLimit)
        #expect(failure.file == Scripts.file)
    }

    @Test func aDeadStateStaysDead() throws {
        let limits = ScriptLimits(instructions: 10_000)
        let state = try LuaState(limits: limits, seed: 0) { _ throws(LuaFailure) in
            throw LuaFailure(kind: .raised, message: "")
        }
        let compiler = LuaCompiler()
        let code = try compiler.code(ScriptSource(name: "x", bytes: Array("while true do end".utf8)), limits: limits)
        let function = try state.load(code)
        for _ in 1...3 {
            let failure = #expect(throws: LuaFailure.self) { try state.evaluate(function) }
            #expect(failure?.kind == .instructionLimit)
        }
    }

    @Test func noScriptSeesALimit() throws {
        let ended = try small.run(
            """
            local ok = pcall(function() while true do end end)
            print('caught', ok)
            """
        )
        #expect(ended.log.isEmpty)
        #expect(ended.failure?.line == 1)
    }

    @Test func usageIsTheSameEachTime() throws {
        let script =
            "local t = {} for i = 1, 500 do t['k' .. i] = i end local n = 0 for _, v in pairs(t) do n = n + v end return n"
        let first = try Scripts().run(script)
        let second = try Scripts().run(script)
        #expect(first.value == .integer(125_250))
        #expect(first.usage.instructions == second.usage.instructions)
        #expect(first.usage.peakMemoryBytes == second.usage.peakMemoryBytes)
        #expect(first.usage.instructions > 1000)
    }
}
