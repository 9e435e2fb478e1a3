// What the files of this room share: two states, and one call made in both.
#ifndef TROUPE_TRIALS_H
#define TROUPE_TRIALS_H

#include "guard.h"

#include "GuardTrials.h"

#define LONGEST_TEXT 512

struct text {
    char bytes[LONGEST_TEXT];
    size_t count;
};

enum argument_kind { IS_NIL, IS_INTEGER, IS_FLOAT, IS_TEXT, IS_TRUE, IS_LIST, IS_WORDS, IS_ECHO, IS_REFUSAL };

struct argument {
    enum argument_kind kind;
    lua_Integer integer;
    lua_Number number;
    struct text text;
    /// Elements of a list.
    int count;
    lua_Integer list[12];
};

#define MOST_ARGUMENTS 6

struct call {
    const char *library;
    const char *function;
    int count;
    struct argument arguments[MOST_ARGUMENTS];
    /// The call gives an iterator, and what it gives is what counts.
    bool is_iterator;
};

struct trials {
    guard *guarded;
    lua_State *real;
    const struct call *call;
    struct bytes ours;
    struct bytes theirs;
};

void trials_open(struct trials *t);
void trials_close(struct trials *t);
/// Makes the call in both states, and counts how it ended.
bool trials_compare(struct trials *t, const struct call *call, struct trial_report *report);

struct random {
    uint64_t state;
};

uint32_t random_below(struct random *r, uint32_t bound);
static inline bool random_is(struct random *r, uint32_t percent) { return random_below(r, 100) < percent; }

void text_add(struct text *t, const char *bytes, size_t count);
void text_add_byte(struct text *t, char byte);
void argument_integer(struct call *call, lua_Integer integer);
struct argument *argument_add(struct call *call, enum argument_kind kind);

#endif
