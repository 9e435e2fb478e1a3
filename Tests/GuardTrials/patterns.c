// Patterns and texts that have something to do with each other, and everything that can be wrong with a pattern.
#include "trials.h"

static void add_some(struct random *r, struct text *t, const char *choices, size_t count) {
    text_add_byte(t, choices[random_below(r, (uint32_t)count)]);
}
#define ADD_ONE_OF(r, t, choices) add_some(r, t, choices, sizeof choices - 1)

static void add_literal(struct random *r, struct text *t) {
    if (random_is(r, 80)) ADD_ONE_OF(r, t, "aaabbc1 ");
    else if (random_is(r, 70)) ADD_ONE_OF(r, t, "()[]xyAZ09-_.,%\0\xff\x80\n");
    else text_add_byte(t, (char)random_below(r, 256));
}

static void draw_subject(struct random *r, struct text *t) {
    uint32_t count = random_is(r, 85) ? random_below(r, 14) : random_is(r, 90) ? random_below(r, 60) : random_below(r, 400);
    while (t->count < count) {
        add_literal(r, t);
        // Runs are what repetitions are about.
        if (random_is(r, 20)) {
            char last = t->bytes[t->count - 1];
            for (uint32_t n = random_below(r, 5); n > 0; n--) text_add_byte(t, last);
        }
        if (random_is(r, 5)) text_add(t, "(a(b)c)", 7);
    }
}

static void add_class(struct random *r, struct text *t) {
    text_add_byte(t, '%');
    if (random_is(r, 85)) ADD_ONE_OF(r, t, "acdglpsuwxzACDGLPSUWXZ.%[]()-");
    else text_add_byte(t, (char)random_below(r, 256));
}

static void add_set(struct random *r, struct text *t) {
    text_add_byte(t, '[');
    if (random_is(r, 30)) text_add_byte(t, '^');
    for (uint32_t n = random_below(r, 4) + (random_is(r, 90) ? 1 : 0); n > 0; n--) {
        switch (random_below(r, 6)) {
        case 0: add_class(r, t); break;
        case 1:
            add_literal(r, t);
            text_add_byte(t, '-');
            add_literal(r, t);
            break;
        case 2: ADD_ONE_OF(r, t, "]^-[%"); break;
        default: add_literal(r, t);
        }
    }
    if (random_is(r, 95)) text_add_byte(t, ']');
}

static void add_item(struct random *r, struct text *t) {
    switch (random_below(r, 16)) {
    case 0: text_add_byte(t, '.'); break;
    case 1: case 2: add_class(r, t); break;
    case 3: case 4: add_set(r, t); break;
    case 5:
        text_add(t, "%b", 2);
        if (random_is(r, 60)) text_add(t, "()", 2);
        else if (random_is(r, 90)) { add_literal(r, t); add_literal(r, t); }
        return;
    case 6:
        text_add(t, "%f", 2);
        if (random_is(r, 95)) add_set(r, t);
        return;
    case 7:
        text_add_byte(t, '%');
        ADD_ONE_OF(r, t, "11122390");
        return;
    case 8: ADD_ONE_OF(r, t, "^$*+?-()[%"); break;
    default: add_literal(r, t);
    }
    if (random_is(r, 40)) ADD_ONE_OF(r, t, "*+-?");
}

static void add_items(struct random *r, struct text *t, int depth) {
    for (uint32_t n = random_below(r, depth == 0 ? 5 : 3) + 1; n > 0; n--) {
        if (depth < 3 && random_is(r, 18)) {
            text_add_byte(t, '(');
            if (random_is(r, 75)) add_items(r, t, depth + 1);
            if (random_is(r, 97)) text_add_byte(t, ')');
        } else {
            add_item(r, t);
        }
    }
}

