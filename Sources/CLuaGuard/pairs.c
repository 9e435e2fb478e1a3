// Walking tables. Keys come in one order, the same in every run: numbers, texts bytewise, false, true, then tables, functions and
// coroutines in the order of their making, then the functions of the library.
#include <stdlib.h>

#include "guard.h"

struct key {
    /// 0 number, 1 text, 2 boolean, 3 what was made in the run, 4 a function in C, 5 none.
    int rank;
    int is_integer;
    union {
        lua_Integer integer;
        lua_Number number;
        int flag;
        struct {
            const char *bytes;
            size_t count;
        } text;
        int64_t order;
    } as;
    /// From rank 3 on: where in the list of such keys it is.
    lua_Integer object;
};

/// Of a function in C without upvalues, which is nobody's memory. Distances within our code are the same in every process, those from it to
/// Lua's are not.
static int64_t function_order(lua_CFunction function) {
    int place = math_function_place(function);
    if (place >= 0) return INT64_MIN + place;
    return (int64_t)((uintptr_t)function - (uintptr_t)&open_pairs);
}

static struct key object_key(lua_State *L, int index) {
    if (lua_iscfunction(L, index)) {
        if (!lua_getupvalue(L, index, 1)) return (struct key){ .rank = 4, .as.order = function_order(lua_tocfunction(L, index)) };
        lua_pop(L, 1);
    }
    const char *start = lua_topointer(L, index);
    // A coroutine is not the beginning of what it was given.
    if (lua_isthread(L, index)) start -= LUA_EXTRASPACE;
    return (struct key){ .rank = 3, .as.order = (int64_t)guard_number(start) };
}

/// The key at `index`; a text points into the table's own.
static struct key key_at(lua_State *L, int index) {
    struct key key = { .rank = 5 };
    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        key.rank = 0;
        key.is_integer = lua_isinteger(L, index);
        if (key.is_integer) key.as.integer = lua_tointeger(L, index);
        else key.as.number = lua_tonumber(L, index);
        break;
    case LUA_TSTRING:
        key.rank = 1;
        key.as.text.bytes = lua_tolstring(L, index, &key.as.text.count);
        break;
    case LUA_TBOOLEAN:
        key.rank = 2;
        key.as.flag = lua_toboolean(L, index);
        break;
    case LUA_TTABLE:
    case LUA_TFUNCTION:
    case LUA_TTHREAD: return object_key(L, index);
    default: break;
    }
    return key;
}

static int compare(const void *left, const void *right) {
    const struct key *a = left, *b = right;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    if (a->rank == 0) {
        if (a->is_integer && b->is_integer) return (a->as.integer > b->as.integer) - (a->as.integer < b->as.integer);
        // 64 bits of mantissa: every integer is exact.
        long double x = a->is_integer ? (long double)a->as.integer : (long double)a->as.number;
        long double y = b->is_integer ? (long double)b->as.integer : (long double)b->as.number;
        return (x > y) - (x < y);
    }
    if (a->rank == 1) {
        size_t shorter = a->as.text.count < b->as.text.count ? a->as.text.count : b->as.text.count;
        int order = memcmp(a->as.text.bytes, b->as.text.bytes, shorter);
        return order ? order : (a->as.text.count > b->as.text.count) - (a->as.text.count < b->as.text.count);
    }
    if (a->rank == 2) return a->as.flag - b->as.flag;
    return (a->as.order > b->as.order) - (a->as.order < b->as.order);
}

/// Pushes a key; `objects` is the slot of the list of those from rank 3 on.
static void push_key(lua_State *L, const struct key *key, int objects) {
    if (key->rank == 0 && key->is_integer) lua_pushinteger(L, key->as.integer);
    else if (key->rank == 0) lua_pushnumber(L, key->as.number);
    else if (key->rank == 1) lua_pushlstring(L, key->as.text.bytes, key->as.text.count);
    else if (key->rank == 2) lua_pushboolean(L, key->as.flag);
    else lua_rawgeti(L, objects, key->object);
}

/// How many keys the table at 1 has; `is_list` where they are 1…n.
static size_t count_keys(lua_State *L, bool *is_list) {
    size_t count = 0, length = lua_rawlen(L, 1);
    *is_list = true;
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_pop(L, 1);
        count++;
        if (count % 64 == 0) guard_charge(L, 64);
        if (*is_list && !lua_isinteger(L, -1)) *is_list = false;
        else if (*is_list && (lua_Unsigned)lua_tointeger(L, -1) - 1 >= length) *is_list = false;
    }
    *is_list = *is_list && count == length;
    return count;
}

