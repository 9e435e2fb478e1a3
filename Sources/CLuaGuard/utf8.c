// utf8: Lua's own functions, each charged for the text that it may walk through.
#include <stdatomic.h>

#include "guard.h"

/// Lua's own by name; the same in every state, so that it does not matter which one put them here.
enum { CHAR, CODEPOINT, CODES, LEN, OFFSET };
static const char *const names[] = { "char", "codepoint", "codes", "len", "offset" };
static _Atomic(lua_CFunction) originals[sizeof names / sizeof *names];

static int charged(lua_State *L, int which) {
    size_t count = lua_type(L, 1) == LUA_TSTRING ? lua_rawlen(L, 1) : 0;
    guard_charge(L, 2 + lua_gettop(L) + (int64_t)(count / 8));
    // None of them has upvalues, so that it can run in our frame.
    return atomic_load_explicit(&originals[which], memory_order_relaxed)(L);
}

static int utf8_char(lua_State *L) { return charged(L, CHAR); }
static int utf8_codepoint(lua_State *L) { return charged(L, CODEPOINT); }
static int utf8_len(lua_State *L) { return charged(L, LEN); }
static int utf8_offset(lua_State *L) { return charged(L, OFFSET); }

/// One step of `codes`, charged for the bytes that it passes over. Upvalue: the step as it is, strict or lax.
static int codes_step(lua_State *L) {
    size_t count = 0;
    const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &count) : "";
    lua_Integer at = lua_isinteger(L, 2) ? lua_tointeger(L, 2) : 0;
    size_t first = at > 0 && (lua_Unsigned)at < count ? (size_t)at : count, end = first;
    while (end < count && ((unsigned char)text[end] & 0xc0) == 0x80) end++;
    guard_charge(L, 1 + (int64_t)((end - first) / 8));
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static int utf8_codes(lua_State *L) {
    guard_charge(L, 2);
    int count = atomic_load_explicit(&originals[CODES], memory_order_relaxed)(L);
    lua_pushvalue(L, -count);
    lua_pushcclosure(L, codes_step, 1);
    lua_replace(L, -count - 1);
    return count;
}

const luaL_Reg utf8_functions[] = {
    { "char", utf8_char }, { "codepoint", utf8_codepoint }, { "codes", utf8_codes }, { "len", utf8_len },
    { "offset", utf8_offset }, { NULL, NULL },
};

void open_utf8(lua_State *L) {
    lua_pushcfunction(L, luaopen_utf8);
    lua_call(L, 0, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lua_getfield(L, -1, names[i]);
        atomic_store_explicit(&originals[i], lua_tocfunction(L, -1), memory_order_relaxed);
        lua_pop(L, 1);
    }
    luaL_setfuncs(L, utf8_functions, 0);
    lua_setglobal(L, "utf8");
}
