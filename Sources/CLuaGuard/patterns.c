// Lua's patterns: a matcher that counts each step as an instruction, so that backtracking is bounded by the run's limits.
//
// What a pattern means is what the manual of Lua 5.4 says (§6.4.1), errors and corner cases included.
#include <ctype.h>

#include "patterns.h"

/// Items of a pattern that wait for what follows them; each is a frame of `match`.
#define DEEPEST 200

static inline void step(struct matcher *m) {
    if (++m->steps < 64) return;
    m->steps = 0;
    guard_charge(m->L, 64);
}

static const char *match(struct matcher *m, const char *s, const char *p);

// MARK: Single bytes

/// Where the item that begins at `p` ends, its repetition left out.
static const char *item_end(struct matcher *m, const char *p) {
    if (*p == '%') {
        if (p + 1 >= m->pattern_end) luaL_error(m->L, "malformed pattern (ends with '%%')");
        return p + 2;
    }
    if (*p++ != '[') return p;
    if (p < m->pattern_end && *p == '^') p++;
    // The first of a set is never its end.
    for (bool is_first = true;; is_first = false) {
        if (p >= m->pattern_end) luaL_error(m->L, "malformed pattern (missing ']')");
        step(m);
        char c = *p++;
        if (c == ']' && !is_first) return p;
        if (c == '%') {
            if (p >= m->pattern_end) luaL_error(m->L, "malformed pattern (missing ']')");
            p++;
        }
    }
}

/// `%a` and its like; an upper-case letter is the complement, anything that is no class stands for itself.
static bool is_of_class(unsigned char c, unsigned char class) {
    bool is_in;
    switch (tolower(class)) {
    case 'a': is_in = isalpha(c); break;
    case 'c': is_in = iscntrl(c); break;
    case 'd': is_in = isdigit(c); break;
    case 'g': is_in = isgraph(c); break;
    case 'l': is_in = islower(c); break;
    case 'p': is_in = ispunct(c); break;
    case 's': is_in = isspace(c); break;
    case 'u': is_in = isupper(c); break;
    case 'w': is_in = isalnum(c); break;
    case 'x': is_in = isxdigit(c); break;
    case 'z': is_in = c == 0; break;
    default: return class == c;
    }
    return isupper(class) ? !is_in : is_in;
}

/// The set `[…]` from `p` to `last`, which is its closing bracket.
static bool is_in_set(struct matcher *m, unsigned char c, const char *p, const char *last) {
    bool is_positive = true;
    p++;
    if (*p == '^') {
        is_positive = false;
        p++;
    }
    while (p < last) {
        step(m);
        if (*p == '%') {
            if (is_of_class(c, (unsigned char)p[1])) return is_positive;
            p += 2;
        } else if (p[1] == '-' && p + 2 < last) {
            if ((unsigned char)p[0] <= c && c <= (unsigned char)p[2]) return is_positive;
            p += 3;
        } else {
            if ((unsigned char)*p == c) return is_positive;
            p++;
        }
    }
    return !is_positive;
}

static bool is_single_match(struct matcher *m, const char *s, const char *p, const char *end) {
    step(m);
    if (s >= m->text_end) return false;
    unsigned char c = (unsigned char)*s;
    switch (*p) {
    case '.': return true;
    case '%': return is_of_class(c, (unsigned char)p[1]);
    case '[': return is_in_set(m, c, p, end - 1);
    default: return (unsigned char)*p == c;
    }
}

// MARK: Items

static const char *match_most(struct matcher *m, const char *s, const char *p, const char *end) {
    ptrdiff_t count = 0;
    while (is_single_match(m, s + count, p, end)) count++;
    for (; count >= 0; count--) {
        const char *rest = match(m, s + count, end + 1);
        if (rest) return rest;
    }
    return NULL;
}

static const char *match_least(struct matcher *m, const char *s, const char *p, const char *end) {
    for (;;) {
        const char *rest = match(m, s, end + 1);
        if (rest) return rest;
        if (!is_single_match(m, s, p, end)) return NULL;
        s++;
    }
}

static const char *match_balanced(struct matcher *m, const char *s, const char *p) {
    if (p + 1 >= m->pattern_end) luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->text_end || *s != *p) return NULL;
    int64_t open = 1;
    for (s++; s < m->text_end; s++) {
        step(m);
        if (*s == p[1]) {
            if (--open == 0) return s + 1;
        } else if (*s == p[0]) {
            open++;
        }
    }
    return NULL;
}

static const char *match_frontier(struct matcher *m, const char *s, const char **p) {
    if (*p >= m->pattern_end || **p != '[') luaL_error(m->L, "missing '[' after '%%f' in pattern");
    const char *end = item_end(m, *p);
    unsigned char before = s == m->text ? 0 : (unsigned char)s[-1];
    unsigned char here = s < m->text_end ? (unsigned char)*s : 0;
    bool is_frontier = !is_in_set(m, before, *p, end - 1) && is_in_set(m, here, *p, end - 1);
    *p = end;
    return is_frontier ? s : NULL;
}

