import ScriptProtocol
import TestSupport
import Testing

@testable import LuaSandbox

/// A state that is put back is the one that it was, whatever was done to it.
struct RewindTests {
    private let compiler = LuaCompiler()
    private let limits = ScriptLimits(wallMilliseconds: 5000)

    private func state() throws -> LuaState {
        let state = try LuaState(limits: limits, seed: 1) { name throws(LuaFailure) in
            throw LuaFailure(kind: .raised, message: "there is no module \(name)")
        }
        // As large as what is moved when it grows, and with pieces of many sizes.
        let before = """
            before = { list = {}, text = string.rep("x", 20000) }
            for i = 1, 3000 do before.list[i] = { i, tostring(i) } end
            keep = coroutine.wrap(function() for i = 1, 10 do coroutine.yield(i) end end)
            keep()
            """
        _ = try state.call(try state.load(code(before)), results: 0)
        return state
    }

    private func code(_ text: String) throws(LuaFailure) -> LuaCode {
        try compiler.code(ScriptSource(name: "policies/scaling/x.lua", bytes: Array(text.utf8)), limits: limits)
    }

    private func run(_ text: String, in state: LuaState) throws -> Scripts.Ended {
        state.begin(seed: 7, input: UnsafeRawBufferPointer(start: nil, count: 0))
        var ended = Scripts.Ended(log: [], usage: ScriptUsage())
        do throws(LuaFailure) {
            ended.value = try state.plain(try state.evaluate(try state.load(code(text))), .result, name: "result")
        } catch {
            ended.failure = error
        }
        (ended.log, ended.usage) = (state.log, state.usage)
        return ended
    }

    /// Says all that a script can see of the state.
    private static let look = """
        local seen = {}
        for k, v in pairs(_G) do seen[#seen + 1] = tostring(k) .. "=" .. type(v) end
        local sum = 0
        for i = 1, #before.list do sum = sum + before.list[i][1] + #before.list[i][2] end
        print(sum, #before.text, keep(), math.random(1000000), ("%d"):format(3), ("x"):rep(3))
        for k, v in pairs(string) do seen[#seen + 1] = k .. "=" .. type(v) end
        local objects = {}
        for i = 1, 500 do objects[i % 2 == 0 and { i } or function() return i end] = i end
        for _, i in pairs(objects) do seen[#seen + 1] = i end
        return { seen = seen, sum = sum, extra = before.extra or "none" }
        """

    private static let vandals = [
        "for k in pairs(_G) do if k ~= '_G' and k ~= 'pairs' then _G[k] = nil end end",
        "for i = 1, 50000 do before.list[i] = i end before.text = nil before.extra = 'left'",
        "for i = #before.list, 1, -1 do before.list[i] = nil end",
        "string.rep = function() return 'mine' end getmetatable('').__index = { format = error }",
        "setmetatable(_G, { __index = function() return 'ghost' end, __newindex = function() end })",
        "local t = {} for i = 1, 20000 do t[('k'):rep(i % 40) .. i] = { i } end kept = t",
        "for i = 1, 12 do pcall(keep) end print(('y'):rep(5000)) error('out')",
        "local s = 'a' for i = 1, 16 do s = s .. s end for i = 1, 20 do _G[i] = s .. i end",
        "math.randomseed(1) require('none')",
        "local function f(n) return n == 0 and 0 or 1 + f(n - 1) end f(15000)",
        "return setmetatable({}, { __index = before })",
    ]

    @Test func whateverAScriptDidIsNotThereAnyMore() throws {
        let state = try state()
        state.keep()
        let first = try run(Self.look, in: state)
        #expect(first.failure == nil)
        // Nor does it matter that it is kept.
        let other = try run(Self.look, in: try self.state())
        #expect(other.value == first.value && other.log == first.log)
        for vandal in Self.vandals {
            #expect(state.rewind())
            _ = try run(vandal, in: state)
            #expect(state.rewind())
            let again = try run(Self.look, in: state)
            #expect(again.value == first.value && again.log == first.log, "after \(vandal)")
            #expect(
                again.usage.instructions == first.usage.instructions
                    && again.usage.peakMemoryBytes == first.usage.peakMemoryBytes,
                "after \(vandal)"
            )
        }
    }

    /// Pieces of every size come and go, in any order.
    @Test func drawnMemoryIsPutBack() throws {
        let state = try state()
        state.keep()
        let first = try run(Self.look, in: state)
        var random = SeededGenerator(seed: 11)
        for _ in 0..<60 {
            var lines: [String] = []
            for _ in 0..<40 {
                let (place, size) = (Int.random(in: 1...3000, using: &random), Int.random(in: 0...3000, using: &random))
                lines.append(
                    [
                        "before.list[\(place)] = nil", "before.list[\(place)] = ('z'):rep(\(size))",
                        "before.text = before.text .. \(size)",
                        "for i = 1, \(size) do before.list[#before.list + 1] = {} end",
                        "_G['g\(place)'] = { n = \(size) }", "before.list = { before.list }",
                    ]
                    .randomElement(using: &random) ?? ""
                )
            }
            #expect(state.rewind())
            _ = try run("pcall(function() \(lines.joined(separator: " ")) end) return 1", in: state)
            #expect(state.rewind())
            let again = try run(Self.look, in: state)
            #expect(again.value == first.value && again.log == first.log)
            #expect(again.usage.peakMemoryBytes == first.usage.peakMemoryBytes)
        }
    }

    @Test func hostFunctionsOfTheRunAreGoneAndThoseBeforeAreThere() throws {
        let state = try state()
        let host = try state.hostTable([("ask", { _ throws(LuaFailure) in .string("before") })])
        let install = try LuaCompiler.internalCode("local host, globals = ... globals.ask = host.ask", name: "=troupe")
        _ = try state.call(try state.load(install), [host, .globals], results: 0)
        state.keep()
        for _ in 0..<3 {
            _ = try state.hostTable([("more", { _ throws(LuaFailure) in .string("of the run") })])
            #expect(try run("return ask()", in: state).value == .string("before"))
            state.end()
            #expect(try run("return ask()", in: state).failure != nil)
            #expect(state.rewind())
        }
    }

    @Test func aStateThatALimitHasEndedIsNotPutBack() throws {
        let state = try LuaState(limits: ScriptLimits(instructions: 10_000), seed: 1) { name throws(LuaFailure) in
            throw LuaFailure(kind: .raised, message: name)
        }
        #expect(!state.rewind(), "nothing is kept")
        state.keep()
        #expect(try run("while true do end", in: state).failure?.kind == .instructionLimit)
        #expect(!state.rewind())
    }
}
