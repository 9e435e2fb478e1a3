// libFuzzer: any bytes as the input of a run, whose parts a script asks for: there are values or errors, and no byte is read beyond the end.
#include <stdlib.h>
#include <string.h>

#include "CLuaGuard.h"

static const struct guard_limits limits = {
    .instructions = 100000,
    .wall_nanoseconds = 20000000000,
    .memory_bytes = 4 << 20,
    .log_bytes = 1000,
    .result_bytes = 10000,
};

static const char text[] =
    "local seen = {}\n"
    "for i, path in ipairs { {}, { 'a' }, { 'a', 'b' }, { '' }, { 'b' } } do\n"
    "  local is_there, part = pcall(input, table.unpack(path))\n"
    "  seen[i] = type(part)\n"
    "  if type(part) == 'table' then for k, v in pairs(part) do seen[i] = seen[i] .. tostring(k) .. type(v) end end\n"
    "end\n"
    "return seen";

/// A state with the script in it, kept.
static guard *state(int32_t *function) {
    int32_t table, input;
    guard *compiler = guard_create(limits, (struct guard_callbacks){ 0 });
    guard *g = guard_create(limits, (struct guard_callbacks){ 0 });
    if (!compiler || !g || guard_compile(compiler, "@x.lua", (const uint8_t *)text, sizeof text - 1) != GUARD_FINE) abort();
    struct guard_bytes code = guard_output(compiler);
    if (guard_open(g, 1) != GUARD_FINE || guard_host_table(g, "", 0, 0, &table) != GUARD_FINE
        || guard_get(g, table, "input", &input) != GUARD_FINE || guard_set(g, 0, "input", input) != GUARD_FINE
        || guard_load(g, code.bytes, code.count, function) != GUARD_FINE || !guard_keep(g)) {
        abort();
    }
    guard_destroy(compiler);
    return g;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    static guard *g;
    static int32_t function;
    int32_t result;
    if (!g) g = state(&function);
    guard_begin(g, 7, (struct guard_bytes){ bytes, count });
    if (guard_call(g, function, NULL, 0, &result, 1) == GUARD_FINE) guard_export(g, result, GUARD_RESULTS, "result");
    if (!guard_rewind(g)) {
        guard_destroy(g);
        g = NULL;
    }
    return 0;
}
