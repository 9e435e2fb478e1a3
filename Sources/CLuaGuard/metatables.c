// Metatables. What is installed is the script's own table, as in Lua, so that whatever becomes of it counts at once.
//
// What is dangerous never gets into one: finalizers and weak tables (the collector calls the script, or costs more than time can be
// counted), `__close` and `__concat` (both corrupt memory in the library that we link). A table is sealed against them before it is
// installed for the first time: it has none of them then, and its own metatable is one of ours from then on, with a `__newindex` that
// Lua asks before it adds any field that is not there. It is `rawset`, which is ours too, that could add one without asking.
//
// Where the script gives a table that is sealed a metatable as well (a class and the class above it), what is installed on it is a copy
// of that one, in which our `__newindex` stands where the script has none; copies are brought up to date where the script's table gets
// a further metamethod, and whenever it is installed again.
#include "guard.h"

static const char *const copied[] = {
    "__index", "__newindex", "__call", "__tostring", "__name", "__metatable", "__pairs", "__len", "__eq", "__lt", "__le", "__add",
    "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__idiv", "__band", "__bor", "__bxor", "__shl", "__shr", "__bnot",
};
#define COPIED (sizeof copied / sizeof *copied)

static const struct {
    const char *name;
    const char *why;
} refused[] = {
    { "__gc", "scripts have no finalizers" },
    { "__mode", "scripts have no weak tables" },
    { "__close", "scripts have no variables that close" },
    { "__concat", "write a function that joins, and call it by its name" },
};
#define REFUSED (sizeof refused / sizeof *refused)

static bool is_copied(const char *name) {
    for (size_t i = 0; i < COPIED; i++) {
        if (strcmp(copied[i], name) == 0) return true;
    }
    return false;
}

/// The name at `index` where it may be that of a metamethod, else NULL.
static const char *metamethod_name(lua_State *L, int index) {
    const char *name = lua_type(L, index) == LUA_TSTRING ? lua_tostring(L, index) : "";
    return name[0] == '_' && name[1] == '_' ? name : NULL;
}

static int grow(lua_State *L);

// MARK: Sealed tables

/// What metatables of ours say at this key: the table of the script that they are a copy of, or false where they stand for none. The
/// key is an address, which no script can have.
static const void *const of = &registry_own;

/// Pushes what the table at `index` has for a metatable of ours, says what it is a copy of, and answers whether there is one.
static bool push_seal(lua_State *L, int index) {
    if (!lua_getmetatable(L, index)) return false;
    int type = lua_rawgetp(L, -1, of);
    lua_remove(L, -2);
    if (type != LUA_TNIL) return true;
    lua_pop(L, 1);
    return false;
}

static bool is_sealed(lua_State *L, int index) {
    if (!push_seal(L, index)) return false;
    lua_pop(L, 1);
    return true;
}

/// Pushes the metatable of what is sealed and has no metatable of the script's.
static void push_plain_seal(lua_State *L) {
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_growing) == LUA_TTABLE) return;
    lua_pop(L, 1);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, grow);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_rawsetp(L, -2, of);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_growing);
}

// MARK: Copies

/// Whether the copy at `copy` says the same as the script's table at `own`.
static bool is_current(lua_State *L, int own, int copy) {
    bool is_same = true;
    for (size_t i = 0; i < COPIED && is_same; i++) {
        lua_pushstring(L, copied[i]);
        lua_pushvalue(L, -1);
        lua_rawget(L, own);
        lua_insert(L, -2);
        lua_rawget(L, copy);
        is_same = lua_rawequal(L, -1, -2) || (lua_isnil(L, -2) && lua_tocfunction(L, -1) == grow);
        lua_pop(L, 2);
    }
    return is_same;
}

/// Makes the copy at `copy` say what the script's table at `own` says now.
static void refresh(lua_State *L, int own, int copy) {
    guard_charge(L, (int64_t)COPIED);
    for (size_t i = 0; i < COPIED; i++) {
        lua_pushstring(L, copied[i]);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, own) == LUA_TNIL && strcmp(copied[i], "__newindex") == 0) {
            lua_pop(L, 1);
            lua_pushcfunction(L, grow);
        }
        lua_rawset(L, copy);
    }
}

/// Pushes the copy of the script's table at `own`: the one that there is, brought up to date for all that have it.
static void push_copy(lua_State *L, int own) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_hidden);
    int all = lua_gettop(L);
    lua_pushvalue(L, own);
    if (lua_rawget(L, all) == LUA_TTABLE) {
        guard_charge(L, (int64_t)COPIED);
        if (!is_current(L, own, all + 1)) refresh(L, own, all + 1);
        return;
    }
    lua_pop(L, 1);
    lua_createtable(L, 0, 4);
    lua_pushvalue(L, own);
    lua_rawsetp(L, all + 1, of);
    refresh(L, own, all + 1);
    lua_pushvalue(L, own);
    lua_pushvalue(L, all + 1);
    lua_rawset(L, all);
}

