// Where an error happened, and what it was. Both are kept beside the error's value: nothing of it is read out of its text.
#include <stdio.h>

#include "guard.h"

const char registry_references, registry_raised, registry_blind, registry_hidden, registry_modules, registry_own,
    registry_growing, registry_completing;

bool guard_find_place(lua_State *L, int level, struct place *place) {
    lua_Debug ar;
    for (; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.source[0] != '@' || ar.currentline <= 0) continue;
        snprintf(place->file, sizeof place->file, "%s", ar.source + 1);
        place->line = ar.currentline;
        return true;
    }
    *place = (struct place){ 0 };
    return false;
}

/// What Lua puts in front of its messages there: the place of the first frame that is no C function's.
static void find_prefix(lua_State *L, int level, char *prefix, size_t size) {
    lua_Debug ar;
    prefix[0] = 0;
    for (; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.what[0] == 'C') continue;
        snprintf(prefix, size, "%s:%d: ", ar.short_src, ar.currentline);
        return;
    }
}

/// Message handler of every entry: looks at the stack as long as it stands.
int guard_on_error(lua_State *L) {
    guard *g = guard_of(L);
    guard_find_place(L, 1, &g->handled_place);
    find_prefix(L, 1, g->handled_prefix, sizeof g->handled_prefix);
    return 1;
}

/// Remembers the value on top as raised.
static void remember(lua_State *L, struct raised raised) {
    guard *g = guard_of(L);
    g->raised = raised;
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_raised);
    if (raised.kind != GUARD_BLIND) return;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_blind);
    lua_pushvalue(L, -2);
    lua_pushinteger(L, (lua_Integer)raised.prefix);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/// Whether the value at `index` is the text of an error of blindness, and how much of that is places in front. Blindness stays blindness
/// when the script catches it and raises it again later, after other errors.
static bool is_blind(lua_State *L, int index, size_t *prefix) {
    if (lua_type(L, index) != LUA_TSTRING) return false;
    lua_pushvalue(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_blind);
    lua_insert(L, -2);
    bool is_there = lua_rawget(L, -2) == LUA_TNUMBER;
    if (is_there) *prefix = (size_t)lua_tointeger(L, -1);
    lua_pop(L, 2);
    return is_there;
}

int guard_raise_at(lua_State *L, enum guard_ending kind, const struct place *place, const char *message, size_t count) {
    struct raised raised = { .kind = kind, .place = *place };
    luaL_checkstack(L, 5, NULL);
    // Where a level names no script, the error still has a place; only its text has none.
    if (place->file[0] == 0) guard_find_place(L, 1, &raised.place);
    if (place->line > 0) {
        lua_pushfstring(L, "%s:%d: ", place->file, (int)place->line);
        raised.prefix = lua_rawlen(L, -1);
    } else {
        lua_pushliteral(L, "");
    }
    lua_pushlstring(L, message, count);
    size_t before;
    if (kind == GUARD_RAISED && is_blind(L, -1, &before)) {
        raised.kind = GUARD_BLIND;
        raised.prefix += before;
    }
    lua_concat(L, 2);
    remember(L, raised);
    return lua_error(L);
}

int guard_raise(lua_State *L, enum guard_ending kind, int level, const char *message, size_t count) {
    struct place place;
    guard_find_place(L, level, &place);
    return guard_raise_at(L, kind, &place, message, count);
}

static bool is_remembered(lua_State *L, int index) {
    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_raised);
    bool equal = !lua_isnil(L, -1) && lua_rawequal(L, -1, index);
    lua_pop(L, 1);
    return equal;
}

/// What is known of the value on top, which a coroutine that is dead of it raised; false where nothing is.
static bool find_raised(lua_State *L, lua_State *co, struct raised *raised) {
    if (is_remembered(L, -1)) {
        *raised = guard_of(L)->raised;
        return true;
    }
    *raised = (struct raised){ .kind = GUARD_RAISED };
    if (!guard_find_place(co, 0, &raised->place)) return false;
    char prefix[LUA_IDSIZE + 16];
    find_prefix(co, 0, prefix, sizeof prefix);
    size_t count;
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &count) : NULL;
    if (text && count >= strlen(prefix) && memcmp(text, prefix, strlen(prefix)) == 0) raised->prefix = strlen(prefix);
    if (is_blind(L, -1, &raised->prefix)) raised->kind = GUARD_BLIND;
    return true;
}

int guard_pass_on(lua_State *L, lua_State *co) {
    struct raised raised;
    luaL_checkstack(L, 5, NULL);
    bool is_known = co && find_raised(L, co, &raised);
    if (lua_type(L, -1) == LUA_TSTRING) {
        luaL_where(L, 1);
        if (is_known) raised.prefix += lua_rawlen(L, -1);
        lua_insert(L, -2);
        lua_concat(L, 2);
    }
    if (is_known) remember(L, raised);
    return lua_error(L);
}

void guard_caught(lua_State *L) {
    // A text without a place says nothing of where it came from: the same may be raised elsewhere.
    if (guard_of(L)->raised.prefix > 0 || lua_type(L, -1) != LUA_TSTRING || !is_remembered(L, -1)) return;
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_raised);
}

/// No message that a person reads is longer.
#define LONGEST_MESSAGE 2000

enum guard_ending guard_settle(guard *g, lua_State *L) {
    int value = lua_gettop(L);
    enum guard_ending kind = GUARD_RAISED;
    size_t count, prefix = 0;
    bool is_text = lua_type(L, value) == LUA_TSTRING;
    const char *text = is_text ? lua_tolstring(L, value, &count) : guard_tostring(L, value, &count);
    if (is_remembered(L, value)) {
        kind = g->raised.kind;
        g->failure_place = g->raised.place;
        prefix = g->raised.prefix;
    } else {
        g->failure_place = g->handled_place;
        size_t length = strlen(g->handled_prefix);
        if (is_text && count >= length && memcmp(text, g->handled_prefix, length) == 0) prefix = length;
    }
    if (is_text && kind == GUARD_RAISED && is_blind(L, value, &prefix)) kind = GUARD_BLIND;
    g->message.count = 0;
    bool fits = true;
    if (!is_text) {
        fits = bytes_print(&g->message, "the script raised %s", lua_isnil(L, value) ? "" : "a value that is no text: ");
    }
    if (prefix > count) prefix = 0;
    fits = fits && bytes_add_clean(&g->message, text + prefix, count - prefix, LONGEST_MESSAGE);
    if (!fits) guard_stop(g, GUARD_MEMORY);
    return kind;
}
