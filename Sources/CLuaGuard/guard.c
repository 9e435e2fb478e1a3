// A guard's life: the state is made, entered, and dropped.
#define _GNU_SOURCE
#include <stdlib.h>

#include "guard.h"

guard *guard_create(struct guard_limits limits, struct guard_callbacks callbacks) {
    guard *g = calloc(1, sizeof *g);
    if (!g) return NULL;
    g->limits = limits;
    if (g->limits.memory_bytes < 0) g->limits.memory_bytes = 0;
    g->callbacks = callbacks;
    g->started = guard_now();
    g->until_clock = CLOCK_PERIOD;
    return g;
}

void guard_destroy(guard *g) {
    if (!g) return;
    // Not `lua_close`: there is nothing to finalize, and after a limit the state is not to be touched.
    guard_free_blocks(g);
    bytes_free(&g->output);
    bytes_free(&g->reply);
    bytes_free(&g->log);
    bytes_free(&g->message);
    free(g);
}

// MARK: Keeping

bool guard_keep(guard *g) {
#ifdef TROUPE_WATCHED_PIECES
    return false;
#else
    return !g->limit && !g->kept && guard_copy_blocks(g);
#endif
}

bool guard_rewind(guard *g) {
    if (g->limit || !g->kept) return false;
    struct bytes buffers[] = { g->output, g->reply, g->log, g->message };
    guard_restore_blocks(g);
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) bytes_clear(&buffers[i]);
    g->output = buffers[0];
    g->reply = buffers[1];
    g->log = buffers[2];
    g->message = buffers[3];
    return true;
}

// MARK: Entries

static int panic(lua_State *L) {
    // Every call is protected, so this is never reached; were it, Lua would abort the process on return.
    guard_stop(guard_of(L), GUARD_MEMORY);
}

/// Makes the state. A new thread starts with a whole period of the hook charged, and so does this one.
static void make_state(guard *g) {
    lua_State *L = lua_newstate(guard_allocate, g);
    if (!L) guard_stop(g, GUARD_MEMORY);
    *(guard **)lua_getextraspace(L) = g;
    g->main = g->running = L;
    lua_atpanic(L, panic);
    lua_sethook(L, guard_hook, LUA_MASKCOUNT, HOOK_PERIOD);
    // A negative step is a credit, in KiB: most runs end before there is anything worth collecting. An eighth of what there is.
    int64_t credit = g->limits.memory_bytes / 1024 / 8;
    lua_gc(L, LUA_GCSTEP, -(int)(credit < 1024 ? credit : 1024));
    guard_charge(L, HOOK_PERIOD);
}

static int settle(lua_State *L) {
    lua_pushinteger(L, guard_settle(guard_of(L), L));
    return 1;
}

enum guard_ending guard_enter(guard *g, lua_CFunction body, void *context) {
    if (g->limit) return g->limit;
    if (_setjmp(g->entry)) return g->limit;
    if (!g->main) make_state(g);
    lua_State *L = g->main;
    g->running = L;
    g->handled_place = (struct place){ 0 };
    g->handled_prefix[0] = 0;
    lua_settop(L, 0);
    lua_pushcfunction(L, guard_on_error);
    lua_pushcfunction(L, body);
    lua_pushlightuserdata(L, context);
    if (lua_pcall(L, 1, 1, 1) == LUA_OK) {
        enum guard_ending ending = (enum guard_ending)lua_tointeger(L, -1);
        lua_settop(L, 0);
        return ending;
    }
    g->running = L;
    guard_forget_frames();
    // Putting the error into words may run the script's `__tostring`, which may fail in turn.
    lua_pushcfunction(L, settle);
    lua_insert(L, -2);
    enum guard_ending ending = GUARD_RAISED;
    if (lua_pcall(L, 1, 1, 0) == LUA_OK) {
        ending = (enum guard_ending)lua_tointeger(L, -1);
    } else {
        guard_forget_frames();
        g->failure_place = g->handled_place;
        g->message.count = 0;
        if (!bytes_print(&g->message, "the script raised a value that cannot be put into words")) guard_stop(g, GUARD_MEMORY);
    }
    lua_settop(L, 0);
    return ending;
}

int guard_ended(lua_State *L, enum guard_ending ending) {
    lua_pushinteger(L, ending);
    return 1;
}

void guard_push(lua_State *L, int32_t reference) {
    if (reference == 0) {
        lua_pushglobaltable(L);
        return;
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_references);
    lua_rawgeti(L, -1, reference);
    lua_remove(L, -2);
}

// MARK: Looking from outside

enum guard_type guard_type_of(guard *g, int32_t value) {
    if (g->limit || !g->main) return GUARD_NIL;
    guard_push(g->main, value);
    int type = lua_type(g->main, -1);
    lua_settop(g->main, 0);
    return type == LUA_TNIL ? GUARD_NIL : type == LUA_TFUNCTION ? GUARD_FUNCTION : type == LUA_TTABLE ? GUARD_TABLE : GUARD_OTHER;
}

struct guard_bytes guard_output(const guard *g) { return (struct guard_bytes){ g->output.data, g->output.count }; }

struct guard_bytes guard_log(const guard *g) { return (struct guard_bytes){ g->log.data, g->log.count }; }

struct guard_failure guard_failed(const guard *g) {
    return (struct guard_failure){
        .message = { g->message.data, g->message.count },
        .file = g->failure_place.file,
        .line = g->failure_place.line,
    };
}

struct guard_usage guard_used(const guard *g) {
    return (struct guard_usage){
        .instructions = g->instructions < g->limits.instructions ? g->instructions : g->limits.instructions,
        .peak_memory_bytes = (int64_t)g->peak_memory,
        .wall_nanoseconds = guard_now() - g->started,
    };
}
