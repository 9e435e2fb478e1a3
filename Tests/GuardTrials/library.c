// The rest of the library: format, numbers from texts, and what works on texts, lists and code points.
#include "trials.h"

#define ONE_OF(r, choices) (choices)[random_below(r, sizeof(choices) / sizeof *(choices))]

static lua_Integer draw_integer(struct random *r) {
    static const lua_Integer edges[] = {
        0, 1, -1, 2, 10, 36, 255, 256, -128, 65536, LUA_MAXINTEGER, LUA_MININTEGER, LUA_MAXINTEGER - 1, LUA_MININTEGER + 1,
        1LL << 53, -(1LL << 53), 1000000007, 0x7fffffff, 0xffffffffLL,
    };
    return random_is(r, 40) ? ONE_OF(r, edges) : (lua_Integer)random_below(r, 40) - 15;
}

static lua_Number draw_float(struct random *r) {
    static const lua_Number edges[] = {
        0.0, -0.0, 0.1, 0.5, 1.5, 2.5, 3.0, -7.25, 1e15, 1e16, 1e100, 1.7976931348623157e308, 4.9e-324, 2.2250738585072014e-308,
        9007199254740993.0, 9.2233720368547758e18, 123456789.125, 1.0 / 3, __builtin_inf(), -__builtin_inf(),
    };
    return random_is(r, 60) ? ONE_OF(r, edges) : ((lua_Number)random_below(r, 2000000) - 1000000) / 128;
}

static void draw_number(struct random *r, struct call *call) {
    if (random_is(r, 75)) argument_integer(call, draw_integer(r));
    else argument_add(call, IS_FLOAT)->number = draw_float(r);
}

static void draw_words(struct random *r, struct text *t) {
    static const char *const words[] = { "a", "bc", " ", "é", "日", "\xff", "\xc3", "\xed\xa0\x80", "x1", "\n", "\"", "\\", "9" };
    for (uint32_t n = random_below(r, 6); n > 0; n--) {
        const char *word = ONE_OF(r, words);
        text_add(t, word, strlen(word));
        if (random_is(r, 4)) text_add_byte(t, 0);
    }
}

static void draw_value(struct random *r, struct call *call) {
    switch (random_below(r, 10)) {
    case 0: argument_add(call, IS_NIL); break;
    case 1: argument_add(call, IS_TRUE); break;
    case 2: case 3: case 4: draw_words(r, &argument_add(call, IS_TEXT)->text); break;
    default: draw_number(r, call);
    }
}

// MARK: format

static void draw_format(struct random *r, struct call *call) {
    struct text *t = &argument_add(call, IS_TEXT)->text;
    for (uint32_t items = random_below(r, 3) + 1; items > 0; items--) {
        if (random_is(r, 30)) draw_words(r, t);
        text_add_byte(t, '%');
        for (uint32_t n = random_is(r, 40) ? random_below(r, 4) : 0; n > 0; n--) text_add_byte(t, "-+ #0"[random_below(r, 5)]);
        if (random_is(r, 2)) text_add(t, "------", 6);
        for (uint32_t n = random_is(r, 40) ? 1 + random_below(r, 2) + random_is(r, 3) : 0; n > 0; n--) {
            text_add_byte(t, (char)('0' + random_below(r, 10)));
        }
        if (random_is(r, 30)) {
            text_add_byte(t, '.');
            for (uint32_t n = random_below(r, 3) + random_is(r, 3); n > 0; n--) text_add_byte(t, (char)('0' + random_below(r, 10)));
        }
        // %p is not offered, by intention.
        if (random_is(r, 97)) text_add_byte(t, "ddiouxXcaAeEfgGssssqq%"[random_below(r, 22)]);
        else if (random_is(r, 80)) text_add_byte(t, "hlnFw*$zj\0.-"[random_below(r, 12)]);
        if (random_is(r, 97)) draw_value(r, call);
    }
}

// MARK: Numbers in texts

