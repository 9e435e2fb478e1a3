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
    /// As in the script, letter and all.
    char text[LONGEST_ITEM];
    size_t count;
};

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *skip_two_digits(const char *p) {
    for (int i = 0; i < 2 && is_digit(*p); i++) p++;
    return p;
}

/// Reads flags, width, precision and the letter behind `%`; answers where the letter is. A text of Lua ends in a zero, so that the
/// letter may be that.
static const char *read_item(lua_State *L, const char *p, struct item *item) {
    size_t count = strspn(p, "-+ #0123456789.") + 1;
    if (count >= LONGEST_ITEM - 10) luaL_error(L, "invalid format string to 'format'");
    item->text[0] = '%';
    memcpy(item->text + 1, p, count);
    item->count = count + 1;
    item->text[item->count] = 0;
    return p + count - 1;
}

/// Raises where the item has flags that its letter does not know, or more than two digits anywhere.
static void check_item(lua_State *L, const struct item *item, const char *flags, bool may_be_precise) {
    const char *p = item->text + 1;
    p += strspn(p, flags);
    if (*p != '0') {
        p = skip_two_digits(p);
        if (*p == '.' && may_be_precise) p = skip_two_digits(p + 1);
    }
    if (p != item->text + item->count - 1) luaL_error(L, "invalid conversion specification: '%s'", item->text);
}

static bool has_precision(const struct item *item) { return strchr(item->text, '.') != NULL; }

/// With `ll` before the letter.
static void widen(struct item *item) {
    char letter = item->text[item->count - 1];
    memcpy(item->text + item->count - 1, "ll", 2);
    item->text[++item->count] = letter;
    item->text[++item->count] = 0;
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

static void add_text(lua_State *L, struct buffer *b, const struct item *item, int argument) {
    size_t count;
    const char *text = guard_tostring(L, argument, &count);
    guard_charge(L, (int64_t)(count / 64));
    if (item->count == 2) {
        buffer_add(b, text, count);
    } else {
        if (memchr(text, 0, count)) luaL_argerror(L, argument, "string contains zeros");
        check_item(L, item, "-", true);
        // Nothing of a long one is left out without a precision, and no width is as long.
        if (!has_precision(item) && count >= 100) {
            buffer_add(b, text, count);
        } else {
            char *room = buffer_room(b, LONGEST_NUMBER);
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wformat-nonliteral"
            b->count += (size_t)snprintf(room, LONGEST_NUMBER, item->text, text);
#pragma clang diagnostic pop
        }
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
        p = read_item(L, p, &item);
        switch (*p) {
        case 'd': case 'i': {
            long long number = luaL_checkinteger(L, argument);
            check_item(L, &item, "-+0 ", true);
            widen(&item);
            add_integer(&b, &item, number);
            break;
        }
        case 'u': case 'o': case 'x': case 'X': {
            long long number = luaL_checkinteger(L, argument);
            check_item(L, &item, *p == 'u' ? "-0" : "-#0", true);
            widen(&item);
            add_integer(&b, &item, number);
            break;
        }
        case 'c':
            check_item(L, &item, "-", false);
            add_character(&b, &item, (int)luaL_checkinteger(L, argument));
            break;
        case 'a': case 'A':
            check_item(L, &item, "-+ #0", true);
            add_number(&b, &item, luaL_checknumber(L, argument));
            break;
        case 'e': case 'E': case 'f': case 'g': case 'G': {
            lua_Number number = luaL_checknumber(L, argument);
            check_item(L, &item, "-+ #0", true);
            add_number(&b, &item, number);
            break;
        }
        case 's':
            luaL_checkany(L, argument);
            add_text(L, &b, &item, argument);
            break;
        case 'q':
            if (item.count > 2) return luaL_error(L, "specifier '%%q' cannot have modifiers");
            luaL_checkany(L, argument);
            add_quoted(L, &b, argument);
            break;
        case 'p': return luaL_error(L, "'%%p' is not offered: addresses differ from run to run");
        default: return luaL_error(L, "invalid conversion '%s' to 'format'", item.text);
        }
        p++;
    }
    buffer_close(&b);
    return 1;
}
