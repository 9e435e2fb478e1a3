// The one table whose fields are made when a script looks at them: reading and writing them goes by its metatable, and whatever goes past
// that makes all of them first.
#include "guard.h"

int guard_completes(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_settop(L, 2);
    // The function has the table among what it refers to, so that nothing else comes to lie at its address.
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_completing);
    guard_of(L)->partial = lua_topointer(L, 1);
    return 0;
}

void guard_complete_partial(lua_State *L) {
    guard *g = guard_of(L);
    const void *partial = g->partial;
    luaL_checkstack(L, 4, NULL);
    g->partial = NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_completing);
    if (lua_pcall(L, 0, 0, 0) == LUA_OK) return;
    // For want of stack, which there may be more of the next time.
    guard_forget_frames();
    g->partial = partial;
    lua_error(L);
}
