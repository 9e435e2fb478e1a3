// string.format. Each item is checked before C's own formatting sees it, and is short; %p is not offered.
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "guard.h"

/// A flag set, width and precision of at most two digits, `ll` and the letter fit well.
#define LONGEST_ITEM 32
/// 99 digits behind the point of the largest number.
#define LONGEST_NUMBER 600

struct item {
    char text[LONGEST_ITEM];
    size_t count;
    bool has_precision;
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads flags, width and precision behind `%`; answers where the letter is.
static const char *read_item(lua_State *L, const char *p, const char *end, struct item *item) {
    const char *start = p;
    while (p < end && strchr("-+ #0", *p) && *p) p++;
    const char *flags_end = p;
    for (int i = 0; i < 2 && p < end && is_digit(*p); i++) p++;
    item->has_precision = p < end && *p == '.';
    if (item->has_precision) {
        p++;
        for (int i = 0; i < 2 && p < end && is_digit(*p); i++) p++;
    }
    if (flags_end - start > 5 || p >= end || is_digit(*p)) luaL_error(L, "invalid conversion in the format of 'format'");
    item->text[0] = '%';
    memcpy(item->text + 1, start, (size_t)(p - start));
    item->count = 1 + (size_t)(p - start);
    item->text[item->count] = 0;
    return p;
}

static void finish_item(lua_State *L, struct item *item, const char *letter, const char *flags) {
    for (const char *p = item->text + 1; *p && strchr("-+ #0", *p); p++) {
        if (!strchr(flags, *p)) luaL_error(L, "invalid conversion '%s%c' to 'format'", item->text, letter[strlen(letter) - 1]);
    }
    memcpy(item->text + item->count, letter, strlen(letter) + 1);
}

static void add_number(struct buffer *b, const struct item *item, lua_Number number) {
    char *room = buffer_room(b, LONGEST_NUMBER);
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
    b->count += (size_t)snprintf(room, LONGEST_NUMBER, item->text, number);
#pragma clang diagnostic pop
}

static void add_integer(struct buffer *b, const struct item *item, long long number) {
    char *room = buffer_room(b, LONGEST_NUMBER);
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
    b->count += (size_t)snprintf(room, LONGEST_NUMBER, item->text, number);
#pragma clang diagnostic pop
}

static void add_character(struct buffer *b, const struct item *item, int c) {
    char *room = buffer_room(b, LONGEST_NUMBER);
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
    b->count += (size_t)snprintf(room, LONGEST_NUMBER, item->text, c);
#pragma clang diagnostic pop
}

static void add_text(lua_State *L, struct buffer *b, struct item *item, int argument) {
    size_t count;
    const char *text = guard_tostring(L, argument, &count);
    guard_charge(L, (int64_t)(count / 64));
    if (item->count == 1 || (!item->has_precision && count >= 100)) {
        buffer_add(b, text, count);
    } else {
        if (memchr(text, 0, count)) luaL_argerror(L, argument, "string contains zeros");
        char *room = buffer_room(b, LONGEST_NUMBER);
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
        b->count += (size_t)snprintf(room, LONGEST_NUMBER, item->text, text);
#pragma clang diagnostic pop
    }
    lua_pop(L, 1);
}

static void add_quoted_text(lua_State *L, struct buffer *b, int argument) {
    size_t count;
    const char *text = lua_tolstring(L, argument, &count);
    guard_charge(L, (int64_t)(count / 16));
    buffer_add(b, "\"", 1);
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\' || c == '\n') {
            buffer_add(b, "\\", 1);
            buffer_add(b, text + i, 1);
        } else if (c < 0x20 || c == 0x7f) {
            char code[8];
            bool is_followed = i + 1 < count && is_digit(text[i + 1]);
            int length = snprintf(code, sizeof code, is_followed ? "\\%03d" : "\\%d", c);
            buffer_add(b, code, (size_t)length);
        } else {
            buffer_add(b, text + i, 1);
        }
    }
    buffer_add(b, "\"", 1);
}

