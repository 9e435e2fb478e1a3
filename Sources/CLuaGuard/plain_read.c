// From plain bytes to a Lua value. They come from the host side of this process, which has read them from a frame: bounded again.
#include "guard.h"

#define DEEPEST 64

struct reader {
    lua_State *L;
    const uint8_t *next;
    const uint8_t *end;
};

static bool take(struct reader *r, void *data, size_t count) {
    if ((size_t)(r->end - r->next) < count) return false;
    memcpy(data, r->next, count);
    r->next += count;
    return true;
}

static bool pass(struct reader *r, size_t count) {
    if ((size_t)(r->end - r->next) < count) return false;
    r->next += count;
    return true;
}

/// A count of things that take at least `size` bytes each.
static bool take_count(struct reader *r, size_t size, uint32_t *count) {
    return take(r, count, sizeof *count) && *count <= (size_t)(r->end - r->next) / size;
}

static bool read_text(struct reader *r) {
    uint32_t count;
    if (!take_count(r, 1, &count)) return false;
    guard_charge(r->L, count / 64);
    lua_pushlstring(r->L, (const char *)r->next, count);
    r->next += count;
    return true;
}

static bool read_value(struct reader *r, int depth);

static bool read_list(struct reader *r, int depth) {
    uint32_t count;
    if (!take_count(r, 1, &count) || depth >= DEEPEST) return false;
    lua_createtable(r->L, (int)count, 0);
    for (uint32_t i = 1; i <= count; i++) {
        if (!read_value(r, depth + 1)) return false;
        lua_rawseti(r->L, -2, i);
    }
    return true;
}

static bool read_table(struct reader *r, int depth) {
    uint32_t count;
    if (!take_count(r, 5, &count) || depth >= DEEPEST) return false;
    lua_createtable(r->L, 0, (int)count);
    for (uint32_t i = 0; i < count; i++) {
        if (!read_text(r) || !read_value(r, depth + 1)) return false;
        lua_rawset(r->L, -3);
    }
    return true;
}

static bool read_numbers(struct reader *r) {
    uint32_t count;
    if (!take_count(r, sizeof(double), &count)) return false;
    lua_createtable(r->L, (int)count, 0);
    for (uint32_t i = 1; i <= count; i++) {
        double number;
        if (!take(r, &number, sizeof number)) return false;
        guard_charge(r->L, 1);
        lua_pushnumber(r->L, number);
        lua_rawseti(r->L, -2, i);
    }
    return true;
}

static bool read_value(struct reader *r, int depth) {
    uint8_t tag;
    if (!take(r, &tag, 1)) return false;
    guard_charge(r->L, 1);
    switch (tag) {
    case GUARD_TAG_NIL: lua_pushnil(r->L); return true;
    case GUARD_TAG_FALSE: lua_pushboolean(r->L, 0); return true;
    case GUARD_TAG_TRUE: lua_pushboolean(r->L, 1); return true;
    case GUARD_TAG_INTEGER: {
        int64_t number;
        if (!take(r, &number, sizeof number)) return false;
        lua_pushinteger(r->L, number);
        return true;
    }
    case GUARD_TAG_NUMBER: {
        double number;
        if (!take(r, &number, sizeof number)) return false;
        lua_pushnumber(r->L, number);
        return true;
    }
    case GUARD_TAG_TEXT: return read_text(r);
    case GUARD_TAG_LIST: return read_list(r, depth);
    case GUARD_TAG_TABLE: return read_table(r, depth);
    case GUARD_TAG_NUMBERS: return read_numbers(r);
    case GUARD_TAG_FUNCTION: lua_pushnil(r->L); return pass(r, sizeof(uint32_t));
    default: return false;
    }
}

static bool pass_value(struct reader *r, int depth) {
    uint8_t tag;
    uint32_t count;
    if (!take(r, &tag, 1)) return false;
    switch (tag) {
    case GUARD_TAG_NIL:
    case GUARD_TAG_FALSE:
    case GUARD_TAG_TRUE: return true;
    case GUARD_TAG_INTEGER: return pass(r, sizeof(int64_t));
    case GUARD_TAG_NUMBER: return pass(r, sizeof(double));
    case GUARD_TAG_FUNCTION: return pass(r, sizeof(uint32_t));
    case GUARD_TAG_TEXT: return take_count(r, 1, &count) && pass(r, count);
    case GUARD_TAG_NUMBERS: return take_count(r, sizeof(double), &count) && pass(r, count * sizeof(double));
    case GUARD_TAG_LIST:
    case GUARD_TAG_TABLE: break;
    default: return false;
    }
    if (!take_count(r, 1, &count) || depth >= DEEPEST) return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t key;
        if (tag == GUARD_TAG_TABLE && !(take_count(r, 1, &key) && pass(r, key))) return false;
        if (!pass_value(r, depth + 1)) return false;
    }
    return true;
}

/// Goes to the value of the field `name`; false where there is none.
static bool enter_field(struct reader *r, const char *name, size_t length) {
    uint8_t tag;
    uint32_t count, key;
    if (!take(r, &tag, 1) || tag != GUARD_TAG_TABLE || !take_count(r, 5, &count)) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!take_count(r, 1, &key)) return false;
        bool is_found = key == length && memcmp(r->next, name, length) == 0;
        r->next += key;
        if (is_found) return true;
        if (!pass_value(r, 0)) return false;
    }
    return false;
}

int guard_input(lua_State *L) {
    guard *g = guard_of(L);
    if (g->input.count == 0) {
        lua_pushnil(L);
        return 1;
    }
    // Whatever is passed over: how much that is hangs on what the host has sent along, and the same run uses the same each time.
    guard_charge(L, 20);
    luaL_checkstack(L, 3 * DEEPEST + 10, NULL);
    struct reader reader = { L, g->input.bytes, g->input.bytes + g->input.count };
    bool is_there = true;
    for (int i = 1, count = lua_gettop(L); i <= count && is_there; i++) {
        size_t length;
        const char *name = luaL_checklstring(L, i, &length);
        is_there = enter_field(&reader, name, length);
    }
    // It took its time, however little that counts.
    guard_check(g);
    if (!is_there) lua_pushnil(L);
    else if (!read_value(&reader, 0)) return luaL_error(L, "the host sent no plain data");
    return 1;
}

bool guard_read(lua_State *L, const uint8_t *bytes, size_t count) {
    luaL_checkstack(L, 3 * DEEPEST + 10, NULL);
    struct reader reader = { L, bytes, bytes + count };
    return read_value(&reader, 0) && reader.next == reader.end;
}
