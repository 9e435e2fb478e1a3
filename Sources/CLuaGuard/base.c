// The basic functions. Not offered: load, loadfile, loadstring, dofile, collectgarbage, warn.
#include <math.h>

#include "guard.h"

const char *guard_tostring(lua_State *L, int index, size_t *count) {
    index = lua_absindex(L, index);
    luaL_checkstack(L, 4, NULL);
    guard_charge(L, 1);
    if (guard_metafield(L, index, "__tostring") != LUA_TNIL) {
        lua_pushvalue(L, index);
        lua_call(L, 1, 1);
        if (!lua_isstring(L, -1)) luaL_error(L, "'__tostring' must return a string");
        return lua_tolstring(L, -1, count);
    }
    switch (lua_type(L, index)) {
    case LUA_TNIL: lua_pushliteral(L, "nil"); break;
    case LUA_TBOOLEAN: lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false"); break;
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        break;
    case LUA_TNUMBER:
        lua_pushvalue(L, index);
        lua_tolstring(L, -1, NULL);
        break;
    default:
        // No addresses: they would differ from run to run, and say where things lie.
        if (guard_metafield(L, index, "__name") != LUA_TNIL) {
            if (lua_type(L, -1) == LUA_TSTRING) break;
            lua_pop(L, 1);
        }
        lua_pushstring(L, luaL_typename(L, index));
    }
    return lua_tolstring(L, -1, count);
}

static int base_tostring(lua_State *L) {
    luaL_checkany(L, 1);
    guard_tostring(L, 1, NULL);
    return 1;
}

static int base_print(lua_State *L) {
    guard *g = guard_of(L);
    int count = lua_gettop(L);
    guard_charge(L, 10 + count);
    // Once whole, so that a `__tostring` that prints does not end up inside.
    struct buffer line;
    buffer_open(&line, L);
    for (int i = 1; i <= count; i++) {
        size_t length;
        if (i > 1) buffer_add(&line, "\t", 1);
        const char *text = guard_tostring(L, i, &length);
        buffer_add(&line, text, length);
        lua_pop(L, 1);
    }
    size_t room = g->limits.log_bytes > (int64_t)g->log.count ? (size_t)g->limits.log_bytes - g->log.count : 0;
    bool fits = line.count < room;
    // What does not fit is cut, so that the last line says what the flood was; the cut needs four bytes itself.
    if (!fits && room < 8) guard_stop(g, GUARD_LOG);
    if (!bytes_add_clean(&g->log, line.data, line.count, fits ? line.count : room - 4)) guard_stop(g, GUARD_MEMORY);
    if (!bytes_add(&g->log, "\n", 1)) guard_stop(g, GUARD_MEMORY);
    if (!fits) guard_stop(g, GUARD_LOG);
    return 0;
}

/// Raises the value at 1, which is alone there; a text has the place of the function at `level` put in front.
static int raise_value(lua_State *L, lua_Integer level) {
    // Frames are looked for one by one.
    guard_charge(L, 2 + (level > 0 && level <= 1000000 ? level / 16 : 0));
    lua_Debug ar;
    // A level is a distance in frames, and there are never so many. One that is no function in Lua adds nothing to the message.
    if (lua_type(L, 1) != LUA_TSTRING || level <= 0 || level > 1000000 || !lua_getstack(L, (int)level, &ar)) return lua_error(L);
    lua_getinfo(L, "l", &ar);
    if (ar.currentline <= 0) return lua_error(L);
    size_t count;
    const char *message = lua_tolstring(L, 1, &count);
    return guard_raise(L, GUARD_RAISED, (int)level, message, count);
}

static int base_error(lua_State *L) {
    lua_Integer level = luaL_optinteger(L, 2, 1);
    lua_settop(L, 1);
    return raise_value(L, level);
}

static int base_assert(lua_State *L) {
    if (lua_toboolean(L, 1)) return lua_gettop(L);
    luaL_checkany(L, 1);
    lua_remove(L, 1);
    lua_pushliteral(L, "assertion failed!");
    lua_settop(L, 1);
    return raise_value(L, 1);
}

static int base_type(lua_State *L) {
    luaL_checkany(L, 1);
    lua_pushstring(L, luaL_typename(L, 1));
    return 1;
}

static int base_rawequal(lua_State *L) {
    luaL_checkany(L, 1);
    luaL_checkany(L, 2);
    guard_charge(L, 1);
    lua_pushboolean(L, lua_rawequal(L, 1, 2));
    return 1;
}