/// `%q`: so that Lua reads the same value back.
static void add_quoted(lua_State *L, struct buffer *b, int argument) {
    char text[64];
    switch (lua_type(L, argument)) {
    case LUA_TSTRING: add_quoted_text(L, b, argument); return;
    case LUA_TNIL: buffer_add(b, "nil", 3); return;
    case LUA_TBOOLEAN: snprintf(text, sizeof text, "%s", lua_toboolean(L, argument) ? "true" : "false"); break;
    case LUA_TNUMBER:
        if (lua_isinteger(L, argument)) {
            lua_Integer number = lua_tointeger(L, argument);
            // The smallest integer has no decimal notation that is an integer.
            snprintf(text, sizeof text, number == LUA_MININTEGER ? "0x%" PRIx64 : "%" PRId64, (int64_t)number);
        } else {
            lua_Number number = lua_tonumber(L, argument);
            if (isnan(number)) snprintf(text, sizeof text, "(0/0)");
            else if (isinf(number)) snprintf(text, sizeof text, number > 0 ? "1e9999" : "-1e9999");
            else snprintf(text, sizeof text, "%a", number);
        }
        break;
    default: luaL_argerror(L, argument, "value has no literal form");
    }
    buffer_add(b, text, strlen(text));
}

int string_format(lua_State *L) {
    int top = lua_gettop(L), argument = 1;
    size_t count;
    const char *p = luaL_checklstring(L, 1, &count), *end = p + count;
    struct buffer b;
    buffer_open(&b, L);
    guard_charge(L, 2 + (int64_t)(count / 16));
    while (p < end) {
        const char *percent = memchr(p, '%', (size_t)(end - p));
        if (!percent) percent = end;
        buffer_add(&b, p, (size_t)(percent - p));
        if (percent == end) break;
        p = percent + 1;
        if (p < end && *p == '%') {
            buffer_add(&b, p++, 1);
            continue;
        }
        guard_charge(L, 4);
        if (++argument > top) return luaL_argerror(L, argument, "no value");
        struct item item;
        p = read_item(L, p, end, &item);
        switch (*p) {
        case 'd': case 'i': {
            long long number = luaL_checkinteger(L, argument);
            finish_item(L, &item, "lld", "-+0 ");
            add_integer(&b, &item, number);
            break;
        }
        case 'o': case 'x': case 'X': {
            long long number = luaL_checkinteger(L, argument);
            finish_item(L, &item, *p == 'o' ? "llo" : *p == 'x' ? "llx" : "llX", "-#0");
            add_integer(&b, &item, number);
            break;
        }
        case 'c': {
            char c = (char)luaL_checkinteger(L, argument);
            if (item.has_precision) return luaL_error(L, "invalid conversion '%s.c' to 'format'", item.text);
            if (item.count == 1) {
                buffer_add(&b, &c, 1);
            } else {
                finish_item(L, &item, "c", "-");
                add_character(&b, &item, c);
            }
            break;
        }
        case 'a': case 'A': case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': {
            lua_Number number = luaL_checknumber(L, argument);
            char letter[2] = { *p, 0 };
            finish_item(L, &item, letter, "-+ #0");
            add_number(&b, &item, number);
            break;
        }
        case 's':
            luaL_checkany(L, argument);
            {
                size_t plain = item.count;
                finish_item(L, &item, "s", "-");
                item.count = plain;
            }
            add_text(L, &b, &item, argument);
            break;
        case 'q':
            luaL_checkany(L, argument);
            if (item.count > 1) return luaL_error(L, "specifier '%%q' cannot have modifiers");
            add_quoted(L, &b, argument);
            break;
        case 'p': return luaL_error(L, "'%%p' is not offered: addresses differ from run to run");
        default: return luaL_error(L, "invalid conversion '%s%c' to 'format'", item.text, *p);
        }
        p++;
    }
    buffer_close(&b);
    return 1;
}
