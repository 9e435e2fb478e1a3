// What can be done with a state from outside: each is one entry.
#include "guard.h"

/// Keeps the value on top, and names it.
static int32_t keep(lua_State *L) {
    guard *g = guard_of(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_references);
    lua_insert(L, -2);
    lua_rawseti(L, -2, ++g->references);
    lua_pop(L, 1);
    return g->references;
}

static void push_table(lua_State *L, int32_t reference) {
    guard_push(L, reference);
    if (!lua_istable(L, -1)) luaL_error(L, "not a table");
}

static int open_body(lua_State *L) {
    guard_open_environment(L);
    return guard_ended(L, GUARD_FINE);
}

enum guard_ending guard_open(guard *g, uint64_t seed) {
    random_start(g, seed);
    return guard_enter(g, open_body, NULL);
}

void guard_begin(guard *g, uint64_t seed, struct guard_bytes input) {
    random_start(g, seed);
    g->input = input;
    g->started = guard_now();
}

void guard_end(guard *g) { g->input = (struct guard_bytes){ 0 }; }

struct loading {
    struct guard_bytes bytes;
    int32_t *function;
};

static int load_body(lua_State *L) {
    const struct loading *loading = lua_touserdata(L, 1);
    guard_charge(L, (int64_t)(loading->bytes.count / 16));
    if (luaL_loadbufferx(L, (const char *)loading->bytes.bytes, loading->bytes.count, "=code", "b") != LUA_OK) lua_error(L);
    *loading->function = keep(L);
    return guard_ended(L, GUARD_FINE);
}

enum guard_ending guard_load(guard *g, const uint8_t *code, size_t count, int32_t *function) {
    struct loading loading = { { code, count }, function };
    return guard_enter(g, load_body, &loading);
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
    guard_push(L, calling->function);
    for (int32_t i = 0; i < calling->argument_count; i++) guard_push(L, calling->arguments[i]);
    lua_call(L, calling->argument_count, calling->result_count);
    for (int32_t i = calling->result_count - 1; i >= 0; i--) calling->results[i] = keep(L);
    return guard_ended(L, GUARD_FINE);
}

enum guard_ending guard_call(
    guard *g, int32_t function, const int32_t *arguments, int32_t argument_count, int32_t *results, int32_t result_count
) {
    struct calling calling = { function, arguments, argument_count, results, result_count };
    return guard_enter(g, call_body, &calling);
}

struct access {
    int32_t table;
    const char *key;
    int32_t value;
    int32_t *result;
};

static int get_body(lua_State *L) {
    const struct access *access = lua_touserdata(L, 1);
    push_table(L, access->table);
    lua_pushstring(L, access->key);
    lua_rawget(L, -2);
    *access->result = keep(L);
    return guard_ended(L, GUARD_FINE);
}

enum guard_ending guard_get(guard *g, int32_t table, const char *key, int32_t *value) {
    struct access access = { .table = table, .key = key, .result = value };
    return guard_enter(g, get_body, &access);
}

static int set_body(lua_State *L) {
    const struct access *access = lua_touserdata(L, 1);
    push_table(L, access->table);
    lua_pushstring(L, access->key);
    guard_push(L, access->value);
    lua_rawset(L, -3);
    return guard_ended(L, GUARD_FINE);
}

enum guard_ending guard_set(guard *g, int32_t table, const char *key, int32_t value) {
    struct access access = { .table = table, .key = key, .value = value };
    return guard_enter(g, set_body, &access);
}

struct offering {
    const char *names;
    int32_t count;
    int32_t first;
    int32_t *table;
};

static int host_table_body(lua_State *L) {
    const struct offering *offering = lua_touserdata(L, 1);
    const char *name = offering->names;
    lua_createtable(L, 0, offering->count + 3);
    for (int32_t i = 0; i < offering->count; i++) {
        lua_pushinteger(L, offering->first + i);
        lua_pushcclosure(L, guard_host_call, 1);
        lua_setfield(L, -2, name);
        name += strlen(name) + 1;
    }
    lua_pushcfunction(L, guard_frame);
    lua_setfield(L, -2, "framed");
    lua_pushcfunction(L, guard_input);
    lua_setfield(L, -2, "input");
    lua_pushcfunction(L, guard_completes);
    lua_setfield(L, -2, "completes");
    *offering->table = keep(L);
    return guard_ended(L, GUARD_FINE);
}

enum guard_ending guard_host_table(guard *g, const char *names, int32_t count, int32_t first, int32_t *table) {
    struct offering offering = { names, count, first, table };
    return guard_enter(g, host_table_body, &offering);
}

static int import_body(lua_State *L) {
    const struct loading *loading = lua_touserdata(L, 1);
    if (!guard_read(L, loading->bytes.bytes, loading->bytes.count)) return luaL_error(L, "the host sent no plain data");
    *loading->function = keep(L);
    return guard_ended(L, GUARD_FINE);
}

enum guard_ending guard_import(guard *g, const uint8_t *bytes, size_t count, int32_t *value) {
    struct loading loading = { { bytes, count }, value };
    return guard_enter(g, import_body, &loading);
}

struct exporting {
    int32_t value;
    enum guard_rules rules;
    const char *root;
};

static int export_body(lua_State *L) {
    const struct exporting *exporting = lua_touserdata(L, 1);
    guard *g = guard_of(L);
    guard_push(L, exporting->value);
    g->output.count = 0;
    g->failure_place = (struct place){ 0 };
    bool is_plain = guard_write(L, lua_gettop(L), (int)exporting->rules, exporting->root, &g->output);
    return guard_ended(L, is_plain ? GUARD_FINE : GUARD_BAD_RESULT);
}

enum guard_ending guard_export(guard *g, int32_t value, enum guard_rules rules, const char *root) {
    struct exporting exporting = { value, rules, root };
    return guard_enter(g, export_body, &exporting);
}
