// What the files of this room share: the guard itself, and how limits are charged.
#ifndef TROUPE_GUARD_H
#define TROUPE_GUARD_H

#include <setjmp.h>
#include <string.h>

#include <lua.h>
#include <lauxlib.h>
#include <lualib.h>

#include "CLuaGuard.h"

/// Bytes outside of Lua's memory, so that a jump leaves nothing behind: they belong to the guard.
struct bytes {
    uint8_t *data;
    size_t count;
    size_t capacity;
};

/// Where in a script something happened. The file is copied: what Lua knows of it goes with the state.
struct place {
    char file[256];
    int32_t line;
};

/// An error that was raised with a place and a kind of its own; it is recognised by its value when it ends the run.
struct raised {
    enum guard_ending kind;
    struct place place;
    /// How much of the value is its place in front.
    size_t prefix;
};

struct block;
struct piece;
struct snapshot;

/// Sizes of small pieces of memory: 16, 32, … bytes.
#define PIECE_SIZES 32

struct guard {
    jmp_buf entry;
    lua_State *main;
    /// The thread that runs: the main one or a coroutine.
    lua_State *running;

    struct guard_limits limits;
    struct guard_callbacks callbacks;
    int64_t started;
    int64_t instructions;
    /// Instructions until the clock is read.
    int64_t until_clock;
    struct block *blocks;
    /// Pieces of memory that were given out.
    uint64_t taken;
    /// NULL where nothing is kept.
    struct snapshot *kept;
    /// Free pieces by size, and what of the newest slab is not cut yet.
    struct piece *pieces[PIECE_SIZES];
    char *slab;
    size_t slab_left;
    /// Of all slabs.
    size_t slab_bytes;
    size_t memory;
    size_t peak_memory;

    /// Not `GUARD_FINE` once a limit was hit: the state is not touched any more.
    enum guard_ending limit;
    int32_t references;

    struct bytes output;
    struct bytes reply;
    struct bytes log;
    struct bytes message;
    struct place failure_place;

    struct raised raised;
    /// Where the error that is being handled happened, and how Lua would have put that in front of the message.
    struct place handled_place;
    char handled_prefix[LUA_IDSIZE + 16];

    /// Place of a refusal by a callback.
    struct place refused_place;

    /// Of the run that has begun.
    struct guard_bytes input;
    /// The table whose fields come when they are looked at; NULL where there is none, or it has all of them.
    const void *partial;

    uint64_t random[4];
    uint64_t seed;
};

static inline guard *guard_of(lua_State *L) { return *(guard **)lua_getextraspace(L); }

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define TROUPE_ADDRESS_SANITIZER 1
#endif
#endif

// Under AddressSanitizer each piece of memory is the system's own, so that it is watched. Who wants it as it is laid out without the
// sanitizer, and put back after each run, defines TROUPE_SLABS.
#if defined(TROUPE_ADDRESS_SANITIZER) && !defined(TROUPE_SLABS)
#define TROUPE_WATCHED_PIECES 1
#endif

/// To be called where an error of Lua was caught. The library that we link is not instrumented, and what it jumps past stays marked on
/// the stack as frames that are alive: AddressSanitizer would take the next ones there for overflows.
static inline void guard_forget_frames(void) {
#ifdef TROUPE_ADDRESS_SANITIZER
    void __asan_unpoison_memory_region(const volatile void *, size_t);
    enum { DEEPEST_STACK = 512 << 10 };
    __asan_unpoison_memory_region((char *)__builtin_frame_address(0) - DEEPEST_STACK, DEEPEST_STACK);
#endif
}

// limits.c

/// Instructions between two calls of the hook; also what a new coroutine costs, which starts a count of its own.
#define HOOK_PERIOD 256
/// Instructions between two looks at the clock.
#define CLOCK_PERIOD 1024

int64_t guard_now(void);
/// Ends the run for a limit; never returns.
_Noreturn void guard_stop(guard *g, enum guard_ending limit);
void guard_check(guard *g);
void guard_hook(lua_State *L, lua_Debug *ar);

// memory.c

void *guard_allocate(void *guard, void *pointer, size_t old_size, size_t size);
void guard_free_blocks(guard *g);
/// Copies all memory of the state, and what the guard knows of it; false where there is no memory for that.
bool guard_copy_blocks(guard *g);
/// Puts the copies back in their places.
void guard_restore_blocks(guard *g);

/// The number of a piece of memory that Lua got, in the order of asking.
uint64_t guard_number(const void *address);

/// Counts work done in C as so many instructions.
static inline void guard_charge_guard(guard *g, int64_t instructions) {
    g->instructions += instructions;
    g->until_clock -= instructions;
    if (g->instructions > g->limits.instructions || g->until_clock <= 0) guard_check(g);
}

static inline void guard_charge(lua_State *L, int64_t instructions) { guard_charge_guard(guard_of(L), instructions); }

// guard.c

/// Runs `body` with `context`: the only way into Lua. Whatever happens in it ends here. It returns what `guard_ended` gives.
enum guard_ending guard_enter(guard *g, lua_CFunction body, void *context);
int guard_ended(lua_State *L, enum guard_ending ending);
/// Pushes a value that is named outside.
void guard_push(lua_State *L, int32_t reference);

