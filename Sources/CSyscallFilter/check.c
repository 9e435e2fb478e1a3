// What must not be possible, tried from inside: by the calls themselves, since that is what an attack would use.
#define _GNU_SOURCE
#include "CSyscallFilter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static int possible;

static void report(int descriptor, const char *what, int error) {
    char line[160];
    int length = error ? snprintf(line, sizeof line, "denied %s: %s\n", what, strerrordesc_np(error))
                       : snprintf(line, sizeof line, "POSSIBLE %s\n", what);
    if (error == 0) possible += 1;
    send(descriptor, line, (size_t)length, MSG_NOSIGNAL);
}

static void tried(int descriptor, const char *what, long answer) { report(descriptor, what, answer < 0 ? errno : 0); }

static void try_processes(int to) {
    long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0) syscall(SYS_exit_group, 0);
    tried(to, "fork", child);
    char *const none[] = {NULL};
    tried(to, "execve", syscall(SYS_execve, "/bin/true", none, none));
    tried(to, "kill the parent", syscall(SYS_kill, getppid(), 0));
    tried(to, "ptrace the parent", syscall(SYS_ptrace, 16 /* PTRACE_ATTACH */, getppid(), 0, 0));
    char byte = 0;
    struct iovec here = {&byte, 1};
    tried(to, "read the parent's memory", syscall(SYS_process_vm_readv, getppid(), &here, 1, &here, 1, 0));
    tried(to, "signal itself", syscall(SYS_tgkill, getpid(), getpid(), 0));
}

static void try_files(int to) {
    tried(to, "open a file", syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
    tried(to, "open overcommit_memory", syscall(SYS_openat, AT_FDCWD, "/proc/sys/vm/overcommit_memory", O_RDONLY));
    tried(to, "write a file", syscall(SYS_openat, AT_FDCWD, "/tmp/troupe-check", O_WRONLY | O_CREAT, 0600));
    tried(to, "remove a file", syscall(SYS_unlinkat, AT_FDCWD, "/tmp/troupe-check", 0));
    tried(to, "list a folder", syscall(SYS_getdents64, 0, NULL, 0));
    tried(to, "write to another descriptor", syscall(SYS_write, 1, "", 0));
    tried(to, "duplicate a descriptor", syscall(SYS_dup, 0));
    tried(to, "make a file in memory", syscall(SYS_memfd_create, "x", 0));
    tried(to, "io_uring", syscall(SYS_io_uring_setup, 1, NULL));
}

static void try_network(int to) {
    tried(to, "socket", syscall(SYS_socket, AF_INET, SOCK_STREAM, 0));
    tried(to, "unix socket", syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0));
    int pair[2];
    tried(to, "socketpair", syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair));
}

static void try_memory(int to) {
    void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    report(to, "map memory that can be executed", code == MAP_FAILED ? errno : 0);
    void *plain = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    // This one has to be possible: the allocator does it.
    if (plain == MAP_FAILED) report(to, "NOTHING: memory could not be mapped at all", 0);
    else tried(to, "make memory executable", mprotect(plain, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
    void *file = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 0, 0);
    report(to, "map a file", file == MAP_FAILED ? errno : 0);
}

static void try_limits(int to) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    tried(to, "raise the limit of memory", syscall(SYS_prlimit64, 0, RLIMIT_AS, &limit, NULL));
    tried(to, "look at another process's limits", syscall(SYS_prlimit64, getppid(), RLIMIT_CPU, NULL, &limit));
    tried(to, "unshare", syscall(SYS_unshare, 0x10000000 /* CLONE_NEWUSER */));
    tried(to, "prctl", syscall(SYS_prctl, 4 /* PR_SET_DUMPABLE */, 1, 0, 0, 0));
    struct timespec now = {0, 0};
    tried(to, "set the clock", syscall(SYS_clock_settime, CLOCK_REALTIME, &now));
}

int troupe_filter_check(int descriptor) {
    possible = 0;
    try_processes(descriptor);
    try_files(descriptor);
    try_network(descriptor);
    try_memory(descriptor);
    try_limits(descriptor);
    return possible;
}
