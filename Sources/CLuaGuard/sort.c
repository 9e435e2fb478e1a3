// table.sort as a merge sort: equal elements keep their order, so that the outcome hangs on nothing but the input, and no order
// function, however wrong, makes it look outside of the list or go on for ever.
#include <limits.h>

#include "guard.h"

/// Whether the value at `a` comes before the one at `b`.
static bool is_before(lua_State *L, int a, int b) {
    guard_charge(L, 2);
    if (lua_isnil(L, 2)) return lua_compare(L, a, b, LUA_OPLT);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, a < 0 ? a - 1 : a);
    lua_pushvalue(L, b < 0 ? b - 2 : b);
    lua_call(L, 2, 1);
    bool result = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return result;
}

/// Merges two sorted runs of the table at `from`, [low, middle) and [middle, high), into the one at `to`.
static void merge(lua_State *L, int from, int to, lua_Integer low, lua_Integer middle, lua_Integer high) {
    lua_Integer left = low, right = middle, out = low;
    while (left < middle && right < high) {
        lua_rawgeti(L, from, left);
        lua_rawgeti(L, from, right);
        if (is_before(L, -1, -2)) {
            lua_rawseti(L, to, out++);
            lua_pop(L, 1);
            right++;
        } else {
            lua_pop(L, 1);
            lua_rawseti(L, to, out++);
            left++;
        }
    }
    for (; left < middle; left++) {
        guard_charge(L, 1);
        lua_rawgeti(L, from, left);
        lua_rawseti(L, to, out++);
    }
    for (; right < high; right++) {
        guard_charge(L, 1);
        lua_rawgeti(L, from, right);
        lua_rawseti(L, to, out++);
    }
}

/// By the metamethods of the script's list, where it has any; our copies of it have none.
static void copy(lua_State *L, int from, int to, lua_Integer count) {
    for (lua_Integer i = 1; i <= count; i++) {
        guard_charge(L, 1);
        lua_geti(L, from, i);
        lua_seti(L, to, i);
    }
}

int table_sort(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer count = table_length(L, 1);
    guard_charge(L, 2);
    if (count < 2) return 0;
    luaL_argcheck(L, count < INT_MAX, 1, "array too big");
    if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    // On copies: the order function may change the list meanwhile, and sees the old one until the end.
    // A length that is more than there is takes its room step by step, as it is paid for.
    int room = (lua_Unsigned)count <= lua_rawlen(L, 1) ? (int)count : 0;
    lua_createtable(L, room, 0);
    lua_createtable(L, room, 0);
    int from = 3, to = 4;
    copy(L, 1, from, count);
    for (lua_Integer width = 1; width < count; width *= 2) {
        for (lua_Integer low = 1; low <= count; low += 2 * width) {
            lua_Integer middle = low + width < count + 1 ? low + width : count + 1;
            lua_Integer high = middle + width < count + 1 ? middle + width : count + 1;
            merge(L, from, to, low, middle, high);
        }
        int other = from;
        from = to;
        to = other;
    }
    copy(L, from, 1, count);
    return 0;
}
