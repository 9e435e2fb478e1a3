// One call made in a guarded state and in a real one, and what came of it as bytes that can be compared.
#include <stdio.h>
#include <stdlib.h>

#include "trials.h"

/// What one call may cost: enough for every match that ends, soon over for one that does not.
#define INSTRUCTIONS 30000
/// Of an iterator.
#define MOST_TURNS 40

// MARK: Chance

uint32_t random_below(struct random *r, uint32_t bound) {
    r->state += 0x9e3779b97f4a7c15u;
    uint64_t z = r->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) % bound);
}

void text_add(struct text *t, const char *bytes, size_t count) {
    if (count > LONGEST_TEXT - t->count) count = LONGEST_TEXT - t->count;
    memcpy(t->bytes + t->count, bytes, count);
    t->count += count;
}

void text_add_byte(struct text *t, char byte) { text_add(t, &byte, 1); }

struct argument *argument_add(struct call *call, enum argument_kind kind) {
    struct argument *argument = &call->arguments[call->count++];
    argument->kind = kind;
    argument->text.count = 0;
    argument->count = 0;
    return argument;
}

void argument_integer(struct call *call, lua_Integer integer) { argument_add(call, IS_INTEGER)->integer = integer; }

// MARK: The same call in any state

/// A replacement that looks at what it gets, and answers a text, a number, nothing or false by that.
static int echo(lua_State *L) {
    size_t count;
    int top = lua_gettop(L);
    const char *first = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &count) : NULL;
    if (!first || count == 0) {
        lua_pushinteger(L, top);
        return 1;
    }
    switch (first[0] & 3) {
    case 0: return 0;
    case 1: lua_pushboolean(L, 0); return 1;
    case 2: lua_pushvalue(L, top); return 1;
    default: lua_pushlstring(L, first, count < 3 ? count : 3); return 1;
    }
}

static int refusal(lua_State *L) {
    lua_newtable(L);
    return 1;
}

static void push_argument(lua_State *L, const struct argument *argument) {
    switch (argument->kind) {
    case IS_NIL: lua_pushnil(L); break;
    case IS_INTEGER: lua_pushinteger(L, argument->integer); break;
    case IS_FLOAT: lua_pushnumber(L, argument->number); break;
    case IS_TEXT: lua_pushlstring(L, argument->text.bytes, argument->text.count); break;
    case IS_TRUE: lua_pushboolean(L, 1); break;
    case IS_ECHO: lua_pushcfunction(L, echo); break;
    case IS_REFUSAL: lua_pushcfunction(L, refusal); break;
    case IS_LIST:
        lua_newtable(L);
        for (int i = 0; i < argument->count; i++) {
            lua_pushinteger(L, argument->list[i]);
            lua_rawseti(L, -2, i + 1);
        }
        break;
    case IS_WORDS:
        lua_newtable(L);
        lua_pushliteral(L, "word");
        lua_setfield(L, -2, "a");
        lua_pushinteger(L, 7);
        lua_setfield(L, -2, "b");
        lua_pushboolean(L, 0);
        lua_setfield(L, -2, "ab");
        lua_pushnumber(L, 0.5);
        lua_rawseti(L, -2, 1);
        break;
    }
}

static void say(lua_State *L, int index, struct bytes *out) {
    char type = (char)('0' + lua_type(L, index));
    bytes_add(out, &type, 1);
    switch (lua_type(L, index)) {
    case LUA_TBOOLEAN: bytes_print(out, "%d", lua_toboolean(L, index)); break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) bytes_print(out, "%lld", (long long)lua_tointeger(L, index));
        else bytes_print(out, "%a", lua_tonumber(L, index));
        break;
    case LUA_TSTRING: {
        size_t count;
        const char *text = lua_tolstring(L, index, &count);
        bytes_print(out, "%zu:", count);
        bytes_add(out, text, count);
        break;
    }
    case LUA_TTABLE:
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, index); i <= n; i++) {
            lua_rawgeti(L, index, i);
            say(L, lua_gettop(L), out);
            lua_pop(L, 1);
        }
        break;
    default: break;
    }
    bytes_add(out, ";", 1);
}

/// Pushes the function and calls it with its arguments; says what came of it.
static void make_call(lua_State *L, const struct call *call, struct bytes *out) {
    out->count = 0;
    lua_settop(L, 0);
    // The first argument again, last: tables are changed in place.
    lua_getglobal(L, call->library);
    if (lua_istable(L, -1)) lua_getfield(L, -1, call->function);
    else lua_getglobal(L, call->function);
    lua_replace(L, 1);
    luaL_checkstack(L, 40, NULL);
    for (int i = 0; i < call->count; i++) push_argument(L, &call->arguments[i]);
    lua_pushvalue(L, call->count > 0 ? 2 : 1);
    lua_insert(L, 1);
    int status = lua_pcall(L, call->count, LUA_MULTRET, 0);
    if (status != LUA_OK) bytes_add(out, "error ", 6);
    int top = lua_gettop(L);
    if (status == LUA_OK && call->is_iterator) {
        lua_settop(L, 2);
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            lua_settop(L, 2);
            lua_pushvalue(L, 2);
            status = lua_pcall(L, 0, LUA_MULTRET, 0);
            if (status != LUA_OK) bytes_add(out, "error ", 6);
            top = lua_gettop(L);
            for (int i = 3; i <= top; i++) say(L, i, out);
            bytes_add(out, "|", 1);
            if (status != LUA_OK || top < 3 || lua_isnil(L, 3)) break;
        }
    } else {
        for (int i = 2; i <= top; i++) say(L, i, out);
        if (lua_istable(L, 1)) say(L, 1, out);
    }
    lua_settop(L, 0);
}