static int base_rawlen(lua_State *L) {
    int type = lua_type(L, 1);
    luaL_argexpected(L, type == LUA_TTABLE || type == LUA_TSTRING, 1, "table or string");
    guard_charge(L, 1);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
    return 1;
}

static int base_rawget(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    guard_charge(L, 1);
    lua_settop(L, 2);
    guard_complete(L, 1);
    lua_rawget(L, 1);
    return 1;
}

static int base_rawset(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    guard_charge(L, 1);
    lua_settop(L, 3);
    guard_complete(L, 1);
    guard_set_field(L);
    return 1;
}

static int base_select(lua_State *L) {
    int count = lua_gettop(L);
    guard_charge(L, 1 + count / 8);
    if (lua_type(L, 1) == LUA_TSTRING && strcmp(lua_tostring(L, 1), "#") == 0) {
        lua_pushinteger(L, count - 1);
        return 1;
    }
    lua_Integer first = luaL_checkinteger(L, 1);
    if (first < 0) first += count;
    else if (first > count) first = count;
    luaL_argcheck(L, first >= 1, 1, "index out of range");
    return count - (int)first;
}

// MARK: Numbers from texts

static int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'z') return c - 'a' + 10;
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return 99;
}

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static int base_tonumber(lua_State *L) {
    guard_charge(L, 1);
    if (lua_isnoneornil(L, 2)) {
        luaL_checkany(L, 1);
        if (lua_type(L, 1) == LUA_TNUMBER) {
            lua_settop(L, 1);
            return 1;
        }
        size_t count;
        const char *text = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &count) : NULL;
        if (text) guard_charge(L, (int64_t)(count / 8));
        if (text && lua_stringtonumber(L, text) == count + 1) return 1;
        lua_pushnil(L);
        return 1;
    }
    lua_Integer base = luaL_checkinteger(L, 2);
    luaL_checktype(L, 1, LUA_TSTRING);
    luaL_argcheck(L, base >= 2 && base <= 36, 2, "base out of range");
    size_t count;
    const char *p = lua_tolstring(L, 1, &count), *end = p + count;
    guard_charge(L, (int64_t)(count / 4));
    while (p < end && is_space(*p)) p++;
    bool is_negative = p < end && *p == '-';
    if (p < end && (*p == '-' || *p == '+')) p++;
    lua_Unsigned number = 0;
    const char *first = p;
    for (; p < end && digit(*p) < base; p++) number = number * (lua_Unsigned)base + (lua_Unsigned)digit(*p);
    bool is_number = p > first;
    while (p < end && is_space(*p)) p++;
    if (is_number && p == end) lua_pushinteger(L, (lua_Integer)(is_negative ? 0u - number : number));
    else lua_pushnil(L);
    return 1;
}

// MARK: Protected calls. They catch what scripts raise; limits pass by them.

static int finish_call(lua_State *L, int status, lua_KContext skipped) {
    if (status == LUA_OK || status == LUA_YIELD) return lua_gettop(L) - (int)skipped;
    guard_forget_frames();
    guard_caught(L);
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

static int base_pcall(lua_State *L) {
    luaL_checkany(L, 1);
    guard_charge(L, 2);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    return finish_call(L, lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_call), 0);
}

static int base_xpcall(lua_State *L) {
    int arguments = lua_gettop(L) - 2;
    luaL_checktype(L, 2, LUA_TFUNCTION);
    guard_charge(L, 2);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2);
    return finish_call(L, lua_pcallk(L, arguments, LUA_MULTRET, 2, 2, finish_call), 2);
}

const luaL_Reg base_functions[] = {
    { "assert", base_assert }, { "error", base_error }, { "pcall", base_pcall }, { "print", base_print },
    { "rawequal", base_rawequal }, { "rawget", base_rawget }, { "rawlen", base_rawlen }, { "rawset", base_rawset },
    { "select", base_select }, { "tonumber", base_tonumber }, { "tostring", base_tostring }, { "type", base_type },
    { "xpcall", base_xpcall }, { NULL, NULL },
};

void open_base(lua_State *L) {
    lua_pushglobaltable(L);
    luaL_setfuncs(L, base_functions, 0);
    lua_pushvalue(L, -1);
    lua_setfield(L, -2, "_G");
    lua_pushliteral(L, LUA_VERSION);
    lua_setfield(L, -2, "_VERSION");
    lua_pop(L, 1);
}
