// libFuzzer: our pattern functions against the real ones, on calls that the fuzzer makes up.
#include <stdio.h>
#include <stdlib.h>

#include "GuardTrials.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    struct trial_report report = { 0 };
    if (guard_trial_of_bytes(bytes, count, &report)) return 0;
    fprintf(stderr, "%s\n", report.first_difference);
    abort();
}
