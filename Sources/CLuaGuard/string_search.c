// string.find, match, gmatch and gsub.
#define _GNU_SOURCE
#include <ctype.h>

#include "patterns.h"

// MARK: find, match

static bool has_specials(const char *pattern, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (pattern[i] && strchr("^$*+?.([%-", pattern[i])) return true;
    }
    return false;
}

static int search(lua_State *L, bool is_find) {
    size_t count, pattern_count;
    const char *text = luaL_checklstring(L, 1, &count), *pattern = luaL_checklstring(L, 2, &pattern_count);
    lua_Integer init = luaL_optinteger(L, 3, 1);
    size_t first = init > 0 ? (size_t)init : init == 0 || init < -(lua_Integer)count ? 1 : count + (size_t)init + 1;
    guard_charge(L, 2 + (int64_t)(pattern_count / 16));
    if (first > count + 1) {
        lua_pushnil(L);
        return 1;
    }
    const char *s = text + first - 1;
    if (is_find && (lua_toboolean(L, 4) || !has_specials(pattern, pattern_count))) {
        // Linear whatever the texts are.
        size_t rest = (size_t)(text + count - s);
        guard_charge(L, (int64_t)(rest / 16));
        const char *found = pattern_count == 0 ? s : memmem(s, rest, pattern, pattern_count);
        if (!found) {
            lua_pushnil(L);
            return 1;
        }
        lua_pushinteger(L, found - text + 1);
        lua_pushinteger(L, found - text + (lua_Integer)pattern_count);
        return 2;
    }
    struct matcher m;
    bool is_anchored = pattern_count > 0 && *pattern == '^';
    const char *p = pattern + is_anchored;
    matcher_prepare(&m, L, text, count, pattern + pattern_count);
    do {
        const char *end = matcher_try(&m, s, p);
        if (!end) continue;
        if (!is_find) return matcher_push_captures(&m, s, end);
        lua_pushinteger(L, s - text + 1);
        lua_pushinteger(L, end - text);
        return matcher_push_captures(&m, NULL, NULL) + 2;
    } while (s++ < m.text_end && !is_anchored);
    lua_pushnil(L);
    return 1;
}

int string_find(lua_State *L) { return search(L, true); }

int string_match(lua_State *L) { return search(L, false); }

// MARK: gmatch

/// Upvalues: text, pattern, where to go on, where the last match ended (-1 = nowhere).
static int gmatch_step(lua_State *L) {
    size_t count, pattern_count;
    const char *text = lua_tolstring(L, lua_upvalueindex(1), &count);
    const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &pattern_count);
    lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
    struct matcher m;
    matcher_prepare(&m, L, text, count, pattern + pattern_count);
    guard_charge(L, 2);
    for (const char *s = text + lua_tointeger(L, lua_upvalueindex(3)); s <= m.text_end; s++) {
        const char *end = matcher_try(&m, s, pattern);
        if (!end || end - text == last) continue;
        lua_pushinteger(L, end - text);
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_copy(L, -1, lua_upvalueindex(4));
        return matcher_push_captures(&m, s, end);
    }
    lua_pushinteger(L, (lua_Integer)count + 1);
    lua_replace(L, lua_upvalueindex(3));
    return 0;
}

int string_gmatch(lua_State *L) {
    size_t count;
    luaL_checklstring(L, 1, &count);
    luaL_checkstring(L, 2);
    lua_Integer init = luaL_optinteger(L, 3, 1);
    lua_Integer first = init > 0 ? init : init == 0 || init < -(lua_Integer)count ? 1 : (lua_Integer)count + init + 1;
    if (first > (lua_Integer)count) first = (lua_Integer)count + 1 + (first > (lua_Integer)count + 1);
    lua_settop(L, 2);
    lua_pushinteger(L, first - 1);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, gmatch_step, 4);
    return 1;
}

// MARK: gsub

/// Adds a replacement text, `%1` and its like filled in.
static void add_filled(struct matcher *m, struct buffer *b, const char *s, const char *end) {
    lua_State *L = m->L;
    size_t count;
    const char *p = lua_tolstring(L, 3, &count), *stop = p + count;
    guard_charge(L, (int64_t)(count / 64));
    while (p < stop) {
        const char *percent = memchr(p, '%', (size_t)(stop - p));
        if (!percent) percent = stop;
        buffer_add(b, p, (size_t)(percent - p));
        if (percent == stop) return;
        p = percent + 1;
        if (p < stop && *p == '%') {
            buffer_add(b, p, 1);
        } else if (p < stop && *p == '0') {
            buffer_add(b, s, (size_t)(end - s));
        } else if (p < stop && isdigit((unsigned char)*p)) {
            matcher_push_capture(m, *p - '1', s, end);
            guard_tostring(L, -1, NULL);
            buffer_add_value(b, -1);
            lua_pop(L, 2);
        } else {
            luaL_error(L, "invalid use of '%%' in replacement string");
        }
        p++;
    }
}

/// Adds what stands for the match from `s` to `end`.
static void add_replacement(struct matcher *m, struct buffer *b, const char *s, const char *end, int type) {
    lua_State *L = m->L;
    switch (type) {
    case LUA_TFUNCTION:
        lua_pushvalue(L, 3);
        lua_call(L, matcher_push_captures(m, s, end), 1);
        break;
    case LUA_TTABLE:
        matcher_push_capture(m, 0, s, end);
        lua_gettable(L, 3);
        break;
    default: add_filled(m, b, s, end); return;
    }
    if (!lua_toboolean(L, -1)) buffer_add(b, s, (size_t)(end - s));
    else if (lua_isstring(L, -1)) buffer_add_value(b, -1);
    else luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    lua_pop(L, 1);
}

int string_gsub(lua_State *L) {
    size_t count, pattern_count;
    const char *s = luaL_checklstring(L, 1, &count), *pattern = luaL_checklstring(L, 2, &pattern_count);
    int type = lua_type(L, 3);
    luaL_argexpected(
        L, type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
        "string/function/table");
    lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)count + 1), done = 0;
    bool is_anchored = pattern_count > 0 && *pattern == '^';
    const char *p = pattern + is_anchored, *last = NULL;
    if (type == LUA_TNUMBER) lua_tolstring(L, 3, NULL);
    lua_settop(L, 4);
    struct matcher m;
    matcher_prepare(&m, L, s, count, pattern + pattern_count);
    struct buffer b;
    buffer_open(&b, L);
    guard_charge(L, 4);
    while (done < most) {
        const char *end = matcher_try(&m, s, p);
        if (end && end != last) {
            done++;
            guard_charge(L, 4);
            add_replacement(&m, &b, s, end, type);
            s = last = end;
        } else if (s < m.text_end) {
            buffer_add(&b, s++, 1);
        } else {
            break;
        }
        if (is_anchored) break;
    }
    buffer_add(&b, s, (size_t)(m.text_end - s));
    buffer_close(&b);
    lua_pushinteger(L, done);
    return 2;
}
