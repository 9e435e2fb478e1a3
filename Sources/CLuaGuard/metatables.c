// Metatables. What is installed is a copy of ours that holds only the metamethods that are safe; the script keeps its own table.
//
// So a field that is added later does nothing, and what is dangerous never gets in: finalizers and weak tables (the collector calls
// the script, or costs more than time can be counted), `__close` and `__concat` (both corrupt memory in the library that we link).
#include "guard.h"

static const char *const allowed[] = {
    "__index", "__newindex", "__call", "__tostring", "__name", "__metatable", "__pairs", "__len", "__eq", "__lt", "__le", "__add",
    "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__idiv", "__band", "__bor", "__bxor", "__shl", "__shr", "__bnot",
};
#define ALLOWED (int)(sizeof allowed / sizeof *allowed)

static const struct {
    const char *name;
    const char *why;
} refused[] = {
    { "__gc", "scripts have no finalizers" },
    { "__mode", "scripts have no weak tables" },
    { "__close", "scripts have no variables that close" },
    { "__concat", "write a function that joins, and call it by its name" },
};

/// Whether the hidden copy on top says what the script's table at `own` says now.
static bool is_current(lua_State *L, int own) {
    int hidden = lua_gettop(L);
    for (int i = 0; i < ALLOWED; i++) {
        lua_pushstring(L, allowed[i]);
        lua_pushvalue(L, -1);
        lua_rawget(L, own);
        lua_insert(L, -2);
        lua_rawget(L, hidden);
        bool equal = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
        if (!equal) return false;
    }
    return true;
}

/// Pushes the hidden copy of the table at `own`.
static void push_hidden(lua_State *L, int own) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_hidden);
    lua_pushvalue(L, own);
    if (lua_rawget(L, -2) == LUA_TTABLE && is_current(L, own)) {
        lua_remove(L, -2);
        return;
    }
    lua_pop(L, 1);
    lua_createtable(L, 0, 4);
    int hidden = lua_gettop(L);
    for (int i = 0; i < ALLOWED; i++) {
        lua_pushstring(L, allowed[i]);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, own) == LUA_TNIL) lua_pop(L, 2);
        else lua_rawset(L, hidden);
    }
    lua_pushvalue(L, own);
    lua_rawsetp(L, hidden, &registry_own);
    lua_pushvalue(L, own);
    lua_pushvalue(L, hidden);
    lua_rawset(L, -4);
    lua_remove(L, -2);
}

static int base_setmetatable(lua_State *L) {
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    lua_settop(L, 2);
    guard_charge(L, 10);
    if (lua_getmetatable(L, 1)) {
        lua_pushliteral(L, "__metatable");
        if (lua_rawget(L, -2) != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
        lua_settop(L, 2);
    }
    if (type == LUA_TNIL) {
        lua_setmetatable(L, 1);
        return 1;
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        lua_pushstring(L, refused[i].name);
        if (lua_rawget(L, 2) != LUA_TNIL) {
            return luaL_error(L, "setmetatable: %s is not offered: %s", refused[i].name, refused[i].why);
        }
        lua_pop(L, 1);
    }
    push_hidden(L, 2);
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

static int base_getmetatable(lua_State *L) {
    luaL_checkany(L, 1);
    // That of texts is sealed: it is the same for everyone.
    if (lua_type(L, 1) != LUA_TTABLE || !lua_getmetatable(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushliteral(L, "__metatable");
    if (lua_rawget(L, -2) != LUA_TNIL) return 1;
    lua_pop(L, 1);
    lua_rawgetp(L, -1, &registry_own);
    return 1;
}

void open_metatables(lua_State *L) {
    lua_pushglobaltable(L);
    lua_pushcfunction(L, base_setmetatable);
    lua_setfield(L, -2, "setmetatable");
    lua_pushcfunction(L, base_getmetatable);
    lua_setfield(L, -2, "getmetatable");
    lua_pop(L, 1);
}
