// The memory of a state: counted, limited, and freed as a whole without Lua's help.
//
// Small pieces are cut from slabs and kept by size, for a state is used many times a second. Large ones stand alone, each behind its size.
// Both kinds are in one list, and that list is all that is needed to drop a state that a jump has left half-way, or to put it back to what
// it was: nothing of Lua is anywhere else.
#include <stddef.h>
#include <stdlib.h>

#include "guard.h"

struct block {
    struct block *next;
    struct block *previous;
    size_t size : 63;
    /// Its place is that of a copy: it stays where it is as long as the state.
    bool is_kept : 1;
    /// In front of what is given out, as for small pieces.
    uint64_t number;
} __attribute__((aligned(16)));

/// In front of every piece of memory that is given out stands its number, in the order of asking: objects that are keys have an order by
/// it, which their addresses, and what was used again, would not give.
#define NUMBER sizeof(uint64_t)

_Static_assert(offsetof(struct block, number) + NUMBER == sizeof(struct block), "the number is in front of what is given out");

/// A small piece that is free.
struct piece {
    struct piece *next;
};

#define GRAIN 16
#define SLAB 16384

#ifdef TROUPE_WATCHED_PIECES
#define LARGEST_PIECE 0
#else
#define LARGEST_PIECE (GRAIN * PIECE_SIZES - NUMBER)
#endif

/// From this size on, memory costs time: it is copied, hashed, cleared by single instructions.
#define COSTLY 16384
/// Bytes of costly memory that count as one instruction.
#define BYTES_PER_INSTRUCTION 64

/// What a piece of memory counts as, with what stands in front of it.
static size_t cost(size_t size) {
    return size <= LARGEST_PIECE ? (size + NUMBER + GRAIN - 1) / GRAIN * GRAIN : size + sizeof(struct block);
}

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

// MARK: Small

static void *take_piece(guard *g, size_t size) {
    size_t whole = cost(size), class = whole / GRAIN - 1;
    struct piece *piece = g->pieces[class];
    if (piece) {
        g->pieces[class] = piece->next;
        return (char *)piece + NUMBER;
    }
    if (g->slab_left < whole) {
        // Pieces of one size are of no use to others: who fills memory with each size in turn would get all of it for each.
        if (g->slab_bytes > 2 * (size_t)g->limits.memory_bytes) guard_stop(g, GUARD_MEMORY);
        g->slab_bytes += SLAB;
        struct block *slab = malloc(SLAB);
        if (!slab) guard_stop(g, GUARD_MEMORY);
        slab->size = SLAB - sizeof *slab;
        slab->is_kept = false;
        link_block(g, slab);
        g->slab = (char *)(slab + 1);
        g->slab_left = slab->size;
    }
    void *cut = g->slab;
    g->slab += whole;
    g->slab_left -= whole;
    return (char *)cut + NUMBER;
}

static void leave_piece(guard *g, void *pointer, size_t size) {
    size_t class = cost(size) / GRAIN - 1;
    struct piece *piece = (struct piece *)((char *)pointer - NUMBER);
    piece->next = g->pieces[class];
    g->pieces[class] = piece;
}

// MARK: Large

static void *take_block(guard *g, size_t size) {
    struct block *block = malloc(sizeof *block + size);
    if (!block) guard_stop(g, GUARD_MEMORY);
    block->size = size;
    block->is_kept = false;
    link_block(g, block);
    return block + 1;
}

static void leave_block(guard *g, void *pointer) {
    struct block *block = (struct block *)pointer - 1;
    unlink_block(g, block);
    if (!block->is_kept) free(block);
}

/// NULL where there is no memory and the block is as it was.
static void *resize_block(guard *g, void *pointer, size_t size) {
    struct block *block = (struct block *)pointer - 1;
    if (block->is_kept) {
        struct block *copy = malloc(sizeof *copy + size);
        if (!copy) return NULL;
        memcpy(copy + 1, pointer, size < block->size ? size : block->size);
        copy->size = size;
        copy->is_kept = false;
        copy->number = block->number;
        unlink_block(g, block);
        link_block(g, copy);
        return copy + 1;
    }
    unlink_block(g, block);
    struct block *moved = realloc(block, sizeof *block + size);
    if (moved) moved->size = size;
    link_block(g, moved ? moved : block);
    return moved ? moved + 1 : NULL;
}

// MARK: Lua's allocator

