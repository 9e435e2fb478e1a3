// Coroutines, without close: it runs what a script left to be closed outside of any order that we could bound.
#include "guard.h"

static lua_State *checked_coroutine(lua_State *L) {
    lua_State *co = lua_tothread(L, 1);
    luaL_argexpected(L, co, 1, "coroutine");
    return co;
}

/// Runs `co` with the arguments on top; answers how many values it gave, now on top, or -1 with an error on top.
static int resume(lua_State *L, lua_State *co, int arguments) {
    guard *g = guard_of(L);
    guard_charge(L, 4 + arguments);
    if (!lua_checkstack(co, arguments)) {
        lua_pushliteral(L, "too many arguments to resume");
        return -1;
    }
    lua_xmove(L, co, arguments);
    int results;
    g->running = co;
    int status = lua_resume(co, L, arguments, &results);
    g->running = L;
    // A yield jumps too.
    guard_forget_frames();
    if (status != LUA_OK && status != LUA_YIELD) {
        lua_xmove(co, L, 1);
        return -1;
    }
    guard_charge(L, results);
    if (!lua_checkstack(L, results + 1)) {
        lua_pop(co, results);
        lua_pushliteral(L, "too many results to resume");
        return -1;
    }
    lua_xmove(co, L, results);
    return results;
}

static int coroutine_create(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    // Each thread has a count of its own for the hook, which begins anew: what it runs before the first call is paid here.
    guard_charge(L, HOOK_PERIOD);
    lua_State *co = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, co, 1);
    return 1;
}

static int coroutine_resume(lua_State *L) {
    lua_State *co = checked_coroutine(L);
    int results = resume(L, co, lua_gettop(L) - 1);
    if (results < 0) {
        guard_caught(L);
        lua_pushboolean(L, 0);
        lua_insert(L, -2);
        return 2;
    }
    lua_pushboolean(L, 1);
    lua_insert(L, -(results + 1));
    return results + 1;
}

static int wrap_call(lua_State *L) {
    lua_State *co = lua_tothread(L, lua_upvalueindex(1));
    int results = resume(L, co, lua_gettop(L));
    if (results >= 0) return results;
    // Where it happened is on the coroutine's stack, which nobody else will look at.
    int status = lua_status(co);
    bool is_dead = status != LUA_OK && status != LUA_YIELD;
    return guard_pass_on(L, is_dead ? co : NULL);
}

static int coroutine_wrap(lua_State *L) {
    coroutine_create(L);
    lua_pushcclosure(L, wrap_call, 1);
    return 1;
}

static int coroutine_yield(lua_State *L) {
    guard_charge(L, 2);
    return lua_yield(L, lua_gettop(L));
}

static int coroutine_status(lua_State *L) {
    lua_State *co = checked_coroutine(L);
    const char *status = "dead";
    lua_Debug ar;
    if (co == L) status = "running";
    else if (lua_status(co) == LUA_YIELD) status = "suspended";
    else if (lua_status(co) != LUA_OK) status = "dead";
    else if (lua_getstack(co, 0, &ar)) status = "normal";
    else if (lua_gettop(co) > 0) status = "suspended";
    lua_pushstring(L, status);
    return 1;
}

static int coroutine_running(lua_State *L) {
    lua_pushboolean(L, lua_pushthread(L));
    return 2;
}

static int coroutine_isyieldable(lua_State *L) {
    lua_State *co = lua_isnone(L, 1) ? L : checked_coroutine(L);
    lua_pushboolean(L, lua_isyieldable(co));
    return 1;
}

const luaL_Reg coroutine_functions[] = {
    { "create", coroutine_create }, { "isyieldable", coroutine_isyieldable }, { "resume", coroutine_resume },
    { "running", coroutine_running }, { "status", coroutine_status }, { "wrap", coroutine_wrap },
    { "yield", coroutine_yield }, { NULL, NULL },
};

void open_coroutines(lua_State *L) {
    luaL_newlib(L, coroutine_functions);
    lua_setglobal(L, "coroutine");
}