static void draw_numeral(struct random *r, struct text *t) {
    static const char *const parts[] = {
        "0x", "0X", "1", "12", "9223372036854775807", "9223372036854775808", ".", "e", "E5", "p", "p3", "-", "+", " ", "\t", "f", "F",
        "inf", "nan", "z", "0", "00", "e-", "_", "7fffffffffffffff", "n", "1e308", "\n", "\v", "0x.8",
    };
    for (uint32_t n = 1 + random_below(r, 4); n > 0; n--) {
        const char *part = ONE_OF(r, parts);
        text_add(t, part, strlen(part));
        if (random_is(r, 2)) text_add_byte(t, 0);
    }
}

// MARK: Lists

static void draw_list(struct random *r, struct call *call) {
    struct argument *list = argument_add(call, IS_LIST);
    list->count = (int)random_below(r, 12);
    for (int i = 0; i < list->count; i++) list->list[i] = random_is(r, 90) ? (lua_Integer)random_below(r, 20) : draw_integer(r);
}

/// A position that is mostly near a short list; ranges from end to end would take for ever in the real one.
static lua_Integer draw_place(struct random *r) { return (lua_Integer)random_below(r, 18) - 3; }

static void draw_library_call(struct random *r, struct call *call) {
    static const char *const texts[] = { "sub", "byte", "rep", "lower", "upper", "reverse", "len", "char" };
    static const char *const codes[] = { "char", "codepoint", "len", "offset", "codes" };
    static const char *const lists[] = { "concat", "insert", "remove", "unpack", "move", "sort", "pack" };
    *call = (struct call){ .library = "string", .function = "format" };
    switch (random_below(r, 8)) {
    case 0: case 1: case 2: draw_format(r, call); break;
    case 3:
        *call = (struct call){ .library = "_G", .function = "tonumber" };
        draw_numeral(r, &argument_add(call, IS_TEXT)->text);
        if (random_is(r, 40)) argument_integer(call, draw_integer(r));
        break;
    case 4: case 5:
        call->function = ONE_OF(r, texts);
        if (strcmp(call->function, "char") == 0) {
            for (uint32_t n = random_below(r, 4); n > 0; n--) draw_number(r, call);
            break;
        }
        if (random_is(r, 95)) draw_words(r, &argument_add(call, IS_TEXT)->text);
        else draw_value(r, call);
        if (strcmp(call->function, "rep") == 0) {
            // A large one would be the memory limit, or an error of the real one that says so.
            argument_integer(call, draw_place(r));
            if (random_is(r, 40)) draw_words(r, &argument_add(call, IS_TEXT)->text);
        } else {
            for (uint32_t n = random_below(r, 3); n > 0; n--) draw_number(r, call);
        }
        break;
    case 6:
        *call = (struct call){ .library = "utf8", .function = ONE_OF(r, codes) };
        if (strcmp(call->function, "char") == 0) {
            for (uint32_t n = random_below(r, 4); n > 0; n--) draw_number(r, call);
            break;
        }
        draw_words(r, &argument_add(call, IS_TEXT)->text);
        if (strcmp(call->function, "codes") == 0) break;
        for (uint32_t n = random_below(r, 3); n > 0; n--) draw_number(r, call);
        break;
    default:
        *call = (struct call){ .library = "table", .function = ONE_OF(r, lists) };
        draw_list(r, call);
        if (strcmp(call->function, "sort") == 0 || strcmp(call->function, "pack") == 0) break;
        if (strcmp(call->function, "concat") == 0 && random_is(r, 50)) {
            draw_words(r, &argument_add(call, IS_TEXT)->text);
        }
        for (uint32_t n = random_below(r, 4); n > 0; n--) argument_integer(call, draw_place(r));
        if (strcmp(call->function, "move") == 0 && random_is(r, 30)) draw_list(r, call);
    }
}

struct trial_report guard_trials_library(uint64_t seed, int64_t calls) {
    struct trial_report report = { 0 };
    struct random r = { seed };
    struct trials t;
    static _Thread_local struct call call;
    trials_open(&t);
    while (report.calls < calls) {
        draw_library_call(&r, &call);
        trials_compare(&t, &call, &report);
    }
    trials_close(&t);
    return report;
}
