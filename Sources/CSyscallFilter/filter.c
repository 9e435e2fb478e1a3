#define _GNU_SOURCE
#include "CSyscallFilter.h"

#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TROUPE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define TROUPE_SANITIZED 1
#endif
#endif

int troupe_filter_fits_this_build(void) {
#ifdef TROUPE_SANITIZED
    return 0;
#else
    return 1;
#endif
}

#define ALLOW(call, ...) \
    if (error == 0) error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(call), __VA_ARGS__)
#define REFUSE(number, call) \
    if (error == 0) error = seccomp_rule_add(filter, SCMP_ACT_ERRNO(number), SCMP_SYS(call), 0)

/// Made from a trace (`strace -D -f`) of the release worker over the attack corpus and the tests: what it calls once it is warm. glibc
/// asks for the machine's memory too (`sysinfo`) and does without the answer.
static int allow_what_a_worker_needs(scmp_filter_ctx filter, int connection) {
    const struct scmp_arg_cmp on_connection = SCMP_A0_32(SCMP_CMP_EQ, (uint32_t)connection);
    // Memory that can be executed is none that a script could have made.
    const struct scmp_arg_cmp no_exec = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp itself = SCMP_A0_32(SCMP_CMP_EQ, 0);
    const struct scmp_arg_cmp cpu_time = SCMP_A1_32(SCMP_CMP_EQ, RLIMIT_CPU);
    int error = 0;

    // The connection. `send` is `sendto`.
    ALLOW(read, 1, on_connection);
    ALLOW(recvfrom, 1, on_connection);
    ALLOW(sendto, 1, on_connection);

    // The allocator.
    ALLOW(brk, 0);
    ALLOW(mmap, 2, no_exec, SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
    ALLOW(mprotect, 1, no_exec);
    ALLOW(mremap, 0);
    ALLOW(munmap, 0);
    ALLOW(madvise, 0);
    // glibc reads /proc/sys/vm/overcommit_memory when it shrinks a heap, and takes this for an answer. Which file it is, a filter
    // cannot see, so it is this answer for every file.
    REFUSE(EACCES, open);
    REFUSE(EACCES, openat);

    // The limit of processor time, which follows the runs.
    ALLOW(getrusage, 0);
    ALLOW(prlimit64, 2, itself, cpu_time);
    ALLOW(getrlimit, 1, SCMP_A0_32(SCMP_CMP_EQ, RLIMIT_CPU));
    ALLOW(setrlimit, 1, SCMP_A0_32(SCMP_CMP_EQ, RLIMIT_CPU));

    // Clocks, where the machine has none that can be read without a call.
    ALLOW(clock_gettime, 0);
    ALLOW(gettimeofday, 0);

    // The thread that started this one may still be putting its signal mask back.
    ALLOW(rt_sigprocmask, 0);

    // Leaving the processor to others while it watches for the next request.
    ALLOW(sched_yield, 0);

    // Locks, the end, and going on after a stop.
    ALLOW(futex, 0);
    ALLOW(restart_syscall, 0);
    ALLOW(exit, 0);
    ALLOW(exit_group, 0);
    return error;
}

int troupe_filter_install(int connection) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter) return ENOMEM;
    // The thread that waits for this one's end too.
    int error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);
    // What the kernel says, rather than that something went wrong.
    if (error == 0) error = seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
    // Another architecture's calls (32 bits) have other numbers.
    if (error == 0) error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (error == 0) error = allow_what_a_worker_needs(filter, connection);
    if (error == 0) error = seccomp_load(filter);
    seccomp_release(filter);
    return error < 0 ? -error : error;
}
