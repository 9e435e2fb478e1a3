// libFuzzer: any bytes as a script, compiled and run within small limits, its result taken out as plain data.
#include <stdio.h>
#include <stdlib.h>

#include "CLuaGuard.h"

static enum guard_ending answer(void *context, int32_t function, const uint8_t *arguments, size_t count) {
    (void)function;
    // What was passed comes back.
    return guard_reply(*(guard **)context, arguments, count) ? GUARD_FINE : GUARD_MEMORY;
}

static enum guard_ending find_module(void *context, const char *name, size_t count) {
    (void)name, (void)count;
    static const char message[] = "there is none";
    return guard_refuse(*(guard **)context, (const uint8_t *)message, sizeof message - 1, NULL, 0) ? GUARD_RAISED : GUARD_MEMORY;
}

static const struct guard_limits limits = {
    .instructions = 20000,
    .wall_nanoseconds = 2000000000,
    .memory_bytes = 4 << 20,
    .log_bytes = 1000,
    .result_bytes = 10000,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    guard *compiler = guard_create(limits, (struct guard_callbacks){ 0 });
    guard *g = NULL;
    if (!compiler) return 0;
    if (guard_compile(compiler, "@policies/scaling/fuzz.lua", bytes, count) == GUARD_FINE) {
        int32_t function, table, host, result;
        struct guard_bytes code = guard_output(compiler);
        g = guard_create(limits, (struct guard_callbacks){ &g, answer, find_module });
        if (g && guard_open(g, 1) == GUARD_FINE && guard_host_table(g, "host", 1, 0, &table) == GUARD_FINE
            && guard_get(g, table, "host", &host) == GUARD_FINE && guard_set(g, 0, "host", host) == GUARD_FINE && guard_load(g, code.bytes, code.count, &function) == GUARD_FINE
            && guard_call(g, function, NULL, 0, &result, 1) == GUARD_FINE) {
            guard_export(g, result, count & 1 ? GUARD_RESULTS : GUARD_DEFINITIONS, "result");
        }
        guard_destroy(g);
    }
    guard_destroy(compiler);
    return 0;
}
