import ScriptProtocol
import Testing

@testable import LuaSandbox

/// Patterns mean what the manual of Lua 5.4 says. Each line is an expression that holds in `lua5.4`.
struct PatternTests {
    private let scripts = Scripts()

    @Test(arguments: [
        // find and match
        "select('#', ('hello'):find('l')) == 2", "('hello'):find('xyz') == nil", "('hello'):find('') == 1",
        "('hello'):find('', 10) == nil", "('hello'):find('', 6) == 6", "('hello'):find('l', -2) == 4",
        "('a.b'):find('.', 1, true) == 2", "('a.b'):find('%.') == 2", "('a+b'):find('+', 1, true) == 2",
        "('hello'):match('^h') == 'h'", "('hello'):match('^e') == nil", "('hello'):match('o$') == 'o'",
        "('a$'):match('a$$') == 'a$'", "('a$b'):match('a$b') == 'a$b'", "('hello'):match('l+') == 'll'",
        "('hello'):match('l-o') == 'llo'", "('hello'):match('hx?e') == 'he'", "('  x  '):match('^%s*(.-)%s*$') == 'x'",
        "('key = value'):match('(%w+)%s*=%s*(%w+)') == 'key'", "('2026-11-25'):match('(%d+)-(%d+)') == '2026'",
        "('hello'):match('()ll()') == 3", "select(2, ('hello'):match('()ll()')) == 5",
        "('THE (quick) fox'):find('%((%a+)%)') == 5", "('f(a(b)c)d'):match('%b()') == '(a(b)c)'",
        "('THE (quick) fox'):match('%f[%a]%a+', 5) == 'quick'", "('hello'):match('.-') == ''",
        "('hello'):match('(l)(%1)') == 'l'",
        "('\"x\" y'):match('([\"\\'])(.-)%1') == '\"'", "('a-z'):match('[a%-z]+') == 'a-z'",
        "(']'):match('[]]') == ']'",
        "('^'):match('[%^]') == '^'", "('b'):match('[^a]') == 'b'", "('-'):match('[a-]') == '-'",
        "('x'):match('[a-z]') == 'x'",
        "('é'):match('[\\xc3][\\xa9]') == 'é'", "('a\\0b'):match('%z') == '\\0'", "('a\\0b'):find('\\0') == 2",
        "('ab12'):match('%a+%d+') == 'ab12'", "('AB'):match('%u%u') == 'AB'", "('ab'):match('%U%U') == 'ab'",
        "('0x1F'):match('%x+', 3) == '1F'", "('a,b'):match('%p') == ','", "('\\t'):match('%c') == '\\t'",
        "('x'):match('%g') == 'x'",
        "('alo'):match('^(((.).).*)$') == 'alo'", "select('#', ('alo'):match('^(((.).).*)$')) == 3",
        "('x'):rep(300):match('.-b') == nil", "('aaab'):match('a*b') == 'aaab'", "('aaa'):match('a-$') == 'aaa'",
        "string.rep(12345, 2) == '1234512345'", "('x1y2'):match('%d', -1) == '2'",
        // gsub
        "('hello'):gsub('l', 'L') == 'heLLo'", "select(2, ('hello'):gsub('l', 'L')) == 2",
        "('hello'):gsub('', '-') == '-h-e-l-l-o-'",
        "('hello'):gsub('l', 'L', 1) == 'heLlo'", "('hello'):gsub('l*', 'x') == 'xhxexox'",
        "('abc'):gsub('%w', '%0%0') == 'aabbcc'",
        "('abc'):gsub('%w', '%%') == '%%%'", "('hello world'):gsub('(%w+) (%w+)', '%2 %1') == 'world hello'",
        "('abc'):gsub('b', { b = 'X' }) == 'aXc'", "('abc'):gsub('.', { b = false }) == 'abc'",
        "('abc'):gsub('b', { b = 1 }) == 'a1c'",
        "('abc'):gsub('(b)', function(x) return x:upper() end) == 'aBc'", "('abc'):gsub('b', function() end) == 'abc'",
        "('abc'):gsub('^a', 'x') == 'xbc'", "('aaa'):gsub('^a', 'x') == 'xaa'", "('abc'):gsub('()', '%1') == '1a2b3c4'",
        "('abc'):gsub('b', 7) == 'a7c'", "('a b c'):gsub('%f[%w]%w', string.upper) == 'A B C'",
        "select(2, ('abc'):gsub('%w', '%0', 0)) == 0", "('abc d'):gsub('%w*', 'x') == 'x x'",
    ])
    func agreesWithLua(expression: String) throws {
        // Only the first result counts; gsub has two.
        #expect(try scripts.expression("(\(expression))") == .bool(true))
    }

    @Test func gmatchWalks() throws {
        #expect(
            try scripts.value(
                "local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k .. v end return table.concat(t, ' ')"
            )
                == .string("a1 b2")
        )
        #expect(
            try scripts.value("local t = {} for w in ('one two'):gmatch('%a+') do t[#t + 1] = w end return t")
                == .list([.string("one"), .string("two")])
        )
        #expect(try scripts.value("local n = 0 for _ in ('abc'):gmatch('') do n = n + 1 end return n") == .integer(4))
        #expect(
            try scripts.value("local t = {} for p in ('abc'):gmatch('()', 2) do t[#t + 1] = p end return t")
                == .list([2, 3, 4].map { .integer($0) })
        )
        #expect(
            try scripts.value("local n = 0 for _ in ('^a^a'):gmatch('^a') do n = n + 1 end return n") == .integer(2)
        )
    }

    @Test(arguments: [
        ("('a'):find('[a')", "malformed pattern (missing ']')"),
        ("('a'):find('%')", "malformed pattern (ends with '%')"),
        ("('a'):find('(a')", "unfinished capture"),
        ("('a'):match('a)')", "invalid pattern capture"),
        ("('a'):find('%1')", "invalid capture index %1"),
        ("('a'):find('%b')", "malformed pattern (missing arguments to '%b')"),
        ("('a'):find('%f')", "missing '[' after '%f' in pattern"),
        ("('a'):gsub('a', '%2')", "invalid capture index %2"),
        ("('a'):gsub('a', '%x')", "invalid use of '%' in replacement string"),
        ("('a'):gsub('a', function() return {} end)", "invalid replacement value (a table)"),
        ("('a'):gsub('a', true)", "bad argument #2 to 'gsub' (string/function/table expected, got boolean)"),
        ("('a'):rep(400):find(('a?'):rep(400))", "pattern too complex"),
        ("('a'):find(('(a?)'):rep(33))", "too many captures"),
        ("string.find(nil, 'x')", "bad argument #1 to 'find' (string expected, got nil)"),
    ])
    func mistakesAreErrors(expression: String, message: String) throws {
        let failure = try scripts.failure("return (\(expression))")
        #expect(failure.message == message)
        #expect(failure.line == 1)
    }
}
