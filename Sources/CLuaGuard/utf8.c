// utf8: Lua's own functions, each charged for the text that it may walk through.
#include "guard.h"

/// Upvalue: the function as it is.
static int charged(lua_State *L) {
    size_t count = lua_type(L, 1) == LUA_TSTRING ? lua_rawlen(L, 1) : 0;
    guard_charge(L, 2 + lua_gettop(L) + (int64_t)(count / 8));
    // None of them has upvalues, so that it can run in our frame.
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

void open_utf8(lua_State *L) {
    static const char *const names[] = { "char", "codepoint", "codes", "len", "offset" };
    lua_pushcfunction(L, luaopen_utf8);
    lua_call(L, 0, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        lua_getfield(L, -1, names[i]);
        lua_pushcclosure(L, charged, 1);
        lua_setfield(L, -2, names[i]);
    }
    lua_setglobal(L, "utf8");
}
