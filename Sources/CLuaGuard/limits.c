// The limits of a run: each of them ends it by a jump to its entry. Memory is in memory.c.
#include <time.h>

#include "guard.h"

int64_t guard_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t guard_clock(void) { return guard_now(); }

void guard_excuse(guard *g, int64_t since) { g->started += guard_now() - since; }

_Noreturn void guard_stop(guard *g, enum guard_ending limit) {
    g->limit = limit;
    g->message.count = 0;
    g->failure_place = (struct place){ 0 };
    // The allocator may call this from anywhere in Lua. Looking at frames is safe there: they are linked only when they are whole.
    if (g->running) guard_find_place(g->running, 0, &g->failure_place);
    _longjmp(g->entry, 1);
}

void guard_check(guard *g) {
    if (g->instructions > g->limits.instructions) guard_stop(g, GUARD_INSTRUCTIONS);
    g->until_clock = CLOCK_PERIOD;
    if (guard_now() - g->started > g->limits.wall_nanoseconds) guard_stop(g, GUARD_WALL);
}

void guard_hook(lua_State *L, lua_Debug *ar) {
    (void)ar;
    guard_charge(L, HOOK_PERIOD);
}
