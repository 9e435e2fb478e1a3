// The environment of scripts: an allow-list, put together anew for each state.
#include "guard.h"

static void new_registry_table(lua_State *L, const char *key) {
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

/// What Lua's own functions find where they look for the table of what is loaded: they name functions by it in errors. It is put
/// together when the first of them looks, of our own lists: what a script has made of its environment has no part in it.
static int loaded_index(lua_State *L) {
    static const struct {
        const char *name;
        const luaL_Reg *functions;
    } libraries[] = {
        { LUA_GNAME, base_functions }, { LUA_GNAME, pairs_functions }, { LUA_GNAME, metatable_functions },
        { "string", string_functions }, { "table", table_functions }, { "coroutine", coroutine_functions },
        { "utf8", utf8_functions },
    };
    size_t count;
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tolstring(L, 2, &count) : "";
    if (strcmp(key, LUA_LOADED_TABLE) != 0) return 0;
    guard_charge(L, 100);
    luaL_checkstack(L, 6, NULL);
    lua_newtable(L);
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        if (lua_getfield(L, -1, libraries[i].name) != LUA_TTABLE) {
            lua_pop(L, 1);
            lua_newtable(L);
            lua_pushvalue(L, -1);
            lua_setfield(L, -3, libraries[i].name);
        }
        luaL_setfuncs(L, libraries[i].functions, 0);
        lua_pop(L, 1);
    }
    lua_pushcfunction(L, luaopen_math);
    lua_call(L, 0, 1);
    lua_pushcfunction(L, random_number);
    lua_setfield(L, -2, "random");
    lua_pushcfunction(L, random_seed);
    lua_setfield(L, -2, "randomseed");
    lua_setfield(L, -2, "math");
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    return 1;
}

void guard_open_environment(lua_State *L) {
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, loaded_index);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, LUA_REGISTRYINDEX);
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
    // What Lua says when a message handler fails. Anchored, so that saying it needs no memory.
    lua_pushliteral(L, "error in error handling");
    lua_rawsetp(L, LUA_REGISTRYINDEX, "error in error handling");
    new_registry_table(L, &registry_references);
    new_registry_table(L, &registry_blind);
    new_registry_table(L, &registry_modules);
    // A metatable for each object is legal too: a copy is remembered as long as something has it.
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_hidden);

    open_base(L);
    open_metatables(L);
    open_pairs(L);
    open_require(L);
    open_strings(L);
    open_tables(L);
    open_coroutines(L);
    open_math(L);
    open_utf8(L);
}
