// A text in the making. Its memory is a userdata of the state: counted, collected, and without a finalizer, which Lua's own has.
#include "guard.h"

void buffer_open(struct buffer *b, lua_State *L) {
    b->L = L;
    b->data = b->start;
    b->count = 0;
    b->capacity = sizeof b->start;
    luaL_checkstack(L, 3, NULL);
    lua_pushnil(L);
    b->slot = lua_gettop(L);
}

char *buffer_room(struct buffer *b, size_t count) {
    if (count <= b->capacity - b->count) return b->data + b->count;
    guard *g = guard_of(b->L);
    if (count > (size_t)g->limits.memory_bytes) guard_stop(g, GUARD_MEMORY);
    size_t capacity = b->capacity * 2;
    if (capacity - b->count < count) capacity = b->count + count;
    char *data = lua_newuserdatauv(b->L, capacity, 0);
    memcpy(data, b->data, b->count);
    lua_replace(b->L, b->slot);
    b->data = data;
    b->capacity = capacity;
    return b->data + b->count;
}

void buffer_add(struct buffer *b, const char *data, size_t count) {
    if (count == 0) return;
    memcpy(buffer_room(b, count), data, count);
    b->count += count;
}

void buffer_add_value(struct buffer *b, int index) {
    size_t count;
    const char *text = lua_tolstring(b->L, index, &count);
    buffer_add(b, text, count);
}

void buffer_close(struct buffer *b) { lua_pushlstring(b->L, b->data, b->count); }