static void draw_pattern(struct random *r, struct text *t, const struct text *subject) {
    if (random_is(r, 2)) {
        // At the border of how deep a match may go, and of how many captures there may be.
        static const char *const deep[] = { "a?", "(a", "()", "a-", "(b?)", "%f[a]" };
        const char *item = deep[random_below(r, 6)];
        uint32_t count = random_is(r, 50) ? 190 + random_below(r, 16) : 28 + random_below(r, 8);
        for (uint32_t i = 0; i < count; i++) text_add(t, item, strlen(item));
        return;
    }
    if (random_is(r, 3)) {
        for (uint32_t n = random_below(r, 12); n > 0; n--) text_add_byte(t, (char)random_below(r, 256));
        return;
    }
    if (random_is(r, 15)) text_add_byte(t, '^');
    add_items(r, t, 0);
    // What the text has itself, so that long matches happen.
    if (subject->count > 0 && random_is(r, 15)) {
        size_t start = random_below(r, (uint32_t)subject->count);
        text_add(t, subject->bytes + start, subject->count - start > 4 ? 4 : subject->count - start);
    }
    if (random_is(r, 12)) text_add_byte(t, '$');
}

static lua_Integer draw_position(struct random *r) {
    static const lua_Integer edges[] = { 0, 1, -1, LUA_MAXINTEGER, LUA_MININTEGER, LUA_MAXINTEGER - 1, -1000, 1000 };
    return random_is(r, 30) ? edges[random_below(r, 8)] : (lua_Integer)random_below(r, 30) - 12;
}

static void draw_replacement(struct random *r, struct call *call) {
    switch (random_below(r, 10)) {
    case 0: argument_add(call, IS_WORDS); return;
    case 1: case 2: argument_add(call, IS_ECHO); return;
    case 3: argument_integer(call, (lua_Integer)random_below(r, 100)); return;
    default: break;
    }
    if (random_is(r, 2)) {
        argument_add(call, random_is(r, 50) ? IS_REFUSAL : IS_TRUE);
        return;
    }
    struct text *t = &argument_add(call, IS_TEXT)->text;
    for (uint32_t n = random_below(r, 5); n > 0; n--) {
        if (random_is(r, 50)) {
            text_add_byte(t, '%');
            ADD_ONE_OF(r, t, "0000111122%39a");
        } else {
            add_literal(r, t);
        }
    }
}

static void draw_call(struct random *r, struct call *call) {
    static const char *const names[] = { "find", "match", "gmatch", "gsub" };
    uint32_t which = random_below(r, 4);
    *call = (struct call){ .library = "string", .function = names[which], .is_iterator = which == 2 };
    struct argument *subject = argument_add(call, IS_TEXT);
    draw_subject(r, &subject->text);
    draw_pattern(r, &argument_add(call, IS_TEXT)->text, &subject->text);
    if (which == 3) draw_replacement(r, call);
    if (random_is(r, 20)) {
        argument_integer(call, draw_position(r));
        if (which == 0 && random_is(r, 20)) argument_add(call, IS_TRUE);
    }
}

struct trial_report guard_trials_patterns(uint64_t seed, int64_t calls) {
    struct trial_report report = { 0 };
    struct random r = { seed };
    struct trials t;
    static _Thread_local struct call call;
    trials_open(&t);
    while (report.calls < calls) {
        draw_call(&r, &call);
        trials_compare(&t, &call, &report);
    }
    trials_close(&t);
    return report;
}

// MARK: For a fuzzer

int guard_trial_of_bytes(const uint8_t *bytes, size_t count, struct trial_report *report) {
    static const char *const names[] = { "find", "match", "gmatch", "gsub" };
    static struct trials t;
    static struct call call;
    if (!t.guarded) trials_open(&t);
    if (count < 4) return 1;
    uint32_t which = bytes[0] & 3;
    call = (struct call){ .library = "string", .function = names[which], .is_iterator = which == 2 };
    const char *rest = (const char *)bytes + 3;
    size_t left = count - 3, lengths[2] = { bytes[1], bytes[2] };
    for (int i = 0; i < 2; i++) {
        size_t length = lengths[i] < left ? lengths[i] : left;
        text_add(&argument_add(&call, IS_TEXT)->text, rest, length);
        rest += length;
        left -= length;
    }
    if (which == 3) {
        if (bytes[0] & 4) argument_add(&call, IS_ECHO);
        else text_add(&argument_add(&call, IS_TEXT)->text, rest, left);
    }
    if (bytes[0] & 8) argument_integer(&call, (lua_Integer)(bytes[0] >> 4) - 8);
    return trials_compare(&t, &call, report);
}
