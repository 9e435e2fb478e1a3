// Arithmetic on texts that are numbers, `"10" + 1`, which Lua 5.4 leaves to the metatable of texts.
#include "guard.h"

static bool push_number(lua_State *L, int index) {
    if (lua_type(L, index) == LUA_TNUMBER) {
        lua_pushvalue(L, index);
        return true;
    }
    if (lua_type(L, index) != LUA_TSTRING) return false;
    size_t count;
    const char *text = lua_tolstring(L, index, &count);
    guard_charge(L, 1 + (int64_t)(count / 8));
    return lua_stringtonumber(L, text) == count + 1;
}

/// Upvalues: the operation and the name of its metamethod.
static int calculate(lua_State *L) {
    int operation = (int)lua_tointeger(L, lua_upvalueindex(1));
    lua_settop(L, 2);
    if (push_number(L, 1) && push_number(L, 2)) {
        lua_arith(L, operation);
        return 1;
    }
    lua_settop(L, 2);
    // The other operand may know better.
    if (lua_type(L, 2) != LUA_TSTRING && guard_metafield(L, 2, lua_tostring(L, lua_upvalueindex(2))) != LUA_TNIL) {
        lua_insert(L, 1);
        lua_call(L, 2, 1);
        return 1;
    }
    const char *name = lua_tostring(L, lua_upvalueindex(2));
    return luaL_error(L, "attempt to %s a '%s' with a '%s'", name + 2, luaL_typename(L, 1), luaL_typename(L, 2));
}

void open_string_arithmetic(lua_State *L) {
    static const struct {
        const char *name;
        int operation;
    } operations[] = {
        { "__add", LUA_OPADD }, { "__sub", LUA_OPSUB }, { "__mul", LUA_OPMUL }, { "__mod", LUA_OPMOD }, { "__pow", LUA_OPPOW },
        { "__div", LUA_OPDIV }, { "__idiv", LUA_OPIDIV }, { "__unm", LUA_OPUNM },
    };
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        lua_pushinteger(L, operations[i].operation);
        lua_pushstring(L, operations[i].name);
        lua_pushcclosure(L, calculate, 2);
        lua_setfield(L, -2, operations[i].name);
    }
}
