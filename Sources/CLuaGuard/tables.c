// The table library: ranges checked, each element counted; metamethods of the tables are called, as in Lua, and count themselves.
#include <limits.h>

#include "guard.h"

lua_Integer table_length(lua_State *L, int index) {
    luaL_checktype(L, index, LUA_TTABLE);
    guard_charge(L, 2);
    return luaL_len(L, index);
}

static int table_insert(lua_State *L) {
    // Whatever a metamethod says.
    lua_Integer next = (lua_Integer)((lua_Unsigned)table_length(L, 1) + 1), position = next;
    switch (lua_gettop(L)) {
    case 2: break;
    case 3:
        position = luaL_checkinteger(L, 2);
        luaL_argcheck(L, (lua_Unsigned)position - 1 < (lua_Unsigned)next, 2, "position out of bounds");
        for (lua_Integer i = next; i > position; i--) {
            guard_charge(L, 1);
            lua_geti(L, 1, i - 1);
            lua_seti(L, 1, i);
        }
        break;
    default: return luaL_error(L, "wrong number of arguments to 'insert'");
    }
    lua_seti(L, 1, position);
    return 0;
}

static int table_remove(lua_State *L) {
    lua_Integer count = table_length(L, 1), position = luaL_optinteger(L, 2, count);
    // From 1 to one past the end, 0 where the list is empty: as Lua has it, number of the argument included.
    if (position != count) {
        luaL_argcheck(L, (lua_Unsigned)position - 1 <= (lua_Unsigned)count, 1, "position out of bounds");
    }
    lua_geti(L, 1, position);
    for (; position < count; position++) {
        guard_charge(L, 1);
        lua_geti(L, 1, position + 1);
        lua_seti(L, 1, position);
    }
    lua_pushnil(L);
    lua_seti(L, 1, position);
    return 1;
}

static int table_concat(lua_State *L) {
    lua_Integer count = table_length(L, 1);
    size_t gap;
    const char *separator = luaL_optlstring(L, 2, "", &gap);
    lua_Integer first = luaL_optinteger(L, 3, 1), last = luaL_optinteger(L, 4, count);
    struct buffer b;
    buffer_open(&b, L);
    for (lua_Integer i = first; i <= last; i++) {
        size_t length;
        lua_geti(L, 1, i);
        if (!lua_isstring(L, -1)) {
            return luaL_error(L, "invalid value (%s) at index %I in table for 'concat'", luaL_typename(L, -1), (LUAI_UACINT)i);
        }
        const char *text = lua_tolstring(L, -1, &length);
        guard_charge(L, 1 + (int64_t)((length + gap) / 64));
        buffer_add(&b, text, length);
        if (i < last) buffer_add(&b, separator, gap);
        lua_pop(L, 1);
        if (i == LUA_MAXINTEGER) break;
    }
    buffer_close(&b);
    return 1;
}

static int table_move(lua_State *L) {
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
    int target = lua_isnoneornil(L, 5) ? 1 : 5;
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, target, LUA_TTABLE);
    if (last >= first) {
        luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3, "too many elements to move");
        lua_Integer count = last - first + 1;
        luaL_argcheck(L, to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
        bool is_upwards = to > last || to <= first || (target != 1 && !lua_rawequal(L, 1, target));
        for (lua_Integer n = 0; n < count; n++) {
            lua_Integer i = is_upwards ? n : count - 1 - n;
            guard_charge(L, 1);
            lua_geti(L, 1, first + i);
            lua_seti(L, target, to + i);
        }
    }
    lua_pushvalue(L, target);
    return 1;
}

static int table_pack(lua_State *L) {
    int count = lua_gettop(L);
    guard_charge(L, 1 + count);
    lua_createtable(L, count, 1);
    lua_insert(L, 1);
    for (int i = count; i >= 1; i--) lua_rawseti(L, 1, i);
    lua_pushinteger(L, count);
    lua_setfield(L, 1, "n");
    return 1;
}

static int table_unpack(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer first = luaL_optinteger(L, 2, 1);
    lua_Integer last = lua_isnoneornil(L, 3) ? table_length(L, 1) : luaL_checkinteger(L, 3);
    if (first > last) return 0;
    lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first + 1;
    if (count == 0 || count >= 1000000) return luaL_error(L, "too many results to unpack");
    if (!lua_checkstack(L, (int)count)) return luaL_error(L, "too many results to unpack");
    for (lua_Unsigned i = 0; i < count; i++) {
        guard_charge(L, 1);
        lua_geti(L, 1, (lua_Integer)((lua_Unsigned)first + i));
    }
    return (int)count;
}

const luaL_Reg table_functions[] = {
    { "concat", table_concat }, { "insert", table_insert }, { "move", table_move }, { "pack", table_pack },
    { "remove", table_remove }, { "sort", table_sort }, { "unpack", table_unpack }, { NULL, NULL },
};

void open_tables(lua_State *L) {
    luaL_newlib(L, table_functions);
    lua_setglobal(L, "table");
}
