// A Lua state behind a wall: limits that kill, an environment by allow-list, and plain bytes as the only thing that crosses.
//
// Nothing of Lua is seen on the other side of this header. Every function that runs Lua enters through one `_setjmp`; a limit jumps
// there past everything that Lua has on its stack, so that no pcall, metamethod, coroutine or finalizer of the script ever learns of
// it, and the state is never touched again: its memory is freed block by block from the allocator's own list.
//
// A callback must not call any function of this header but `guard_reply`, `guard_refuse` and `guard_caller_line`, on the guard that
// called it. What would raise in Lua is raised after it has returned: no jump crosses its frames.
#ifndef TROUPE_CLUAGUARD_H
#define TROUPE_CLUAGUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct guard guard;

/// How an operation ended. All but the first leave a `guard_failure`; from a limit on, every further operation ends the same way.
enum guard_ending {
    GUARD_FINE = 0,
    GUARD_SYNTAX,
    GUARD_RAISED,
    GUARD_BLIND,
    GUARD_BAD_RESULT,
    GUARD_INSTRUCTIONS,
    GUARD_WALL,
    GUARD_MEMORY,
    GUARD_LOG,
    GUARD_RESULT,
};

struct guard_limits {
    int64_t instructions;
    int64_t wall_nanoseconds;
    int64_t memory_bytes;
    int64_t log_bytes;
    int64_t result_bytes;
};

struct guard_callbacks {
    void *context;
    /// A host function was called with plain values, a list. Answers `GUARD_FINE` after `guard_reply`, else after `guard_refuse`.
    enum guard_ending (*host)(void *context, int32_t function, const uint8_t *arguments, size_t count);
    /// `require` wants a module; the reply is its bytecode.
    enum guard_ending (*module)(void *context, const char *name, size_t count);
};

struct guard_bytes {
    const uint8_t *bytes;
    size_t count;
};

struct guard_failure {
    /// Without the place.
    struct guard_bytes message;
    /// Empty where the place is not known.
    const char *file;
    /// 0 where it is not known.
    int32_t line;
};

struct guard_usage {
    int64_t instructions;
    int64_t peak_memory_bytes;
    int64_t wall_nanoseconds;
};

/// What of a value may be plain data and what is an error.
enum guard_rules {
    /// Of a run: finite numbers, no functions, no table twice.
    GUARD_RESULTS,
    /// Of a definition: functions stand for themselves; in a table that no constructor made, what is not plain is left out.
    GUARD_DEFINITIONS,
};

/// NULL where there is no memory. The clock starts here.
guard *guard_create(struct guard_limits limits, struct guard_callbacks callbacks);
void guard_destroy(guard *g);

/// Opens the state with its environment; `seed` is where `math.random` starts.
enum guard_ending guard_open(guard *g, uint64_t seed);

/// The run begins: the clock starts anew, and `seed` is where `math.random` starts. What was used before stays used.
///
/// `input` is plain bytes, of which the parts that are asked for become values; they are not copied, and must be there until `guard_end`.
void guard_begin(guard *g, uint64_t seed, struct guard_bytes input);
/// The run is over: its input is not looked at any more.
void guard_end(guard *g);

/// Remembers the state as it is. A state that is made alike many times is made once, and then rewound.
///
/// False where there is no memory, where a limit was hit, and under AddressSanitizer, which could not watch the pieces any more.
bool guard_keep(guard *g);

/// Makes the state what it was at `guard_keep`, byte by byte; values that were named since are not there any more.
///
/// False where nothing was kept, or a limit has ended the run: such a state is to be dropped.
bool guard_rewind(guard *g);

/// Compiles a text, in a bare state; `guard_output` is the bytecode. `name` is a C string: what errors cite, `@` and all.
enum guard_ending guard_compile(guard *g, const char *name, const uint8_t *source, size_t count);

// Values of the state are named by numbers, valid as long as the state; 0 is the environment of scripts.

/// Loads bytecode made by `guard_compile`, and nothing else, as a function.
enum guard_ending guard_load(guard *g, const uint8_t *code, size_t count, int32_t *function);
enum guard_ending guard_call(
    guard *g, int32_t function, const int32_t *arguments, int32_t argument_count, int32_t *results, int32_t result_count);
/// Both raw.
enum guard_ending guard_get(guard *g, int32_t table, const char *key, int32_t *value);
enum guard_ending guard_set(guard *g, int32_t table, const char *key, int32_t value);
/// A table of functions that call the host callback with `first`, `first + 1`, …, by their names: `count` C strings, one behind the other.
/// Two more are in it: `framed(f)` makes of a function in Lua one that does not take the place of its caller's frame in `return f(…)`;
/// `input(key, …)` is the part of the run's input at that path, made anew each time, or nil.
enum guard_ending guard_host_table(guard *g, const char *names, int32_t count, int32_t first, int32_t *table);
/// Between plain bytes and values. `root` is how the value is called in errors.
enum guard_ending guard_import(guard *g, const uint8_t *bytes, size_t count, int32_t *value);
enum guard_ending guard_export(guard *g, int32_t value, enum guard_rules rules, const char *root);

enum guard_type { GUARD_NIL, GUARD_FUNCTION, GUARD_TABLE, GUARD_OTHER };
enum guard_type guard_type_of(guard *g, int32_t value);

/// Of the last `guard_compile` or `guard_export`; valid until the next operation.
struct guard_bytes guard_output(const guard *g);
struct guard_failure guard_failed(const guard *g);
struct guard_usage guard_used(const guard *g);
/// The clock of the wall limit, in nanoseconds.
int64_t guard_clock(void);
/// Takes the time since `clock` said `since` out of the run's: it was the host's.
void guard_excuse(guard *g, int64_t since);
/// What was printed: lines that each end in a line feed, without any other control byte.
struct guard_bytes guard_log(const guard *g);

// For callbacks.

/// False where there is no memory; then answer `GUARD_MEMORY`.
bool guard_reply(guard *g, const uint8_t *bytes, size_t count);
/// `file` and `line` where the error has a place of its own (a module that does not compile), else NULL and 0.
bool guard_refuse(guard *g, const uint8_t *message, size_t count, const char *file, int32_t line);
/// The line of the script that called the host function; 0 where there is none.
int32_t guard_caller_line(guard *g);

// Plain bytes: a tag and what it says, little endian. Lists and tables are a count and that many values, each value of a table after
// its key (u32 and bytes); a text is u32 and bytes.
enum guard_tag {
    GUARD_TAG_NIL = 0,
    GUARD_TAG_FALSE,
    GUARD_TAG_TRUE,
    /// i64.
    GUARD_TAG_INTEGER,
    /// f64.
    GUARD_TAG_NUMBER,
    GUARD_TAG_TEXT,
    GUARD_TAG_LIST,
    GUARD_TAG_TABLE,
    /// u32 and as many f64.
    GUARD_TAG_NUMBERS,
    /// u32: the line where it starts. It does not cross into a state, where it is nil.
    GUARD_TAG_FUNCTION,
};

#endif