/// Brings the copy of the script's table at `own` up to date, if it has one.
static void refresh_copy(lua_State *L, int own) {
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_hidden);
    lua_pushvalue(L, own);
    if (lua_rawget(L, -2) == LUA_TTABLE) refresh(L, own, lua_gettop(L));
    lua_pop(L, 2);
}

// MARK: Sealing

/// Raises where a field of this name must not be in a metatable.
static void check_name(lua_State *L, const char *name, const char *where) {
    for (size_t i = 0; i < REFUSED; i++) {
        if (strcmp(refused[i].name, name) == 0) luaL_error(L, "%s%s is not offered: %s", where, name, refused[i].why);
    }
}

/// Seals the script's table at `own`, which is about to be installed; raises where it has what must not be in it.
static void seal(lua_State *L, int own) {
    int top = lua_gettop(L);
    if (is_sealed(L, own)) return;
    for (size_t i = 0; i < REFUSED; i++) {
        lua_pushstring(L, refused[i].name);
        if (lua_rawget(L, own) != LUA_TNIL) check_name(L, refused[i].name, "setmetatable: ");
        lua_pop(L, 1);
    }
    if (lua_getmetatable(L, own)) push_copy(L, lua_gettop(L));
    else push_plain_seal(L);
    lua_setmetatable(L, own);
    lua_settop(L, top);
}

void guard_set_field(lua_State *L) {
    const char *name = metamethod_name(L, 2);
    if (!name || !is_sealed(L, 1)) {
        lua_rawset(L, 1);
        return;
    }
    check_name(L, name, "");
    bool counts = is_copied(name);
    lua_rawset(L, 1);
    if (counts) refresh_copy(L, 1);
}

/// `__newindex` of what is sealed, where the script has none: adds the field.
static int grow(lua_State *L) {
    lua_settop(L, 3);
    guard_charge(L, 2);
    if (lua_isnil(L, 2)) return luaL_error(L, "table index is nil");
    if (lua_type(L, 2) == LUA_TNUMBER && !lua_rawequal(L, 2, 2)) return luaL_error(L, "table index is NaN");
    guard_set_field(L);
    return 0;
}

// MARK: What scripts call

int guard_metafield(lua_State *L, int index, const char *name) {
    if (!lua_getmetatable(L, index)) return LUA_TNIL;
    // Of a copy what the script's table says now.
    if (lua_type(L, index) == LUA_TTABLE && lua_rawgetp(L, -1, of) == LUA_TTABLE) lua_copy(L, -1, -2);
    if (lua_type(L, index) == LUA_TTABLE) lua_pop(L, 1);
    lua_pushstring(L, name);
    int type = lua_rawget(L, -2);
    if (type == LUA_TNIL) lua_pop(L, 2);
    else lua_remove(L, -2);
    return type;
}

static int base_setmetatable(lua_State *L) {
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    lua_settop(L, 2);
    guard_charge(L, 10);
    if (guard_metafield(L, 1, "__metatable") != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
    if (type == LUA_TTABLE) seal(L, 2);
    guard_complete(L, 1);
    // Only now: it may be the same table.
    if (!is_sealed(L, 1)) lua_pushvalue(L, 2);
    else if (type == LUA_TTABLE) push_copy(L, 2);
    else push_plain_seal(L);
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

static int base_getmetatable(lua_State *L) {
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    // That of texts is sealed: it is the same for everyone.
    if (lua_type(L, 1) != LUA_TTABLE || !lua_getmetatable(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    switch (lua_rawgetp(L, 2, of)) {
    case LUA_TTABLE: lua_replace(L, 2); break;
    case LUA_TNIL: lua_settop(L, 2); break;
    default: lua_pushnil(L); return 1;
    }
    lua_pushliteral(L, "__metatable");
    if (lua_rawget(L, 2) == LUA_TNIL) lua_settop(L, 2);
    return 1;
}

const luaL_Reg metatable_functions[] = {
    { "getmetatable", base_getmetatable }, { "setmetatable", base_setmetatable }, { NULL, NULL },
};

void open_metatables(lua_State *L) {
    lua_pushglobaltable(L);
    luaL_setfuncs(L, metatable_functions, 0);
    lua_pop(L, 1);
}
