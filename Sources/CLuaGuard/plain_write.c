// From a Lua value to plain bytes: raw, bounded, and with an error that names the path of what is not plain data.
#include <math.h>
#include <stdlib.h>

#include "guard.h"

#define DEEPEST 16
#define MOST_NODES 10000

struct step {
    /// NULL for a position in a list.
    const char *key;
    size_t count;
    lua_Integer position;
};

struct writer {
    lua_State *L;
    struct bytes *output;
    const char *root;
    /// Of a run's result: without functions, no table twice.
    bool is_result;
    bool is_finite;
    /// What is not plain is left out.
    bool is_lenient;
    int nodes;
    int depth;
    struct step path[DEEPEST + 1];
    const void *tables[DEEPEST + 1];
    /// Stack slot of the set of tables that were met.
    int met;
};

// MARK: Errors

/// `result.capacity["low-latency"][2]`, for people.
static bool add_path(struct writer *w, int depth) {
    struct bytes *message = &guard_of(w->L)->message;
    bool fits = bytes_print(message, "%s", w->root);
    for (int i = 0; i < depth; i++) {
        const struct step *step = &w->path[i];
        if (!step->key) {
            fits = fits && bytes_print(message, "[%lld]", (long long)step->position);
            continue;
        }
        bool is_name = step->count > 0 && step->count < 64 && !(step->key[0] >= '0' && step->key[0] <= '9');
        for (size_t k = 0; k < step->count && is_name; k++) {
            char c = step->key[k];
            is_name = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        }
        fits = fits && bytes_add(message, is_name ? "." : "[\"", is_name ? 1 : 2);
        fits = fits && bytes_add_clean(message, step->key, step->count, 64);
        if (!is_name) fits = fits && bytes_add(message, "\"]", 2);
    }
    return fits;
}

/// What is at the present path is no plain data; false, unless it may be left out.
static bool refuse(struct writer *w, const char *why) {
    guard *g = guard_of(w->L);
    if (w->is_lenient) {
        uint8_t tag = GUARD_TAG_NIL;
        if (!bytes_add(w->output, &tag, 1)) guard_stop(g, GUARD_MEMORY);
        return true;
    }
    g->message.count = 0;
    if (!add_path(w, w->depth) || !bytes_print(&g->message, " %s", why)) guard_stop(g, GUARD_MEMORY);
    return false;
}

// MARK: Bytes

static void add(struct writer *w, const void *data, size_t count) {
    guard *g = guard_of(w->L);
    if (w->output->count + count > (size_t)g->limits.result_bytes) guard_stop(g, GUARD_RESULT);
    if (!bytes_add(w->output, data, count)) guard_stop(g, GUARD_MEMORY);
}

static void add_tag(struct writer *w, enum guard_tag tag) {
    uint8_t byte = (uint8_t)tag;
    add(w, &byte, 1);
}

// Little endian, as every machine is that this runs on.
static void add_count(struct writer *w, size_t count) {
    uint32_t word = (uint32_t)count;
    add(w, &word, sizeof word);
}

static void add_text(struct writer *w, const char *text, size_t count) {
    add_count(w, count);
    guard_charge(w->L, 1 + (int64_t)(count / 16));
    add(w, text, count);
}

// MARK: Values

static bool write_value(struct writer *w, int index);

static bool write_number(struct writer *w, int index) {
    if (lua_isinteger(w->L, index)) {
        int64_t number = lua_tointeger(w->L, index);
        add_tag(w, GUARD_TAG_INTEGER);
        add(w, &number, sizeof number);
        return true;
    }
    double number = lua_tonumber(w->L, index);
    if (w->is_finite && isnan(number)) return refuse(w, "is not a number (NaN)");
    if (w->is_finite && isinf(number)) return refuse(w, "is infinite");
    add_tag(w, GUARD_TAG_NUMBER);
    add(w, &number, sizeof number);
    return true;
}

static bool write_function(struct writer *w, int index) {
    if (w->is_result) return refuse(w, "is a function; expected plain data");
    lua_Debug ar;
    lua_pushvalue(w->L, index);
    lua_getinfo(w->L, ">S", &ar);
    add_tag(w, GUARD_TAG_FUNCTION);
    add_count(w, ar.linedefined > 0 ? (size_t)ar.linedefined : 0);
    return true;
}

static int compare_keys(const void *left, const void *right) {
    const struct step *a = left, *b = right;
    size_t shorter = a->count < b->count ? a->count : b->count;
    int order = memcmp(a->key, b->key, shorter);
    return order ? order : (a->count > b->count) - (a->count < b->count);
}

static bool write_list(struct writer *w, int index, size_t count) {
    add_tag(w, GUARD_TAG_LIST);
    add_count(w, count);
    for (size_t i = 1; i <= count; i++) {
        w->path[w->depth] = (struct step){ .position = (lua_Integer)i };
        w->depth++;
        lua_rawgeti(w->L, index, (lua_Integer)i);
        bool is_plain = write_value(w, lua_gettop(w->L));
        lua_pop(w->L, 1);
        w->depth--;
        if (!is_plain) return false;
    }
    return true;
}

