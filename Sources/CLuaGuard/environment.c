// The environment of scripts: an allow-list, put together anew for each state.
#include "guard.h"

static void new_registry_table(lua_State *L, const char *key) {
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, key);
}

void guard_open_environment(lua_State *L) {
    // What Lua says when a message handler fails. Anchored, so that saying it needs no memory.
    lua_pushliteral(L, "error in error handling");
    lua_rawsetp(L, LUA_REGISTRYINDEX, "error in error handling");
    new_registry_table(L, &registry_references);
    new_registry_table(L, &registry_blind);
    new_registry_table(L, &registry_hidden);
    new_registry_table(L, &registry_modules);

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