// MARK: States

static int guarded_body(lua_State *L) {
    struct trials *t = lua_touserdata(L, 1);
    make_call(L, t->call, &t->ours);
    return guard_ended(L, GUARD_FINE);
}

static void open_guarded(struct trials *t) {
    struct guard_limits limits = {
        .instructions = INSTRUCTIONS,
        .wall_nanoseconds = INT64_MAX,
        .memory_bytes = 4 << 20,
        .log_bytes = 1000,
        .result_bytes = 1 << 20,
    };
    t->guarded = guard_create(limits, (struct guard_callbacks){ 0 });
    if (!t->guarded || guard_open(t->guarded, 1) != GUARD_FINE) abort();
}

void trials_open(struct trials *t) {
    static const struct {
        const char *name;
        lua_CFunction open;
    } libraries[] = {
        { LUA_GNAME, luaopen_base }, { "string", luaopen_string }, { "table", luaopen_table }, { "utf8", luaopen_utf8 },
    };
    *t = (struct trials){ 0 };
    open_guarded(t);
    t->real = luaL_newstate();
    if (!t->real) abort();
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        luaL_requiref(t->real, libraries[i].name, libraries[i].open, 1);
        lua_settop(t->real, 0);
    }
}

void trials_close(struct trials *t) {
    guard_destroy(t->guarded);
    lua_close(t->real);
    bytes_free(&t->ours);
    bytes_free(&t->theirs);
}

// MARK: Differences

static void describe_bytes(struct bytes *out, const char *text, size_t count) {
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c >= 0x7f || c == '\'' || c == '\\') bytes_print(out, "\\%03d", c);
        else bytes_print(out, "%c", c);
    }
}

static void describe(struct trials *t, char *room, size_t size) {
    struct bytes out = { 0 };
    bytes_print(&out, "%s.%s(", t->call->library, t->call->function);
    for (int i = 0; i < t->call->count; i++) {
        const struct argument *argument = &t->call->arguments[i];
        if (i > 0) bytes_print(&out, ", ");
        switch (argument->kind) {
        case IS_INTEGER: bytes_print(&out, "%lld", (long long)argument->integer); break;
        case IS_FLOAT: bytes_print(&out, "%a", argument->number); break;
        case IS_TEXT:
            bytes_print(&out, "'");
            describe_bytes(&out, argument->text.bytes, argument->text.count);
            bytes_print(&out, "'");
            break;
        case IS_NIL: bytes_print(&out, "nil"); break;
        case IS_TRUE: bytes_print(&out, "true"); break;
        case IS_LIST:
            bytes_print(&out, "{ ");
            for (int j = 0; j < argument->count; j++) bytes_print(&out, "%lld, ", (long long)argument->list[j]);
            bytes_print(&out, "}");
            break;
        case IS_WORDS: bytes_print(&out, "words"); break;
        case IS_ECHO: bytes_print(&out, "echo"); break;
        case IS_REFUSAL: bytes_print(&out, "refusal"); break;
        }
    }
    bytes_print(&out, "): ours ");
    describe_bytes(&out, (const char *)t->ours.data, t->ours.count);
    bytes_print(&out, " theirs ");
    describe_bytes(&out, (const char *)t->theirs.data, t->theirs.count);
    snprintf(room, size, "%.*s", (int)out.count, (const char *)out.data);
    bytes_free(&out);
}

static bool is_error(const struct bytes *b) { return b->count >= 6 && memcmp(b->data, "error ", 6) == 0; }

bool trials_compare(struct trials *t, const struct call *call, struct trial_report *report) {
    t->call = call;
    report->calls++;
    guard *g = t->guarded;
    g->instructions = 0;
    g->until_clock = CLOCK_PERIOD;
    if (guard_enter(g, guarded_body, t) != GUARD_FINE) {
        report->limited++;
        guard_destroy(g);
        open_guarded(t);
        return true;
    }
    make_call(t->real, call, &t->theirs);
    if (is_error(&t->theirs)) report->errors++;
    // More than a nil.
    else if (t->theirs.count > 3) report->successes++;
    if (t->ours.count == t->theirs.count && memcmp(t->ours.data, t->theirs.data, t->ours.count) == 0) return true;
    if (report->differences++ == 0) describe(t, report->first_difference, sizeof report->first_difference);
    return false;
}
