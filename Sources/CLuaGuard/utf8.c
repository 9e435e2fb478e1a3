// utf8: Lua's own functions, each charged for the text that it may walk through.
#include "guard.h"

/// Upvalue: the function as it is.
static int charged(lua_State *L) {
    size_t count = lua_type(L, 1) == LUA_TSTRING ? lua_rawlen(L, 1) : 0;
    guard_charge(L, 2 + lua_gettop(L) + (int64_t)(count / 8));
    // None of them has upvalues, so that it can run in our frame.
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/// One step of `codes`, charged for the bytes that it passes over. Upvalue: the step as it is.
static int codes_step(lua_State *L) {
    size_t count = 0;
    const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &count) : "";
    lua_Integer at = lua_isinteger(L, 2) ? lua_tointeger(L, 2) : 0;
    size_t first = at > 0 && (lua_Unsigned)at < count ? (size_t)at : count, end = first;
    while (end < count && ((unsigned char)text[end] & 0xc0) == 0x80) end++;
    guard_charge(L, 1 + (int64_t)((end - first) / 8));
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/// Upvalue: `codes` as it is.
static int codes(lua_State *L) {
    guard_charge(L, 2);
    int count = lua_tocfunction(L, lua_upvalueindex(1))(L);
    lua_pushvalue(L, -count);
    lua_pushcclosure(L, codes_step, 1);
    lua_replace(L, -count - 1);
    return count;
}

void open_utf8(lua_State *L) {
    static const char *const names[] = { "char", "codepoint", "codes", "len", "offset" };
    lua_pushcfunction(L, luaopen_utf8);
    lua_call(L, 0, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lua_getfield(L, -1, names[i]);
        lua_pushcclosure(L, strcmp(names[i], "codes") == 0 ? codes : charged, 1);
        lua_setfield(L, -2, names[i]);
    }
    lua_setglobal(L, "utf8");
}
