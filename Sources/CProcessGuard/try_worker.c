#define _GNU_SOURCE
#include "CProcessGuard.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int troupe_guard_try_worker(void (*body)(void)) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    pid_t child = fork();
    if (child < 0) return -1;
    if (child == 0) {
        if (dup2(ends[1], TROUPE_GUARD_CONNECTION) < 0) _exit(3);
        body();
        _exit(0);
    }
    close(ends[1]);
    char part[4096];
    ssize_t count;
    while ((count = read(ends[0], part, sizeof part)) > 0 || (count < 0 && errno == EINTR)) {
        if (count > 0) fwrite(part, 1, (size_t)count, stdout);
    }
    fflush(stdout);
    close(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