/// Pushes a list of the keys of the table at 1 in their order.
static void push_sorted_keys(lua_State *L, size_t count) {
    int64_t cost = 1;
    for (size_t n = count; n > 1; n /= 2) cost++;
    guard_charge(L, cost * (int64_t)count);
    struct key *keys = lua_newuserdatauv(L, count * sizeof *keys, 0);
    lua_pushnil(L);
    int objects = lua_gettop(L);
    lua_Integer object_count = 0;
    size_t found = 0;
    lua_pushnil(L);
    while (lua_next(L, 1) && found < count) {
        lua_pop(L, 1);
        keys[found] = key_at(L, -1);
        if (keys[found].rank >= 3) {
            if (object_count == 0) {
                lua_newtable(L);
                lua_replace(L, objects);
            }
            keys[found].object = ++object_count;
            lua_pushvalue(L, -1);
            lua_rawseti(L, objects, object_count);
        }
        found++;
    }
    lua_settop(L, objects);
    qsort(keys, found, sizeof *keys, compare);
    lua_createtable(L, (int)found, 0);
    for (size_t i = 0; i < found; i++) {
        push_key(L, &keys[i], objects);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
}

/// Upvalues: the table, its keys or nil where they are 1…n, how many, the last one given.
static int pairs_step(lua_State *L) {
    guard_charge(L, 1);
    lua_settop(L, 0);
    bool is_list = lua_isnil(L, lua_upvalueindex(2));
    lua_Integer count = lua_tointeger(L, lua_upvalueindex(3)), i = lua_tointeger(L, lua_upvalueindex(4));
    while (i < count) {
        i++;
        if (is_list) lua_pushinteger(L, i);
        else lua_rawgeti(L, lua_upvalueindex(2), i);
        lua_pushvalue(L, -1);
        // A key that was removed meanwhile is passed over, as Lua does.
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) {
            lua_pushinteger(L, i);
            lua_replace(L, lua_upvalueindex(4));
            return 2;
        }
        lua_settop(L, 0);
        guard_charge(L, 1);
    }
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(4));
    lua_pushnil(L);
    return 1;
}

static int finish_pairs(lua_State *L, int status, lua_KContext context) {
    (void)L, (void)status, (void)context;
    return 3;
}

static int base_pairs(lua_State *L) {
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    guard_charge(L, 4);
    if (guard_metafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_callk(L, 1, 3, 0, finish_pairs);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    guard_complete(L, 1);
    bool is_list;
    size_t count = count_keys(L, &is_list);
    lua_pushvalue(L, 1);
    if (is_list) {
        lua_pushnil(L);
    } else {
        push_sorted_keys(L, count);
        lua_copy(L, -1, 3);
        lua_settop(L, 3);
    }
    lua_pushinteger(L, (lua_Integer)count);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, pairs_step, 4);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

/// The key after the given one in the same order. It looks at all of them: `pairs` does so once, this each time.
static int base_next(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    guard_charge(L, 2);
    guard_complete(L, 1);
    bool is_first = lua_isnil(L, 2);
    struct key after = key_at(L, 2), best = { 0 };
    bool is_found = false;
    // At 3 the best key that is an object.
    lua_settop(L, 3);
    lua_pushnil(L);
    for (size_t i = 1; lua_next(L, 1); i++) {
        lua_pop(L, 1);
        if (i % 32 == 0) guard_charge(L, 32);
        struct key key = key_at(L, -1);
        if (!is_first && compare(&key, &after) <= 0) continue;
        if (is_found && compare(&key, &best) >= 0) continue;
        best = key;
        is_found = true;
        if (key.rank >= 3) lua_copy(L, -1, 3);
    }
    if (!is_found) {
        lua_pushnil(L);
        return 1;
    }
    if (best.rank >= 3) lua_pushvalue(L, 3);
    else push_key(L, &best, 0);
    lua_pushvalue(L, -1);
    lua_rawget(L, 1);
    return 2;
}

static int ipairs_step(lua_State *L) {
    lua_Integer i = (lua_Integer)((lua_Unsigned)luaL_checkinteger(L, 2) + 1);
    guard_charge(L, 1);
    lua_pushinteger(L, i);
    return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushcfunction(L, ipairs_step);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

const luaL_Reg pairs_functions[] = {
    { "ipairs", base_ipairs }, { "next", base_next }, { "pairs", base_pairs }, { NULL, NULL },
};

void open_pairs(lua_State *L) {
    lua_pushglobaltable(L);
    luaL_setfuncs(L, pairs_functions, 0);
    lua_pop(L, 1);
}
