// math: what Lua 5.4 has, but for random numbers, which come from the run's seed alone (xoshiro256**, seeded by splitmix64).
#include <math.h>
#include <pthread.h>

#include "guard.h"

static uint64_t rotate(uint64_t x, int n) { return (x << n) | (x >> (64 - n)); }

static uint64_t next_random(uint64_t *s) {
    uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

void random_start(guard *g, uint64_t seed) {
    g->seed = seed;
    for (int i = 0; i < 4; i++) {
        seed += 0x9e3779b97f4a7c15u;
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        g->random[i] = z ^ (z >> 31);
    }
}

/// A number from 0 to `most`, each as likely: what lies above is thrown away and drawn anew.
static uint64_t random_up_to(guard *g, uint64_t most) {
    uint64_t mask = most;
    for (int shift = 1; shift < 64; shift *= 2) mask |= mask >> shift;
    uint64_t drawn;
    do drawn = next_random(g->random) & mask;
    while (drawn > most);
    return drawn;
}

int random_number(lua_State *L) {
    guard *g = guard_of(L);
    guard_charge(L, 2);
    lua_Integer low = 1, high;
    switch (lua_gettop(L)) {
    case 0:
        lua_pushnumber(L, (lua_Number)(next_random(g->random) >> 11) * 0x1p-53);
        return 1;
    case 1:
        high = luaL_checkinteger(L, 1);
        if (high == 0) {
            lua_pushinteger(L, (lua_Integer)next_random(g->random));
            return 1;
        }
        break;
    case 2:
        low = luaL_checkinteger(L, 1);
        high = luaL_checkinteger(L, 2);
        break;
    default: return luaL_error(L, "wrong number of arguments");
    }
    luaL_argcheck(L, low <= high, 1, "interval is empty");
    lua_pushinteger(L, (lua_Integer)((lua_Unsigned)low + random_up_to(g, (lua_Unsigned)high - (lua_Unsigned)low)));
    return 1;
}

/// The numbers that follow are those of Lua 5.4 after the same seed. Without an argument back to the seed of the run; there is no other
/// source.
int random_seed(lua_State *L) {
    guard *g = guard_of(L);
    guard_charge(L, 10);
    lua_Integer first, second;
    if (lua_isnone(L, 1)) {
        random_start(g, g->seed);
        first = (lua_Integer)g->seed;
        second = 0;
    } else {
        first = luaL_checkinteger(L, 1);
        second = luaL_optinteger(L, 2, 0);
        g->random[0] = (uint64_t)first;
        g->random[1] = 0xff;
        g->random[2] = (uint64_t)second;
        g->random[3] = 0;
        for (int i = 0; i < 16; i++) next_random(g->random);
    }
    lua_pushinteger(L, first);
    lua_pushinteger(L, second);
    return 2;
}

#define OFFERED_CONSTANTS 4

// By name: the library that we link has functions of older versions beside those of 5.4.
static const char *const offered[] = {
    "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod", "log", "max", "min", "modf", "rad", "sin", "sqrt",
    "tan", "tointeger", "type", "ult",
};
#define OFFERED (sizeof offered / sizeof *offered)
static lua_CFunction math_functions[OFFERED];

int math_function_place(lua_CFunction function) {
    for (size_t i = 0; i < OFFERED; i++) {
        if (math_functions[i] == function) return (int)i;
    }
    return -1;
}

/// Takes Lua's own functions out of a state made for that: none of them has upvalues, and opening the library for each run, random
/// numbers and all, was a tenth of a small one.
static void find_math_functions(void) {
    lua_State *L = luaL_newstate();
    if (!L) return;
    lua_pushcfunction(L, luaopen_math);
    if (lua_pcall(L, 0, 1, 0) == LUA_OK) {
        for (size_t i = 0; i < OFFERED; i++) {
            lua_getfield(L, -1, offered[i]);
            math_functions[i] = lua_tocfunction(L, -1);
            lua_pop(L, 1);
        }
    }
    lua_close(L);
}

void open_math(lua_State *L) {
    static pthread_once_t found = PTHREAD_ONCE_INIT;
    pthread_once(&found, find_math_functions);
    lua_createtable(L, 0, (int)OFFERED + OFFERED_CONSTANTS + 2);
    for (size_t i = 0; i < OFFERED; i++) {
        if (!math_functions[i]) continue;
        lua_pushcfunction(L, math_functions[i]);
        lua_setfield(L, -2, offered[i]);
    }
    lua_pushnumber(L, HUGE_VAL);
    lua_setfield(L, -2, "huge");
    lua_pushinteger(L, LUA_MAXINTEGER);
    lua_setfield(L, -2, "maxinteger");
    lua_pushinteger(L, LUA_MININTEGER);
    lua_setfield(L, -2, "mininteger");
    lua_pushnumber(L, 3.141592653589793238462643383279502884);
    lua_setfield(L, -2, "pi");
    lua_pushcfunction(L, random_number);
    lua_setfield(L, -2, "random");
    lua_pushcfunction(L, random_seed);
    lua_setfield(L, -2, "randomseed");
    lua_setglobal(L, "math");
}
