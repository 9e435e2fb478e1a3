#ifndef TROUPE_PROCESS_GUARD_H
#define TROUPE_PROCESS_GUARD_H

#include <stdint.h>
#include <sys/types.h>

/// What a worker process denies itself for the rest of its life.
///
/// In C because `prctl` is variadic. All of these return 0, or the number of the error.

/// Dies with the thread that spawned this process; `ESRCH` where that has happened already.
int troupe_guard_die_with_parent(pid_t parent);

/// Closes every descriptor from `first` on.
int troupe_guard_close_descriptors(int first);

/// No new privileges, no core dumps, no files written, no address space beyond `address_space_bytes` (not under a sanitizer, which reserves
/// terabytes), no processor time beyond `lifetime_cpu_seconds`.
int troupe_guard_confine(uint64_t address_space_bytes, uint64_t lifetime_cpu_seconds);

/// No further process or thread. Called once all threads are there.
int troupe_guard_forbid_processes(void);

/// Allows the process `seconds` of processor time from now on, within its lifetime's.
int troupe_guard_allow_cpu(uint64_t seconds);

/// Runs `body` on a thread with a stack of `stack_bytes` and waits for its end.
int troupe_guard_run_on_stack(uint64_t stack_bytes, void (*body)(void));

#endif