static bool write_fields(struct writer *w, int index, size_t count) {
    lua_State *L = w->L;
    struct step *keys = lua_newuserdatauv(L, count * sizeof *keys, 0);
    size_t found = 0;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (found == count) continue;
        keys[found].key = lua_tolstring(L, -1, &keys[found].count);
        found++;
    }
    // In an order of their own, so that the first error is the same in every run.
    qsort(keys, found, sizeof *keys, compare_keys);
    add_tag(w, GUARD_TAG_TABLE);
    add_count(w, found);
    bool is_plain = true;
    for (size_t i = 0; i < found && is_plain; i++) {
        w->path[w->depth] = keys[i];
        w->depth++;
        if (is_utf8(keys[i].key, keys[i].count)) {
            add_text(w, keys[i].key, keys[i].count);
            lua_pushlstring(L, keys[i].key, keys[i].count);
            lua_rawget(L, index);
            is_plain = write_value(w, lua_gettop(L));
            lua_pop(L, 1);
        } else {
            add_text(w, "?", 1);
            is_plain = refuse(w, "has a key that is not UTF-8");
        }
        w->depth--;
    }
    lua_pop(L, 1);
    return is_plain;
}

/// Counts the keys of the table at `index` that are texts, and those that are positions of a list; answers what is wrong with them.
static const char *count_keys(struct writer *w, int index, size_t *texts, size_t *positions) {
    lua_State *L = w->L;
    size_t others = 0;
    lua_Integer largest = 0;
    *texts = *positions = 0;
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        guard_charge(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING) {
            ++*texts;
        } else if (lua_isinteger(L, -1) && lua_tointeger(L, -1) > 0) {
            ++*positions;
            if (lua_tointeger(L, -1) > largest) largest = lua_tointeger(L, -1);
        } else {
            others++;
        }
        if ((size_t)w->nodes + *texts + *positions + others > MOST_NODES) {
            lua_pop(L, 1);
            return "holds too much; expected at most 10000 values in all";
        }
    }
    if (others > 0) return "has keys that are neither texts nor positions 1, 2, 3, …";
    if (*texts > 0 && *positions > 0) return "mixes names and positions as keys; expected a list or a table of names";
    if (largest != (lua_Integer)*positions) return "is a list with holes; expected positions 1, 2, 3, … without a gap";
    return NULL;
}

static bool write_table(struct writer *w, int index) {
    lua_State *L = w->L;
    const void *table = lua_topointer(L, index);
    if (w->depth >= DEEPEST) return refuse(w, "is nested too deeply; expected at most 16 tables in each other");
    for (int i = 0; i < w->depth; i++) {
        if (w->tables[i] != table) continue;
        if (!refuse(w, "is the same table as ")) {
            // `a.b is the same table as a, which holds it`.
            if (!add_path(w, i) || !bytes_print(&guard_of(L)->message, ", which holds it")) guard_stop(guard_of(L), GUARD_MEMORY);
            return false;
        }
        return true;
    }
    if (w->is_result) {
        if (lua_rawgetp(L, w->met, table) != LUA_TNIL) {
            lua_pop(L, 1);
            return refuse(w, "is a table that is there twice; expected a table of its own at each place");
        }
        lua_pop(L, 1);
        lua_pushboolean(L, 1);
        lua_rawsetp(L, w->met, table);
    }
    size_t texts, positions;
    const char *wrong = count_keys(w, index, &texts, &positions);
    if (wrong) return refuse(w, wrong);
    w->tables[w->depth] = table;
    return texts > 0 ? write_fields(w, index, texts) : write_list(w, index, positions);
}

static bool write_value(struct writer *w, int index) {
    guard_charge(w->L, 1);
    if (++w->nodes > MOST_NODES) return refuse(w, "is one value too many; expected at most 10000 in all");
    switch (lua_type(w->L, index)) {
    case LUA_TNIL: add_tag(w, GUARD_TAG_NIL); return true;
    case LUA_TBOOLEAN: add_tag(w, lua_toboolean(w->L, index) ? GUARD_TAG_TRUE : GUARD_TAG_FALSE); return true;
    case LUA_TNUMBER: return write_number(w, index);
    case LUA_TSTRING: {
        size_t count;
        const char *text = lua_tolstring(w->L, index, &count);
        guard_charge(w->L, (int64_t)(count / 16));
        if (!is_utf8(text, count)) return refuse(w, "is a text that is not UTF-8");
        add_tag(w, GUARD_TAG_TEXT);
        add_text(w, text, count);
        return true;
    }
    case LUA_TFUNCTION: return write_function(w, index);
    case LUA_TTABLE: return write_table(w, index);
    case LUA_TTHREAD: return refuse(w, "is a coroutine; expected plain data");
    default: return refuse(w, "is no plain data");
    }
}

bool guard_write(lua_State *L, int index, int rules, const char *root, struct bytes *output) {
    luaL_checkstack(L, 10 * (DEEPEST + 2), NULL);
    struct writer w = { .L = L, .output = output, .root = root, .is_result = rules == GUARD_RESULTS };
    w.is_finite = rules != RULES_ARGUMENTS;
    if (rules == GUARD_DEFINITIONS && lua_istable(L, index)) {
        // What a constructor made is read by someone who must know what is wrong with it. Anything else is a module, and may hold
        // classes, caches and infinities of its own.
        lua_pushliteral(L, "@kind");
        w.is_lenient = lua_rawget(L, index) == LUA_TNIL;
        lua_pop(L, 1);
        if (w.is_lenient) w.is_finite = false;
    }
    lua_newtable(L);
    w.met = lua_gettop(L);
    bool is_plain = write_value(&w, index);
    lua_settop(L, w.met - 1);
    return is_plain;
}