// bytes.c

/// All three answer false where there is no memory.
bool bytes_reserve(struct bytes *b, size_t more);
bool bytes_add(struct bytes *b, const void *data, size_t count);
bool bytes_print(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/// `count` bytes with control bytes made spaces, and no more than `longest` of them.
bool bytes_add_clean(struct bytes *b, const char *text, size_t count, size_t longest);
void bytes_free(struct bytes *b);
/// Empties it, and keeps no more than a usual amount of memory.
void bytes_clear(struct bytes *b);
bool is_utf8(const char *text, size_t count);

// places.c

/// The first line of a script from `level` outwards; what is not a script's (the prelude, C) is passed over. Allocates nothing.
bool guard_find_place(lua_State *L, int level, struct place *place);
int guard_on_error(lua_State *L);
/// Raises `message` with the place of `level` in front, and remembers it with its kind.
int guard_raise(lua_State *L, enum guard_ending kind, int level, const char *message, size_t count);
/// The same with a place that is known.
int guard_raise_at(lua_State *L, enum guard_ending kind, const struct place *place, const char *message, size_t count);
/// Raises the value on top again, a text with the caller's place in front; it was raised in coroutine `co`, which is dead of it, or in
/// none.
int guard_pass_on(lua_State *L, lua_State *co);
/// To be called where the script caught the value on top.
void guard_caught(lua_State *L);
/// Takes the error value on top apart into message, place and kind.
enum guard_ending guard_settle(guard *g, lua_State *L);

// buffer.c: a text in the making, in memory of the state.

struct buffer {
    lua_State *L;
    char *data;
    size_t count;
    size_t capacity;
    /// Stack slot that holds the memory.
    int slot;
    char start[256];
};

/// Takes one stack slot.
void buffer_open(struct buffer *b, lua_State *L);
void buffer_add(struct buffer *b, const char *data, size_t count);
/// Room for `count` more bytes at `data + count`.
char *buffer_room(struct buffer *b, size_t count);
void buffer_add_value(struct buffer *b, int index);
/// Pushes the text.
void buffer_close(struct buffer *b);

// The environment, one file per part.

/// Pushes the text of a value as `tostring` gives it: no addresses.
const char *guard_tostring(lua_State *L, int index, size_t *count);

/// Pushes the field of the metatable of the value at `index`, and answers its type; pushes nothing where that is nil.
int guard_metafield(lua_State *L, int index, const char *name);
/// Sets the field at 2 of the table at 1 to the value at 3, which is on top, raw; raises where a metatable must not have that.
void guard_set_field(lua_State *L);

extern const luaL_Reg base_functions[], pairs_functions[], metatable_functions[], string_functions[], table_functions[], coroutine_functions[],
    utf8_functions[];
void guard_open_environment(lua_State *L);
void open_base(lua_State *L);
void open_metatables(lua_State *L);
void open_pairs(lua_State *L);
void open_strings(lua_State *L);
void open_string_arithmetic(lua_State *L);
void open_tables(lua_State *L);
void open_coroutines(lua_State *L);
void open_math(lua_State *L);
void open_utf8(lua_State *L);
void open_require(lua_State *L);

int string_find(lua_State *L);
int string_match(lua_State *L);
int string_gmatch(lua_State *L);
int string_gsub(lua_State *L);
int string_format(lua_State *L);
/// Elements of the list at `index`, or what its metamethod says; raises for what is no table.
lua_Integer table_length(lua_State *L, int index);
int table_sort(lua_State *L);
/// Where a function is in our list of those of `math` that are Lua's own; -1 where it is none of them.
int math_function_place(lua_CFunction function);
int random_number(lua_State *L);
int random_seed(lua_State *L);
void random_start(guard *g, uint64_t seed);

// plain data

/// What may be in a value that a script hands over: anything that a host function can say something about.
#define RULES_ARGUMENTS 100

/// Appends the value at `index` to `output`; false leaves a message in `message`.
bool guard_write(lua_State *L, int index, int rules, const char *root, struct bytes *output);
/// Pushes the value that the bytes say; false where they say none.
bool guard_read(lua_State *L, const uint8_t *bytes, size_t count);
/// What the arguments name of the run's input, as a path; nil where it has no such part.
int guard_input(lua_State *L);

// partial.c

/// Takes a table whose fields come when they are looked at, and the function that makes all of them.
int guard_completes(lua_State *L);
void guard_complete_partial(lua_State *L);

/// To be called before the table at `index` is looked at past its metatable.
static inline void guard_complete(lua_State *L, int index) {
    const void *partial = guard_of(L)->partial;
    if (partial && lua_topointer(L, index) == partial) guard_complete_partial(L);
}

// hosts.c
int guard_host_call(lua_State *L);
int guard_frame(lua_State *L);

// Keys of the registry: their addresses.
extern const char registry_references, registry_raised, registry_blind, registry_hidden, registry_modules, registry_own,
    registry_growing, registry_completing;

#endif