static const char *match_capture_again(struct matcher *m, const char *s, int name) {
    int index = name - '1';
    if (index < 0 || index >= m->captures || m->capture[index].length == IS_OPEN) {
        luaL_error(m->L, "invalid capture index %%%d", index + 1);
    }
    // A position is no text; it matches nothing.
    if (m->capture[index].length < 0) return NULL;
    size_t count = (size_t)m->capture[index].length;
    guard_charge(m->L, 1 + (int64_t)(count / 64));
    if ((size_t)(m->text_end - s) < count || memcmp(m->capture[index].start, s, count) != 0) return NULL;
    return s + count;
}

static const char *open_capture(struct matcher *m, const char *s, const char *p, ptrdiff_t kind) {
    if (m->captures >= MOST_CAPTURES) luaL_error(m->L, "too many captures");
    m->capture[m->captures].start = s;
    m->capture[m->captures].length = kind;
    m->captures++;
    const char *rest = match(m, s, p);
    if (!rest) m->captures--;
    return rest;
}

static const char *close_capture(struct matcher *m, const char *s, const char *p) {
    int index = m->captures - 1;
    while (index >= 0 && m->capture[index].length != IS_OPEN) index--;
    if (index < 0) luaL_error(m->L, "invalid pattern capture");
    m->capture[index].length = s - m->capture[index].start;
    const char *rest = match(m, s, p);
    if (!rest) m->capture[index].length = IS_OPEN;
    return rest;
}

/// Matches the pattern from `p` against the text from `s`: where the match ends, NULL where there is none. What needs no way back
/// is a turn of the loop; what may have to be tried anew is a call.
static const char *match(struct matcher *m, const char *s, const char *p) {
    if (m->depth-- == 0) luaL_error(m->L, "pattern too complex");
    const char *result = NULL;
    for (;;) {
        step(m);
        if (p == m->pattern_end) {
            result = s;
            break;
        }
        if (*p == '(') {
            bool is_position = p + 1 < m->pattern_end && p[1] == ')';
            result = is_position ? open_capture(m, s, p + 2, IS_POSITION) : open_capture(m, s, p + 1, IS_OPEN);
            break;
        }
        if (*p == ')') {
            result = close_capture(m, s, p + 1);
            break;
        }
        if (*p == '$' && p + 1 == m->pattern_end) {
            result = s == m->text_end ? s : NULL;
            break;
        }
        if (*p == '%' && p + 1 < m->pattern_end && (p[1] == 'b' || p[1] == 'f' || isdigit((unsigned char)p[1]))) {
            if (p[1] == 'b') {
                s = match_balanced(m, s, p + 2);
                p += 4;
            } else if (p[1] == 'f') {
                p += 2;
                s = match_frontier(m, s, &p);
            } else {
                s = match_capture_again(m, s, (unsigned char)p[1]);
                p += 2;
            }
            if (!s) break;
            continue;
        }
        const char *end = item_end(m, p);
        char repetition = end < m->pattern_end ? *end : 0;
        if (!is_single_match(m, s, p, end)) {
            // None of it will do: that is no choice, and costs no depth.
            if (repetition != '*' && repetition != '-' && repetition != '?') break;
            p = end + 1;
            continue;
        }
        if (repetition == '?') {
            if ((result = match(m, s + 1, end + 1))) break;
            p = end + 1;
            continue;
        }
        if (repetition == '*' || repetition == '+') {
            result = match_most(m, repetition == '+' ? s + 1 : s, p, end);
            break;
        }
        if (repetition == '-') {
            result = match_least(m, s, p, end);
            break;
        }
        s++;
        p = end;
    }
    m->depth++;
    return result;
}

// MARK: For those who search

void matcher_prepare(struct matcher *m, lua_State *L, const char *text, size_t count, const char *pattern_end) {
    m->L = L;
    m->text = text;
    m->text_end = text + count;
    m->pattern_end = pattern_end;
    m->steps = 0;
}

const char *matcher_try(struct matcher *m, const char *s, const char *p) {
    m->captures = 0;
    m->depth = DEEPEST;
    return match(m, s, p);
}

void matcher_push_capture(struct matcher *m, int index, const char *s, const char *end) {
    if (index >= m->captures) {
        if (index != 0) luaL_error(m->L, "invalid capture index %%%d", index + 1);
        lua_pushlstring(m->L, s, (size_t)(end - s));
        return;
    }
    ptrdiff_t length = m->capture[index].length;
    if (length == IS_OPEN) luaL_error(m->L, "unfinished capture");
    if (length == IS_POSITION) lua_pushinteger(m->L, m->capture[index].start - m->text + 1);
    else lua_pushlstring(m->L, m->capture[index].start, (size_t)length);
}

int matcher_push_captures(struct matcher *m, const char *s, const char *end) {
    int count = m->captures == 0 && s ? 1 : m->captures;
    luaL_checkstack(m->L, count, "too many captures");
    for (int i = 0; i < count; i++) matcher_push_capture(m, i, s, end);
    return count;
}
