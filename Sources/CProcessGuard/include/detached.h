#ifndef TROUPE_DETACHED_H
#define TROUPE_DETACHED_H

#include <stdint.h>
#include <sys/types.h>

// Processes that outlive this one. A process is known by its id and the time it began at, for ids are used again.

/// Starts `program` in a session of its own, adopted by init: in `folder`, /dev/null as its input, its output to the descriptor `log`,
/// nothing else open, default signals.
///
/// Before the program begins, the process writes `ID TICKS\n` to the descriptor `record`; where it cannot begin, the record is empty again.
/// So whoever finds a record can tell, even if this process dies meanwhile, whether the program was started.
///
/// Returns 0, or the number of the error.
int troupe_start_detached(const char *program, char *const arguments[], char *const environment[], const char *folder, int log, int record);

/// When a process began, in clock ticks since boot; 0 where there is none or it has ended and was not waited for.
uint64_t troupe_process_began(pid_t process);

/// Sends a signal to the process that began at `ticks`, and to no other; `ESRCH` where it is gone.
int troupe_signal_process(pid_t process, uint64_t ticks, int signal);

#endif
