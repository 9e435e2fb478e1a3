#define _GNU_SOURCE
#include "CProcessGuard.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int describe_files(posix_spawn_file_actions_t *files, int connection) {
    int error = 0;
    // The connection first: it may lie where the standard descriptors go.
    if ((error = posix_spawn_file_actions_adddup2(files, connection, TROUPE_GUARD_CONNECTION)) != 0) return error;
    if ((error = posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDWR, 0)) != 0) return error;
    if ((error = posix_spawn_file_actions_adddup2(files, 0, 1)) != 0) return error;
    if ((error = posix_spawn_file_actions_adddup2(files, 0, 2)) != 0) return error;
    if ((error = posix_spawn_file_actions_addclosefrom_np(files, TROUPE_GUARD_CONNECTION + 1)) != 0) return error;
    return posix_spawn_file_actions_addchdir_np(files, "/");
}

static int describe_process(posix_spawnattr_t *attributes) {
    int error = 0;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    if ((error = posix_spawnattr_setsigmask(attributes, &none)) != 0) return error;
    if ((error = posix_spawnattr_setsigdefault(attributes, &all)) != 0) return error;
    // A group of its own: ^C in a terminal is for the host, which still wants its workers while it finishes.
    if ((error = posix_spawnattr_setpgroup(attributes, 0)) != 0) return error;
    return posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

int troupe_guard_spawn(const char *executable, int connection, pid_t *process) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    char parent[16];
    snprintf(parent, sizeof parent, "%d", (int)getpid());
    char *arguments[] = {(char *)executable, parent, NULL};
    char *environment[] = {NULL};

    int error = posix_spawn_file_actions_init(&files);
    if (error != 0) return error;
    error = posix_spawnattr_init(&attributes);
    if (error == 0) {
        error = describe_files(&files, connection);
        if (error == 0) error = describe_process(&attributes);
        if (error == 0) error = posix_spawn(process, executable, &files, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&files);
    return error;
}

int troupe_guard_event_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int troupe_guard_timer_descriptor(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK); }

void troupe_guard_set_timer(int timer, int64_t nanoseconds) {
    // 0 would switch it off.
    if (nanoseconds < 1) nanoseconds = 1;
    struct itimerspec when = {.it_value = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000}};
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, NULL);
}

void troupe_guard_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
