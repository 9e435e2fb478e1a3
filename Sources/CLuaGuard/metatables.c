// Metatables. What is installed is a copy of ours that holds only the metamethods that are safe; the script keeps its own table.
//
// Tables are watched, so that an allowed field that a metatable gets later is copied too (`setmetatable(o, self) self.__index = self`,
// as books have it); what is dangerous never gets in: finalizers and weak tables (the collector calls
// the script, or costs more than time can be counted), `__close` and `__concat` (both corrupt memory in the library that we link).
#include "guard.h"

static const char *const allowed[] = {
    "__index", "__newindex", "__call", "__tostring", "__name", "__metatable", "__pairs", "__len", "__eq", "__lt", "__le", "__add",
    "__sub", "__mul", "__div", "__mod", "__pow", "__unm", "__idiv", "__band", "__bor", "__bxor", "__shl", "__shr", "__bnot",
};

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

static bool is_allowed(const char *name) {
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        if (strcmp(allowed[i], name) == 0) return true;
    }
    return false;
}

/// The place of a name among those that are refused; their number where it is none of them.
static size_t refusal(const char *name) {
    size_t i = 0;
    while (i < REFUSED && strcmp(refused[i].name, name) != 0) i++;
    return i;
}

/// Looks through the script's table at `own` once: raises what is refused, and answers whether the hidden copy at `hidden` (nil where
/// there is none) says the same. It walks, for most metatables have few fields, and there are many names.
static bool is_current(lua_State *L, int own, int hidden) {
    bool is_same = lua_istable(L, hidden);
    lua_Integer found = 0;
    // The first by our order, not by the table's, which differs from run to run.
    size_t wrong = REFUSED;
    lua_pushnil(L);
    while (lua_next(L, own)) {
        guard_charge(L, 1);
        const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
        if (name[0] == '_' && name[1] == '_') {
            size_t place = refusal(name);
            if (place < wrong) wrong = place;
            if (is_allowed(name)) {
                found++;
                if (is_same) {
                    lua_pushvalue(L, -2);
                    lua_rawget(L, hidden);
                    is_same = lua_rawequal(L, -1, -2);
                    lua_pop(L, 1);
                }
            }
        }
        lua_pop(L, 1);
    }
    if (wrong < REFUSED) luaL_error(L, "setmetatable: %s is not offered: %s", refused[wrong].name, refused[wrong].why);
    if (!is_same) return false;
    lua_rawgetp(L, hidden, &registry_count);
    is_same = lua_tointeger(L, -1) == found;
    lua_pop(L, 1);
    return is_same;
}

static int grow(lua_State *L);

/// Gives the hidden copy at `hidden` our `__newindex` where the script has none: what has this metatable may be one itself.
static void watch_fields(lua_State *L, int hidden) {
    lua_pushliteral(L, "__newindex");
    lua_pushvalue(L, -1);
    if (lua_rawget(L, hidden) != LUA_TNIL) {
        lua_pop(L, 2);
        return;
    }
    lua_pop(L, 1);
    lua_pushcfunction(L, grow);
    lua_rawset(L, hidden);
}

/// Pushes a copy of what is allowed in the table at `own`.
static void push_copy(lua_State *L, int own) {
    lua_createtable(L, 0, 4);
    int hidden = lua_gettop(L);
    lua_Integer found = 0;
    lua_pushnil(L);
    while (lua_next(L, own)) {
        if (lua_type(L, -2) == LUA_TSTRING && is_allowed(lua_tostring(L, -2))) {
            found++;
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_rawset(L, hidden);
        } else {
            lua_pop(L, 1);
        }
    }
    lua_pushvalue(L, own);
    lua_rawsetp(L, hidden, &registry_own);
    lua_pushinteger(L, found);
    lua_rawsetp(L, hidden, &registry_count);
    watch_fields(L, hidden);
}

