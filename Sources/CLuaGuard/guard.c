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
    guard_charge(L, HOOK_PERIOD);
}

static int settle(lua_State *L) {
    lua_pushinteger(L, guard_settle(guard_of(L), L));
    return 1;
}

/// Runs `body` with `context`: the only way into Lua. Whatever happens in it ends here.
static enum guard_ending enter(guard *g, lua_CFunction body, void *context) {
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
    // Putting the error into words may run the script's `__tostring`, which may fail in turn.
    lua_pushcfunction(L, settle);
    lua_insert(L, -2);
    enum guard_ending ending = GUARD_RAISED;
    if (lua_pcall(L, 1, 1, 0) == LUA_OK) {
        ending = (enum guard_ending)lua_tointeger(L, -1);
    } else {
        g->failure_place = g->handled_place;
        g->message.count = 0;
        if (!bytes_print(&g->message, "the script raised a value that cannot be put into words")) guard_stop(g, GUARD_MEMORY);
    }
    lua_settop(L, 0);
    return ending;
}

static int ended(lua_State *L, enum guard_ending ending) {
    lua_pushinteger(L, ending);
    return 1;
}

/// Keeps the value on top, and names it.
static int32_t keep(lua_State *L) {
    guard *g = guard_of(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_references);
    lua_insert(L, -2);
    lua_rawseti(L, -2, ++g->references);
    lua_pop(L, 1);
    return g->references;
}

static void push(lua_State *L, int32_t reference) {
    if (reference == 0) {
        lua_pushglobaltable(L);
        return;
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_references);
    lua_rawgeti(L, -1, reference);
    lua_remove(L, -2);
}

static void push_table(lua_State *L, int32_t reference) {
    push(L, reference);
    if (!lua_istable(L, -1)) luaL_error(L, "not a table");
}

// MARK: Operations

static int open_body(lua_State *L) {
    guard_open_environment(L);
    return ended(L, GUARD_FINE);
}

enum guard_ending guard_open(guard *g, uint64_t seed) {
    random_start(g, seed);
    return enter(g, open_body, NULL);
}

struct text {
    const char *name;
    const uint8_t *bytes;
    size_t count;
};

static int write_code(lua_State *L, const void *data, size_t count, void *context) {
    (void)L;
    return bytes_add(context, data, count) ? 0 : 1;
}

/// Takes a syntax error apart: Lua says the line only in the message, behind the name that we gave.
static void settle_syntax(lua_State *L, const char *name) {
    guard *g = guard_of(L);
    size_t count;
    const char *text = luaL_tolstring(L, -1, &count);
    lua_Debug ar;
    char prefix[LUA_IDSIZE + 2];
    // A function of the same chunk tells how its name is shortened.
    luaL_loadbufferx(L, "", 0, name, "t");
    lua_getinfo(L, ">S", &ar);
    size_t length = strlen(ar.short_src);
    memcpy(prefix, ar.short_src, length);
    prefix[length++] = ':';
    g->failure_place = (struct place){ 0 };
    strncpy(g->failure_place.file, name + (name[0] == '@' || name[0] == '='), sizeof g->failure_place.file - 1);
    if (count > length && memcmp(text, prefix, length) == 0) {
        size_t i = length;
        int32_t line = 0;
        for (; i < count && text[i] >= '0' && text[i] <= '9' && line < 10000000; i++) line = line * 10 + (text[i] - '0');
        if (i + 1 < count && text[i] == ':' && text[i + 1] == ' ') {
            g->failure_place.line = line;
            text += i + 2;
            count -= i + 2;
        }
    }
    g->message.count = 0;
    bool is_deep = memmem(text, count, "overflow", 8) != NULL;
    bool fits = is_deep ? bytes_print(&g->message, "the script is nested too deeply") : bytes_add_clean(&g->message, text, count, 500);
    if (!fits) guard_stop(g, GUARD_MEMORY);
}

static int compile_body(lua_State *L) {
    const struct text *source = lua_touserdata(L, 1);
    guard *g = guard_of(L);
    if (luaL_loadbufferx(L, (const char *)source->bytes, source->count, source->name, "t") != LUA_OK) {
        settle_syntax(L, source->name);
        return ended(L, GUARD_SYNTAX);
    }
    g->output.count = 0;
    if (lua_dump(L, write_code, &g->output, 0) != 0) guard_stop(g, GUARD_MEMORY);
    return ended(L, GUARD_FINE);
}

enum guard_ending guard_compile(guard *g, const char *name, const uint8_t *source, size_t count) {
    struct text text = { name, source, count };
    return enter(g, compile_body, &text);
}

struct loading {
    struct text code;
    int32_t *function;
};

