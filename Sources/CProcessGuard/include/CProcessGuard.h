#ifndef TROUPE_PROCESS_GUARD_H
#define TROUPE_PROCESS_GUARD_H

#include <stdint.h>
#include <sys/types.h>

#include "detached.h"

// How a worker process is spawned, and what it denies itself: the system's calls that Swift cannot see, being GNU extensions or variadic.
// All functions return 0, or the number of the error, unless they say otherwise.

// The host's half

/// The descriptor at which a worker finds its connection.
#define TROUPE_GUARD_CONNECTION 3

/// Spawns `executable` with this process's id as its argument, an empty environment, `connection` as descriptor 3, /dev/null before it and
/// nothing after it, default signals and a process group of its own. It dies with the calling thread.
int troupe_guard_spawn(const char *executable, int connection, pid_t *process);

/// A descriptor that counts what is written to it and is readable while that is not 0; -1 with `errno` where there is none.
int troupe_guard_event_descriptor(void);

/// A descriptor that is readable from the moment on that `troupe_guard_set_timer` gave it; -1 with `errno` where there is none.
int troupe_guard_timer_descriptor(void);

/// Sets a timer to a moment of the monotonic clock, in nanoseconds.
void troupe_guard_set_timer(int timer, int64_t nanoseconds);

/// Names the calling thread; at most 15 bytes.
void troupe_guard_name_thread(const char *name);

/// How many processors this process may run on; at least 1.
int troupe_guard_processors(void);

// The worker's half

/// Dies with the thread that spawned this process; `ESRCH` where that has happened already.
int troupe_guard_die_with_parent(pid_t parent);

/// Closes every descriptor from `first` on.
int troupe_guard_close_descriptors(int first);

/// No new privileges, no core dumps, no files written, no further descriptors, no address space beyond `address_space_bytes` (not under a sanitizer, which reserves
/// terabytes), no processor time beyond `lifetime_cpu_seconds`.
int troupe_guard_confine(uint64_t address_space_bytes, uint64_t lifetime_cpu_seconds);

/// No further process or thread. Called once all threads are there.
int troupe_guard_forbid_processes(void);

/// Allows the process `seconds` of processor time from now on, within its lifetime's.
int troupe_guard_allow_cpu(uint64_t seconds);

/// For trying a worker by hand: runs `body` in a child that is as a worker is spawned, and copies what it says to standard output.
///
/// Returns how the child exited, or -1.
int troupe_guard_try_worker(void (*body)(void));

/// Runs `body` on a thread with a stack of `stack_bytes` and waits for its end.
int troupe_guard_run_on_stack(uint64_t stack_bytes, void (*body)(void));

#endif
