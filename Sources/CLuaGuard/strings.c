// The string library but for patterns and format. Not offered: dump (bytecode), pack and unpack.
#include <ctype.h>

#include "guard.h"

/// Bytes that are copied or looked at in the time of one instruction.
static void charge_bytes(lua_State *L, size_t count) { guard_charge(L, 1 + (int64_t)(count / 64)); }

/// From a position that may count from the end; 0 and what lies before the start become 1.
static size_t start_position(lua_Integer position, size_t count) {
    if (position > 0) return (size_t)position;
    if (position == 0 || position < -(lua_Integer)count) return 1;
    return count + (size_t)position + 1;
}

static size_t end_position(lua_Integer position, size_t count) {
    if (position > (lua_Integer)count) return count;
    if (position >= 0) return (size_t)position;
    return position < -(lua_Integer)count ? 0 : count + (size_t)position + 1;
}

static int string_len(lua_State *L) {
    size_t count;
    luaL_checklstring(L, 1, &count);
    lua_pushinteger(L, (lua_Integer)count);
    return 1;
}

static int string_sub(lua_State *L) {
    size_t count;
    const char *text = luaL_checklstring(L, 1, &count);
    size_t first = start_position(luaL_checkinteger(L, 2), count), last = end_position(luaL_optinteger(L, 3, -1), count);
    if (first > last) {
        lua_pushliteral(L, "");
    } else {
        charge_bytes(L, last - first);
        lua_pushlstring(L, text + first - 1, last - first + 1);
    }
    return 1;
}

static int string_byte(lua_State *L) {
    size_t count;
    const char *text = luaL_checklstring(L, 1, &count);
    lua_Integer from = luaL_optinteger(L, 2, 1);
    size_t first = start_position(from, count), last = end_position(luaL_optinteger(L, 3, from), count);
    if (first > last) return 0;
    size_t bytes = last - first + 1;
    guard_charge(L, (int64_t)bytes);
    if (bytes > 1000000 || !lua_checkstack(L, (int)bytes)) return luaL_error(L, "string slice too long");
    for (size_t i = first; i <= last; i++) lua_pushinteger(L, (unsigned char)text[i - 1]);
    return (int)bytes;
}

static int string_char(lua_State *L) {
    int count = lua_gettop(L);
    guard_charge(L, 1 + count);
    struct buffer text;
    buffer_open(&text, L);
    char *bytes = buffer_room(&text, (size_t)count);
    for (int i = 1; i <= count; i++) {
        lua_Unsigned c = (lua_Unsigned)luaL_checkinteger(L, i);
        luaL_argcheck(L, c <= 255, i, "value out of range");
        bytes[i - 1] = (char)c;
    }
    text.count = (size_t)count;
    buffer_close(&text);
    return 1;
}

static int map_bytes(lua_State *L, int (*map)(int)) {
    size_t count;
    const char *text = luaL_checklstring(L, 1, &count);
    charge_bytes(L, count * 8);
    struct buffer mapped;
    buffer_open(&mapped, L);
    char *bytes = buffer_room(&mapped, count);
    for (size_t i = 0; i < count; i++) bytes[i] = (char)map((unsigned char)text[i]);
    mapped.count = count;
    buffer_close(&mapped);
    return 1;
}

static int string_lower(lua_State *L) { return map_bytes(L, tolower); }
static int string_upper(lua_State *L) { return map_bytes(L, toupper); }

static int string_reverse(lua_State *L) {
    size_t count;
    const char *text = luaL_checklstring(L, 1, &count);
    charge_bytes(L, count * 4);
    struct buffer reversed;
    buffer_open(&reversed, L);
    char *bytes = buffer_room(&reversed, count);
    for (size_t i = 0; i < count; i++) bytes[i] = text[count - 1 - i];
    reversed.count = count;
    buffer_close(&reversed);
    return 1;
}

static int string_rep(lua_State *L) {
    size_t count, gap;
    const char *text = luaL_checklstring(L, 1, &count);
    lua_Integer times = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &gap);
    if (times <= 0 || count + gap == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    // One that cannot fit is the memory limit at once, as it would be after the last of its copies.
    guard *g = guard_of(L);
    size_t each = count + gap;
    if (each > (size_t)g->limits.memory_bytes || (lua_Unsigned)times > (size_t)g->limits.memory_bytes / each + 1) {
        guard_stop(g, GUARD_MEMORY);
    }
    struct buffer repeated;
    buffer_open(&repeated, L);
    char *p = buffer_room(&repeated, each * (size_t)times);
    for (lua_Integer i = 0; i < times; i++) {
        guard_charge(L, 1 + (int64_t)(each / 64));
        memcpy(p, text, count);
        p += count;
        if (i + 1 < times) memcpy(p, separator, gap);
        p += gap;
    }
    repeated.count = each * (size_t)times - gap;
    buffer_close(&repeated);
    return 1;
}

const luaL_Reg string_functions[] = {
    { "byte", string_byte }, { "char", string_char }, { "find", string_find }, { "format", string_format },
    { "gmatch", string_gmatch }, { "gsub", string_gsub }, { "len", string_len }, { "lower", string_lower },
    { "match", string_match }, { "rep", string_rep }, { "reverse", string_reverse }, { "sub", string_sub },
    { "upper", string_upper }, { NULL, NULL },
};

void open_strings(lua_State *L) {
    lua_createtable(L, 0, (int)(sizeof string_functions / sizeof *string_functions));
    luaL_setfuncs(L, string_functions, 0);
    // The metatable that all texts share. No function of the environment gives it away.
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 10);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    open_string_arithmetic(L);
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
    lua_setglobal(L, "string");
}
