// From text to bytecode, in a bare state.
#define _GNU_SOURCE
#include "guard.h"

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
        guard_forget_frames();
        settle_syntax(L, source->name);
        return guard_ended(L, GUARD_SYNTAX);
    }
    g->output.count = 0;
    // Of our own chunks nobody needs the lines.
    bool is_internal = source->name[0] == '=';
    if (lua_dump(L, write_code, &g->output, is_internal) != 0) guard_stop(g, GUARD_MEMORY);
    return guard_ended(L, GUARD_FINE);
}

enum guard_ending guard_compile(guard *g, const char *name, const uint8_t *source, size_t count) {
    struct text text = { name, source, count };
    return guard_enter(g, compile_body, &text);
}