static int load_body(lua_State *L) {
    const struct loading *loading = lua_touserdata(L, 1);
    guard_charge(L, (int64_t)(loading->code.count / 16));
    if (luaL_loadbufferx(L, (const char *)loading->code.bytes, loading->code.count, "=code", "b") != LUA_OK) lua_error(L);
    *loading->function = keep(L);
    return ended(L, GUARD_FINE);
}

enum guard_ending guard_load(guard *g, const uint8_t *code, size_t count, int32_t *function) {
    struct loading loading = { { "", code, count }, function };
    return enter(g, load_body, &loading);
}

struct calling {
    int32_t function;
    const int32_t *arguments;
    int32_t argument_count;
    int32_t *results;
    int32_t result_count;
};

static int call_body(lua_State *L) {
    const struct calling *calling = lua_touserdata(L, 1);
    luaL_checkstack(L, calling->argument_count + calling->result_count + 4, NULL);
    push(L, calling->function);
    for (int32_t i = 0; i < calling->argument_count; i++) push(L, calling->arguments[i]);
    lua_call(L, calling->argument_count, calling->result_count);
    for (int32_t i = calling->result_count - 1; i >= 0; i--) calling->results[i] = keep(L);
    return ended(L, GUARD_FINE);
}

enum guard_ending guard_call(
    guard *g, int32_t function, const int32_t *arguments, int32_t argument_count, int32_t *results, int32_t result_count
) {
    struct calling calling = { function, arguments, argument_count, results, result_count };
    return enter(g, call_body, &calling);
}

struct access {
    int32_t table;
    const char *key;
    int32_t value;
    int32_t *result;
};

static int table_body(lua_State *L) {
    const struct access *access = lua_touserdata(L, 1);
    lua_newtable(L);
    *access->result = keep(L);
    return ended(L, GUARD_FINE);
}

enum guard_ending guard_table(guard *g, int32_t *table) {
    struct access access = { .result = table };
    return enter(g, table_body, &access);
}

static int get_body(lua_State *L) {
    const struct access *access = lua_touserdata(L, 1);
    push_table(L, access->table);
    lua_pushstring(L, access->key);
    lua_rawget(L, -2);
    *access->result = keep(L);
    return ended(L, GUARD_FINE);
}

enum guard_ending guard_get(guard *g, int32_t table, const char *key, int32_t *value) {
    struct access access = { .table = table, .key = key, .result = value };
    return enter(g, get_body, &access);
}

static int set_body(lua_State *L) {
    const struct access *access = lua_touserdata(L, 1);
    push_table(L, access->table);
    lua_pushstring(L, access->key);
    push(L, access->value);
    lua_rawset(L, -3);
    return ended(L, GUARD_FINE);
}

enum guard_ending guard_set(guard *g, int32_t table, const char *key, int32_t value) {
    struct access access = { .table = table, .key = key, .value = value };
    return enter(g, set_body, &access);
}

static int host_function_body(lua_State *L) {
    const struct access *access = lua_touserdata(L, 1);
    if (access->value == GUARD_FRAMED) {
        lua_pushcfunction(L, guard_frame);
    } else {
        lua_pushinteger(L, access->value);
        lua_pushcclosure(L, guard_host_call, 1);
    }
    *access->result = keep(L);
    return ended(L, GUARD_FINE);
}

enum guard_ending guard_host_function(guard *g, int32_t function, int32_t *value) {
    struct access access = { .value = function, .result = value };
    return enter(g, host_function_body, &access);
}

static int import_body(lua_State *L) {
    const struct loading *loading = lua_touserdata(L, 1);
    if (!guard_read(L, loading->code.bytes, loading->code.count)) return luaL_error(L, "the host sent no plain data");
    *loading->function = keep(L);
    return ended(L, GUARD_FINE);
}

enum guard_ending guard_import(guard *g, const uint8_t *bytes, size_t count, int32_t *value) {
    struct loading loading = { { "", bytes, count }, value };
    return enter(g, import_body, &loading);
}

struct exporting {
    int32_t value;
    enum guard_rules rules;
    const char *root;
};

static int export_body(lua_State *L) {
    const struct exporting *exporting = lua_touserdata(L, 1);
    guard *g = guard_of(L);
    push(L, exporting->value);
    g->output.count = 0;
    g->failure_place = (struct place){ 0 };
    bool is_plain = guard_write(L, lua_gettop(L), (int)exporting->rules, exporting->root, &g->output);
    return ended(L, is_plain ? GUARD_FINE : GUARD_BAD_RESULT);
}

enum guard_ending guard_export(guard *g, int32_t value, enum guard_rules rules, const char *root) {
    struct exporting exporting = { value, rules, root };
    return enter(g, export_body, &exporting);
}

// MARK: Looking from outside

enum guard_type guard_type_of(guard *g, int32_t value) {
    if (g->limit || !g->main) return GUARD_NIL;
    push(g->main, value);
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
