#define _GNU_SOURCE
#include "CProcessGuard.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define TROUPE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define TROUPE_SANITIZED 1
#endif
#endif

int troupe_guard_die_with_parent(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return errno;
    // Whoever died before the call above sends no signal any more. The parent is told by its id and not taken to be "not 1", which it is in
    // a container.
    return getppid() == parent ? 0 : ESRCH;
}

int troupe_guard_processors(void) {
    cpu_set_t allowed;
    // Fails where there are more than fit the set, which are enough.
    return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : CPU_SETSIZE;
}

int troupe_guard_close_descriptors(int first) { return close_range((unsigned)first, ~0U, 0) == 0 ? 0 : errno; }

static int set_limit(int resource, uint64_t value) {
    struct rlimit limit = {.rlim_cur = value, .rlim_max = value};
    return setrlimit(resource, &limit) == 0 ? 0 : errno;
}

int troupe_guard_confine(uint64_t address_space_bytes, uint64_t lifetime_cpu_seconds) {
    int error = 0;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    if ((error = set_limit(RLIMIT_CORE, 0)) != 0) return error;
    if ((error = set_limit(RLIMIT_FSIZE, 0)) != 0) return error;
    // None beyond those that are there.
    if ((error = set_limit(RLIMIT_NOFILE, TROUPE_GUARD_CONNECTION + 1)) != 0) return error;
    if ((error = set_limit(RLIMIT_CPU, lifetime_cpu_seconds)) != 0) return error;
#ifdef TROUPE_SANITIZED
    (void)address_space_bytes;
#else
    // One arena: each further one would reserve 64 MiB of the address space.
    mallopt(M_ARENA_MAX, 1);
    if ((error = set_limit(RLIMIT_AS, address_space_bytes)) != 0) return error;
#endif
    return 0;
}

int troupe_guard_forbid_processes(void) { return set_limit(RLIMIT_NPROC, 0); }

/// What is allowed beyond what was asked for: so long the limit can stay as it is, however often it is asked for again.
#define SPARE_SECONDS 2

int troupe_guard_allow_cpu(uint64_t seconds) {
    static uint64_t granted;
    static struct timespec granted_at;
    struct timespec now;
    // One thread runs, so that no more processor time has passed than time: most runs take microseconds and need no call.
    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return errno;
    if (seconds <= granted && now.tv_sec - granted_at.tv_sec < SPARE_SECONDS) return 0;
    struct rlimit limit;
    struct rusage used;
    if (getrlimit(RLIMIT_CPU, &limit) != 0 || getrusage(RUSAGE_SELF, &used) != 0) return errno;
    rlim_t spent = (rlim_t)used.ru_utime.tv_sec + (rlim_t)used.ru_stime.tv_sec + 2;
    rlim_t wanted = spent + (rlim_t)seconds + SPARE_SECONDS;
    limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
    if (setrlimit(RLIMIT_CPU, &limit) != 0) return errno;
    granted = seconds;
    granted_at = now;
    return 0;
}

static void *run_body(void *body) {
    ((void (*)(void))body)();
    return NULL;
}

int troupe_guard_run_on_stack(uint64_t stack_bytes, void (*body)(void)) {
    pthread_attr_t attributes;
    pthread_t thread;
    int error = pthread_attr_init(&attributes);
    if (error != 0) return error;
    error = pthread_attr_setstacksize(&attributes, stack_bytes);
    if (error == 0) error = pthread_create(&thread, &attributes, run_body, (void *)body);
    pthread_attr_destroy(&attributes);
    if (error == 0) error = pthread_join(thread, NULL);
    return error;
}
