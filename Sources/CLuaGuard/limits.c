// The limits of a run: memory, instructions, time. Each of them ends it by a jump to its entry.
#include <stdlib.h>
#include <time.h>

#include "guard.h"

int64_t guard_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

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

// MARK: Memory

/// In front of each piece of memory that Lua has. The list is what makes dropping a state possible without Lua's help.
struct block {
    struct block *next;
    struct block *previous;
    size_t size;
} __attribute__((aligned(16)));

/// From this size on, memory costs time: it is copied, hashed, cleared by single instructions.
#define LARGE_BLOCK 16384
/// Bytes of a large block that count as one instruction.
#define BYTES_PER_INSTRUCTION 64

static void link_block(guard *g, struct block *block) {
    block->previous = NULL;
    block->next = g->blocks;
    if (g->blocks) g->blocks->previous = block;
    g->blocks = block;
}

static void unlink_block(guard *g, struct block *block) {
    if (block->previous) block->previous->next = block->next;
    else g->blocks = block->next;
    if (block->next) block->next->previous = block->previous;
}

void *guard_allocate(void *context, void *pointer, size_t old_size, size_t size) {
    (void)old_size;  // A type tag where `pointer` is NULL; the block knows better.
    guard *g = context;
    struct block *block = pointer ? (struct block *)pointer - 1 : NULL;
    if (size == 0) {
        if (block) {
            unlink_block(g, block);
            g->memory -= block->size + sizeof *block;
            free(block);
        }
        return NULL;
    }
    size_t before = block ? block->size : 0;
    if (size > before) {
        size_t more = size - before + (block ? 0 : sizeof *block);
        // Never NULL: Lua would collect in an emergency and raise an error that the script could catch.
        if (more < size - before || more > (size_t)g->limits.memory_bytes - g->memory) guard_stop(g, GUARD_MEMORY);
        if (size >= LARGE_BLOCK) guard_charge_guard(g, (int64_t)(size / BYTES_PER_INSTRUCTION));
    }
    if (block) unlink_block(g, block);
    struct block *moved = realloc(block, size + sizeof *block);
    if (!moved) {
        if (block) link_block(g, block);
        if (block && size <= before) return pointer;
        guard_stop(g, GUARD_MEMORY);
    }
    g->memory += size - before + (block ? 0 : sizeof *block);
    if (g->memory > g->peak_memory) g->peak_memory = g->memory;
    moved->size = size;
    link_block(g, moved);
    return moved + 1;
}

void guard_free_blocks(guard *g) {
    for (struct block *block = g->blocks; block;) {
        struct block *next = block->next;
        free(block);
        block = next;
    }
    g->blocks = NULL;
    g->memory = 0;
}
