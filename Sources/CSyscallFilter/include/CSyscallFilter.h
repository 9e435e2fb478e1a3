#ifndef TROUPE_SYSCALL_FILTER_H
#define TROUPE_SYSCALL_FILTER_H

// The system calls that a script worker may make: a list of what is allowed, and an error for everything else.

/// Whether this build can have a filter: a sanitizer needs calls that no list could name.
int troupe_filter_fits_this_build(void);

/// Allows all threads of this process what a warm worker needs, over descriptor `connection` and no other; for ever. Every other call
/// answers `EPERM`; nothing kills.
///
/// Returns 0, or the number of the error: then the kernel has no filters, or does not let this process have one.
int troupe_filter_install(int connection);

/// Tries, from inside, what must not be possible, and writes a line for each try to `report`: `denied socket: Operation not permitted`.
///
/// Returns how many were possible after all. The descriptor `report` has to be one that the filter lets through.
int troupe_filter_check(int report);

#endif