static void leave(guard *g, void *pointer, size_t size) {
    if (size <= LARGEST_PIECE) leave_piece(g, pointer, size);
    else leave_block(g, pointer);
}

static void *take(guard *g, size_t size) { return size <= LARGEST_PIECE ? take_piece(g, size) : take_block(g, size); }

void *guard_allocate(void *context, void *pointer, size_t old_size, size_t size) {
    guard *g = context;
    // A type tag where `pointer` is NULL, which says nothing about sizes.
    if (!pointer || old_size == 0) {
        pointer = NULL;
        old_size = 0;
    }
    size_t before = pointer ? cost(old_size) : 0;
    if (size == 0) {
        g->memory -= before;
        if (pointer) leave(g, pointer, old_size);
        return NULL;
    }
    size_t after = cost(size);
    if (size > old_size) {
        // Never NULL: Lua would collect in an emergency and raise an error that the script could catch.
        size_t room = (size_t)g->limits.memory_bytes;
        if (after < size || after > room || g->memory - before > room - after) guard_stop(g, GUARD_MEMORY);
        if (size >= COSTLY) guard_charge_guard(g, (int64_t)(size / BYTES_PER_INSTRUCTION));
    }
    void *result;
    if (pointer && old_size <= LARGEST_PIECE && before == after) {
        result = pointer;
    } else if (pointer && old_size > LARGEST_PIECE && size > LARGEST_PIECE) {
        result = resize_block(g, pointer, size);
        // Lua takes it that what shrinks does not fail.
        if (!result && size > old_size) guard_stop(g, GUARD_MEMORY);
        if (!result) result = pointer;
    } else {
        result = take(g, size);
        *((uint64_t *)result - 1) = ++g->taken;
        if (pointer) {
            memcpy(result, pointer, size < old_size ? size : old_size);
            leave(g, pointer, old_size);
        }
    }
    g->memory += after - before;
    if (g->memory > g->peak_memory) g->peak_memory = g->memory;
    return result;
}

uint64_t guard_number(const void *address) { return *((const uint64_t *)address - 1); }

// MARK: Copies

/// A block as it was, its header included: that has the list of blocks in it.
struct copy {
    struct block *block;
    size_t size;
};

/// Behind it the copies, and behind them their bytes.
struct snapshot {
    guard guard;
    size_t count;
    struct copy copies[];
};

static uint8_t *copied_bytes(struct snapshot *kept) { return (uint8_t *)(kept->copies + kept->count); }

/// What of a block was ever given out.
static size_t used(const guard *g, const struct block *block) {
    size_t size = sizeof *block + block->size;
    const char *start = (const char *)block;
    return g->slab > start && g->slab <= start + size ? (size_t)(g->slab - start) : size;
}

bool guard_copy_blocks(guard *g) {
    size_t count = 0, size = 0;
    for (struct block *block = g->blocks; block; block = block->next) {
        count += 1;
        size += used(g, block);
    }
    struct snapshot *kept = malloc(sizeof *kept + count * sizeof(struct copy) + size);
    if (!kept) return false;
    kept->count = 0;
    for (struct block *block = g->blocks; block; block = block->next) {
        block->is_kept = true;
        kept->copies[kept->count++] = (struct copy){ block, used(g, block) };
    }
    uint8_t *bytes = copied_bytes(kept);
    for (size_t i = 0; i < kept->count; i++) {
        memcpy(bytes, kept->copies[i].block, kept->copies[i].size);
        bytes += kept->copies[i].size;
    }
    g->kept = kept;
    kept->guard = *g;
    return true;
}

static void free_new_blocks(guard *g) {
    for (struct block *block = g->blocks; block;) {
        struct block *next = block->next;
        if (!block->is_kept) free(block);
        block = next;
    }
}

void guard_restore_blocks(guard *g) {
    free_new_blocks(g);
    const uint8_t *bytes = copied_bytes(g->kept);
    for (size_t i = 0; i < g->kept->count; i++) {
        memcpy(g->kept->copies[i].block, bytes, g->kept->copies[i].size);
        bytes += g->kept->copies[i].size;
    }
    *g = g->kept->guard;
}

void guard_free_blocks(guard *g) {
    free_new_blocks(g);
    if (g->kept) {
        for (size_t i = 0; i < g->kept->count; i++) free(g->kept->copies[i].block);
        free(g->kept);
    }
    g->kept = NULL;
    g->blocks = NULL;
    g->memory = 0;
}
