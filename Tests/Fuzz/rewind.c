// libFuzzer: any bytes as a script, run in a state that is put back in between: the second run ends as the first did, and uses as much.
#include <stdlib.h>
#include <string.h>

#include "CLuaGuard.h"

static enum guard_ending answer(void *context, int32_t function, const uint8_t *arguments, size_t count) {
    (void)function;
    return guard_reply(*(guard **)context, arguments, count) ? GUARD_FINE : GUARD_MEMORY;
}

static enum guard_ending find_module(void *context, const char *name, size_t count) {
    (void)name, (void)count;
    return guard_refuse(*(guard **)context, (const uint8_t *)"none", 4, NULL, 0) ? GUARD_RAISED : GUARD_MEMORY;
}

static const struct guard_limits limits = {
    .instructions = 20000,
    .wall_nanoseconds = 20000000000,
    .memory_bytes = 4 << 20,
    .log_bytes = 1000,
    .result_bytes = 10000,
};

// What a state has before the run, so that there are large and small pieces to be put back.
static const char before[] = "kept = { list = {}, text = string.rep('x', 3000) } for i = 1, 200 do kept.list[i] = { i, tostring(i) } end";

struct ending {
    enum guard_ending ending;
    struct guard_usage usage;
    size_t count;
    uint8_t bytes[16384];
};

static void copy(struct ending *e, struct guard_bytes from) {
    size_t room = sizeof e->bytes - e->count;
    size_t count = from.count < room ? from.count : room;
    if (count) memcpy(e->bytes + e->count, from.bytes, count);
    e->count += count;
}

static void run(guard *g, const uint8_t *code, size_t count, struct ending *e) {
    int32_t function, result;
    // The input of runs has a fuzzer of its own.
    guard_begin(g, 7, (struct guard_bytes){ 0 });
    e->count = 0;
    e->ending = guard_load(g, code, count, &function);
    if (e->ending == GUARD_FINE) e->ending = guard_call(g, function, NULL, 0, &result, 1);
    if (e->ending == GUARD_FINE) {
        e->ending = guard_export(g, result, GUARD_DEFINITIONS, "result");
        copy(e, guard_output(g));
    }
    copy(e, guard_log(g));
    if (e->ending != GUARD_FINE) copy(e, guard_failed(g).message);
    e->usage = guard_used(g);
}

/// A state with `before` in it, kept.
static guard *state(guard **context) {
    static uint8_t *code;
    static size_t count;
    if (!code) {
        guard *compiler = guard_create(limits, (struct guard_callbacks){ 0 });
        if (!compiler || guard_compile(compiler, "=troupe", (const uint8_t *)before, sizeof before - 1) != GUARD_FINE) abort();
        count = guard_output(compiler).count;
        code = malloc(count);
        if (!code) abort();
        memcpy(code, guard_output(compiler).bytes, count);
        guard_destroy(compiler);
    }
    int32_t function, table, host;
    guard *g = *context = guard_create(limits, (struct guard_callbacks){ context, answer, find_module });
    if (!g || guard_open(g, 1) != GUARD_FINE || guard_load(g, code, count, &function) != GUARD_FINE
        || guard_call(g, function, NULL, 0, NULL, 0) != GUARD_FINE || guard_host_table(g, "host", 1, 0, &table) != GUARD_FINE
        || guard_get(g, table, "host", &host) != GUARD_FINE || guard_set(g, 0, "host", host) != GUARD_FINE || !guard_keep(g)) {
        abort();
    }
    return g;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static guard *g;
    static struct ending first, second;
    guard *compiler = guard_create(limits, (struct guard_callbacks){ 0 });
    if (!compiler) return 0;
    if (guard_compile(compiler, "@policies/scaling/fuzz.lua", bytes, count) == GUARD_FINE) {
        struct guard_bytes code = guard_output(compiler);
        // The state is that of all scripts before.
        if (!g) g = state(&g);
        run(g, code.bytes, code.count, &first);
        bool isBack = guard_rewind(g);
        if (!isBack) {
            // After a limit the state is dropped: a new one tells whether the old one was as new.
            guard_destroy(g);
            g = state(&g);
        }
        run(g, code.bytes, code.count, &second);
        if (first.ending != second.ending || first.usage.instructions != second.usage.instructions
            || first.usage.peak_memory_bytes != second.usage.peak_memory_bytes || first.count != second.count
            || memcmp(first.bytes, second.bytes, first.count) != 0) {
            abort();
        }
        if (!guard_rewind(g)) {
            guard_destroy(g);
            g = NULL;
        }
    }
    guard_destroy(compiler);
    return 0;
}
