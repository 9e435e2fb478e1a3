#define _GNU_SOURCE
#include "detached.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Between fork and exec only what is safe in a signal handler: another thread may have held any lock.

/// The 22nd field of /proc/ID/stat; 0 for a process that has ended. The second field, a name in brackets, may hold anything.
static uint64_t read_began(const char *path) {
    char text[1024];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count = read(file, text, sizeof text - 1);
    close(file);
    if (count <= 0) return 0;
    text[count] = 0;
    char *next = strrchr(text, ')');
    if (next == NULL || next[1] != ' ') return 0;
    next += 2;
    if (*next == 'Z' || *next == 'X') return 0;
    for (int field = 3; field < 22; field++) {
        next = strchr(next, ' ');
        if (next == NULL) return 0;
        next++;
    }
    uint64_t ticks = 0;
    for (; *next >= '0' && *next <= '9'; next++) ticks = ticks * 10 + (uint64_t)(*next - '0');
    return ticks;
}

static char *append_number(char *end, uint64_t number) {
    char digits[24];
    int count = 0;
    do {
        digits[count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    while (count > 0) *end++ = digits[--count];
    return end;
}

static bool write_record(int record) {
    char line[64];
    char *end = append_number(line, (uint64_t)getpid());
    *end++ = ' ';
    end = append_number(end, read_began("/proc/self/stat"));
    *end++ = '\n';
    return write(record, line, (size_t)(end - line)) == end - line;
}

static void default_signals(void) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < 65; signal++) sigaction(signal, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/// The second child: becomes the program, or says why not.
static void become(const char *program, char *const arguments[], char *const environment[], const char *folder, int log, int record, int status) {
    default_signals();
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (chdir(folder) == 0 && nothing >= 0 && dup2(nothing, 0) == 0 && dup2(log, 1) == 1 && dup2(log, 2) == 2 && write_record(record)) {
        close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
        execve(program, arguments, environment);
    }
    int error = errno != 0 ? errno : EIO;
    if (ftruncate(record, 0) != 0) error = errno;
    if (write(status, &error, sizeof error) < 0) _exit(126);
    _exit(127);
}

static int wait_for(pid_t child) {
    while (waitpid(child, NULL, 0) < 0)
        if (errno != EINTR) return errno;
    return 0;
}

int troupe_start_detached(const char *program, char *const arguments[], char *const environment[], const char *folder, int log, int record) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    // Above the standard descriptors, which the second child replaces.
    int descriptors[3] = {fcntl(ends[1], F_DUPFD_CLOEXEC, 10), fcntl(log, F_DUPFD_CLOEXEC, 10), fcntl(record, F_DUPFD_CLOEXEC, 10)};
    close(ends[1]);
    int error = 0;
    for (int i = 0; i < 3; i++)
        if (descriptors[i] < 0) error = EMFILE;
    if (error == 0) {
        pid_t child = fork();
        if (child == 0) {
            setsid();
            pid_t second = fork();
            if (second == 0) become(program, arguments, environment, folder, descriptors[1], descriptors[2], descriptors[0]);
            int failed = errno;
            if (second < 0 && write(descriptors[0], &failed, sizeof failed) < 0) _exit(126);
            _exit(0);
        }
        error = child < 0 ? errno : wait_for(child);
    }
    for (int i = 0; i < 3; i++)
        if (descriptors[i] >= 0) close(descriptors[i]);
    if (error == 0) {
        // Closed without a word when the program begins.
        int reason = 0;
        ssize_t count;
        do count = read(ends[0], &reason, sizeof reason);
        while (count < 0 && errno == EINTR);
        if (count > 0) error = reason;
    }
    close(ends[0]);
    return error;
}

uint64_t troupe_process_began(pid_t process) {
    if (process <= 0) return 0;
    char path[40];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    return read_began(path);
}

int troupe_signal_process(pid_t process, uint64_t ticks, int signal) {
    if (process <= 0 || ticks == 0) return ESRCH;
    int file = (int)syscall(SYS_pidfd_open, process, 0);
    if (file < 0) return errno;
    // Looked at after the descriptor is there: from now on it cannot be another process.
    int error = troupe_process_began(process) == ticks ? 0 : ESRCH;
    if (error == 0 && syscall(SYS_pidfd_send_signal, file, signal, NULL, 0) != 0) error = errno;
    close(file);
    return error;
}
