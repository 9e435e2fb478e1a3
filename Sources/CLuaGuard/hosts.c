// Calls out of Lua: host functions and `require`. The callback takes and leaves plain bytes; what raises does so after it is gone.
#include <stdio.h>

#include "guard.h"

/// Raises what a callback refused with.
static int raise_refusal(lua_State *L, enum guard_ending ending) {
    guard *g = guard_of(L);
    if (ending != GUARD_SYNTAX && ending != GUARD_BLIND && ending != GUARD_RAISED) guard_stop(g, ending);
    const char *message = (const char *)g->reply.data;
    if (g->refused_place.file[0]) return guard_raise_at(L, ending, &g->refused_place, message, g->reply.count);
    return guard_raise(L, ending, 1, message, g->reply.count);
}

static void start_reply(guard *g) {
    g->reply.count = 0;
    g->refused_place = (struct place){ 0 };
}

bool guard_reply(guard *g, const uint8_t *bytes, size_t count) {
    start_reply(g);
    return bytes_add(&g->reply, bytes, count);
}

bool guard_refuse(guard *g, const uint8_t *message, size_t count, const char *file, int32_t line) {
    start_reply(g);
    if (file) snprintf(g->refused_place.file, sizeof g->refused_place.file, "%s", file);
    g->refused_place.line = line;
    return bytes_add(&g->reply, message, count);
}

int32_t guard_caller_line(guard *g) {
    struct place place;
    return g->running && guard_find_place(g->running, 0, &place) ? place.line : 0;
}

// MARK: Host functions

/// How arguments are called in errors: as many as a call may have.
static const char *const argument_names[] = {
    "argument 1",  "argument 2",  "argument 3",  "argument 4",  "argument 5",  "argument 6",  "argument 7",
    "argument 8",  "argument 9",  "argument 10", "argument 11", "argument 12", "argument 13", "argument 14",
    "argument 15", "argument 16", "argument 17", "argument 18", "argument 19", "argument 20",
};

/// Upvalue: which one.
int guard_host_call(lua_State *L) {
    guard *g = guard_of(L);
    int count = lua_gettop(L);
    if (count > (int)(sizeof argument_names / sizeof *argument_names)) return luaL_error(L, "too many arguments");
    guard_charge(L, 20);
    g->output.count = 0;
    uint8_t tag = GUARD_TAG_LIST;
    uint32_t arguments = (uint32_t)count;
    if (!bytes_add(&g->output, &tag, 1) || !bytes_add(&g->output, &arguments, sizeof arguments)) guard_stop(g, GUARD_MEMORY);
    for (int i = 1; i <= count; i++) {
        if (!guard_write(L, i, RULES_ARGUMENTS, argument_names[i - 1], &g->output)) {
            lua_pushlstring(L, (const char *)g->message.data, g->message.count);
            return guard_raise(L, GUARD_RAISED, 1, lua_tostring(L, -1), lua_rawlen(L, -1));
        }
    }
    int32_t function = (int32_t)lua_tointeger(L, lua_upvalueindex(1));
    enum guard_ending ending = g->callbacks.host(g->callbacks.context, function, g->output.data, g->output.count);
    // The host may have taken its time.
    guard_check(g);
    if (ending != GUARD_FINE) return raise_refusal(L, ending);
    if (!guard_read(L, g->reply.data, g->reply.count)) return luaL_error(L, "the host sent no plain data");
    return 1;
}

// MARK: Frames

/// Upvalue: a function of the prelude. Called as a C function, so that a script's `return api(…)` keeps the script's own frame: Lua
/// would give it up for a function in Lua, and an error would have no place.
static int framed_call(lua_State *L) {
    guard_charge(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

int guard_frame(lua_State *L) {
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_settop(L, 1);
    lua_pushcclosure(L, framed_call, 1);
    return 1;
}

// MARK: require

static int base_require(lua_State *L) {
    guard *g = guard_of(L);
    size_t count;
    luaL_checktype(L, 1, LUA_TSTRING);
    const char *name = lua_tolstring(L, 1, &count);
    lua_settop(L, 1);
    guard_charge(L, 10);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_modules);
    lua_pushvalue(L, 1);
    lua_rawget(L, 2);
    // Light userdata marks a module whose chunk is running.
    if (lua_islightuserdata(L, 3)) return luaL_error(L, "module '%s' is not there: modules require each other in a circle, or it has failed before", name);
    if (!lua_isnil(L, 3)) return 1;
    enum guard_ending ending = g->callbacks.module(g->callbacks.context, name, count);
    guard_check(g);
    if (ending != GUARD_FINE) return raise_refusal(L, ending);
    guard_charge(L, (int64_t)(g->reply.count / 16));
    if (luaL_loadbufferx(L, (const char *)g->reply.data, g->reply.count, "=code", "b") != LUA_OK) return lua_error(L);
    lua_pushvalue(L, 1);
    lua_pushlightuserdata(L, g);
    lua_rawset(L, 2);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1)) {
        lua_pushboolean(L, 1);
        lua_replace(L, -2);
    }
    lua_pushvalue(L, 1);
    lua_pushvalue(L, -2);
    lua_rawset(L, 2);
    return 1;
}

void open_require(lua_State *L) { lua_register(L, "require", base_require); }