/// Makes the hidden copy at `hidden` say what the table at `own` says now.
static void refresh(lua_State *L, int own, int hidden) {
    lua_Integer found = 0;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        lua_pushstring(L, allowed[i]);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, own) != LUA_TNIL) found++;
        lua_rawset(L, hidden);
    }
    lua_pushinteger(L, found);
    lua_rawsetp(L, hidden, &registry_count);
    watch_fields(L, hidden);
}

/// `__newindex` where the script has none: adds the field, and brings the hidden copy of the table up to date if it has one.
static int grow(lua_State *L) {
    lua_settop(L, 3);
    guard_charge(L, 2);
    if (lua_isnil(L, 2)) return luaL_error(L, "table index is nil");
    if (lua_type(L, 2) == LUA_TNUMBER && !lua_rawequal(L, 2, 2)) return luaL_error(L, "table index is NaN");
    bool is_metamethod = lua_type(L, 2) == LUA_TSTRING && is_allowed(lua_tostring(L, 2));
    lua_rawset(L, 1);
    if (!is_metamethod) return 0;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_hidden);
    lua_pushvalue(L, 1);
    if (lua_rawget(L, 2) == LUA_TTABLE) {
        guard_charge(L, (int64_t)(sizeof allowed / sizeof *allowed));
        refresh(L, 1, 3);
    }
    return 0;
}

/// Lets the table at `own` say when it grows. For `getmetatable` it stays one that has no metatable.
static void watch(lua_State *L, int own) {
    if (lua_getmetatable(L, own)) {
        lua_pop(L, 1);
        return;
    }
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_growing) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_createtable(L, 0, 1);
        lua_pushcfunction(L, grow);
        lua_setfield(L, -2, "__newindex");
        lua_pushvalue(L, -1);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_growing);
    }
    lua_setmetatable(L, own);
}

/// Hidden copies that are remembered; most scripts have a few.
#define MOST_HIDDEN 256

/// Pushes the hidden copy of the table at `own`: the one that there is. Where it no longer says the same, it is brought up to date
/// for all that have it, so that a class may go on growing after its first object.
static void push_hidden(lua_State *L, int own) {
    guard *g = guard_of(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_hidden);
    int all = lua_gettop(L);
    lua_pushvalue(L, own);
    lua_rawget(L, all);
    if (is_current(L, own, all + 1)) return;
    if (lua_istable(L, all + 1)) {
        guard_charge(L, (int64_t)(sizeof allowed / sizeof *allowed));
        refresh(L, own, all + 1);
        return;
    }
    // A metatable for each object is legal too, and must not live for ever: what is forgotten here is copied anew when it is needed.
    if (++g->hidden > MOST_HIDDEN) {
        g->hidden = 1;
        lua_newtable(L);
        lua_copy(L, -1, all);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_hidden);
    }
    push_copy(L, own);
    lua_pushvalue(L, own);
    lua_pushvalue(L, -2);
    lua_rawset(L, all);
}

static int base_setmetatable(lua_State *L) {
    int type = lua_type(L, 2);
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    lua_settop(L, 2);
    guard_charge(L, 10);
    if (lua_getmetatable(L, 1)) {
        lua_pushliteral(L, "__metatable");
        if (lua_rawget(L, -2) != LUA_TNIL) return luaL_error(L, "cannot change a protected metatable");
        lua_settop(L, 2);
    }
    if (type == LUA_TNIL) {
        lua_setmetatable(L, 1);
        return 1;
    }
    watch(L, 2);
    push_hidden(L, 2);
    lua_setmetatable(L, 1);
    lua_settop(L, 1);
    return 1;
}

static int base_getmetatable(lua_State *L) {
    luaL_checkany(L, 1);
    // That of texts is sealed: it is the same for everyone.
    if (lua_type(L, 1) != LUA_TTABLE || !lua_getmetatable(L, 1)) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushliteral(L, "__metatable");
    if (lua_rawget(L, -2) != LUA_TNIL) return 1;
    lua_pop(L, 1);
    lua_rawgetp(L, -1, &registry_own);
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
