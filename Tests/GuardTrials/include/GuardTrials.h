// Our library functions against those of the real Lua: the same calls, the same results, the same words in errors.
#ifndef TROUPE_GUARD_TRIALS_H
#define TROUPE_GUARD_TRIALS_H

#include <stddef.h>
#include <stdint.h>

struct trial_report {
    int64_t calls;
    /// Of them, those that found something, and those that raised.
    int64_t successes;
    int64_t errors;
    /// Calls that hit a limit of ours, which the real one has not; it is not asked then.
    int64_t limited;
    int64_t differences;
    /// The first difference as a person can try it; empty where there is none.
    char first_difference[1200];
};

/// Calls of find, match, gmatch and gsub with patterns and texts drawn from a seed.
struct trial_report guard_trials_patterns(uint64_t seed, int64_t calls);
/// Calls of format, tonumber and the rest of the string and table libraries.
struct trial_report guard_trials_library(uint64_t seed, int64_t calls);
/// One call that the bytes say, for a fuzzer. Answers whether both agree.
int guard_trial_of_bytes(const uint8_t *bytes, size_t count, struct trial_report *report);

#endif
