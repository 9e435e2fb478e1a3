// Between the matcher and the functions that search with it.
#ifndef TROUPE_PATTERNS_H
#define TROUPE_PATTERNS_H

#include "guard.h"

#define MOST_CAPTURES 32
#define IS_OPEN (-1)
#define IS_POSITION (-2)

struct matcher {
    lua_State *L;
    const char *text;
    const char *text_end;
    const char *pattern_end;
    int depth;
    /// Steps that are not charged yet.
    int steps;
    int captures;
    struct {
        const char *start;
        ptrdiff_t length;
    } capture[MOST_CAPTURES];
};

/// Sets out to match in a text. Text and pattern must stay where they are as long as the matcher is used.
void matcher_prepare(struct matcher *m, lua_State *L, const char *text, size_t count, const char *pattern_end);
/// Where a match of the pattern from `p` that begins at `s` ends; NULL where there is none.
const char *matcher_try(struct matcher *m, const char *s, const char *p);
/// Pushes a capture of the match from `s` to `end`; without any in the pattern, the first is the whole match.
void matcher_push_capture(struct matcher *m, int index, const char *s, const char *end);
/// Pushes all captures, and answers how many; `s` is NULL where the whole match does not count as one.
int matcher_push_captures(struct matcher *m, const char *s, const char *end);

#endif
