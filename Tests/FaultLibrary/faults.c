// Stands between a server and the system (LD_PRELOAD) and names every call that changes what is durable in its data folder, such as
// "spool fsync" or "sqlite-wal fdatasync"; at one of them it kills the process, or lets the call fail, fall short or do nothing.
//
// VEDETTE_FAULT_ROOT  the data folder      VEDETTE_FAULT_LOG    a file to which each step is added once a process, and "killed STEP #PASSING"
// VEDETTE_FAULT_STEP  where, or * for all  VEDETTE_FAULT_COUNT  at the how-manieth passing
// VEDETTE_FAULT_ACT   kill · eio · enospc · short · skip (the last three at every passing from that on)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum act { PASS, KILL, EIO_, ENOSPC_, SHORT, SKIP };

static const char *setting(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

static void note(const char *mark, const char *step) {
    char line[PATH_MAX + 16];
    int length = snprintf(line, sizeof line, "%s%s\n", mark, step);
    int file = open(setting("VEDETTE_FAULT_LOG"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return;
    syscall(SYS_write, file, line, length);
    close(file);
}

// The part of the data folder that a path lies in, without the names of single files; 0 for what lies elsewhere.
static int place(const char *path, char *name, size_t size) {
    const char *root = setting("VEDETTE_FAULT_ROOT");
    size_t length = strlen(root);
    if (!length || strncmp(path, root, length) || path[length] != '/') return 0;
    const char *full = path;
    path += length + 1;
    if (!strncmp(path, "vedette.", 8)) {
        snprintf(name, size, "%s", path + 8);
    } else {
        snprintf(name, size, "%s", path);
        char *slash = strrchr(name, '/');
        struct stat status;
        if (slash) *slash = 0;
        else if (!stat(full, &status) && S_ISDIR(status.st_mode)) strncat(name, " folder", size - strlen(name) - 1);
    }
    return 1;
}

static enum act decide(const char *path, const char *call) {
    static atomic_int passed;
    static atomic_flag lock = ATOMIC_FLAG_INIT;
    static char seen[64][64];
    static int known;
    char name[PATH_MAX], step[64];
    if (!place(path, name, sizeof name - 16)) return PASS;
    snprintf(step, sizeof step, "%.40s %s", name, call);
    while (atomic_flag_test_and_set(&lock)) {}
    int index = 0;
    while (index < known && strcmp(seen[index], step)) index++;
    int is_new = index == known && known < 64;
    if (is_new) strcpy(seen[known++], step);
    atomic_flag_clear(&lock);
    if (is_new) note("", step);
    const char *wanted = setting("VEDETTE_FAULT_STEP");
    if (strcmp(wanted, "*") && strcmp(wanted, step)) return PASS;
    int turn = atomic_fetch_add(&passed, 1) + 1, count = atoi(setting("VEDETTE_FAULT_COUNT"));
    const char *act = setting("VEDETTE_FAULT_ACT");
    if (!strcmp(act, "kill")) {
        if (turn != count) return PASS;
        char passing[96];
        snprintf(passing, sizeof passing, "%s #%d", step, turn);
        note("killed ", passing);
        return KILL;
    }
    if (turn < count) return PASS;
    if (turn == count) note("begun ", step);
    return !strcmp(act, "eio") ? EIO_ : !strcmp(act, "enospc") ? ENOSPC_ : !strcmp(act, "short") ? SHORT : SKIP;
}

static enum act decide_file(int file, const char *call) {
    char link[32], path[PATH_MAX];
    int before = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0) return PASS;
    path[length] = 0;
    return decide(path, call);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static long fail(enum act act) {
    errno = act == EIO_ ? EIO : ENOSPC;
    return -1;
}

// A kill amid a write leaves half of it: what a later kill before the next call would not show.
static ssize_t put(int file, const void *bytes, size_t count, off_t offset) {
    enum act act = decide_file(file, "write");
    if (act == EIO_ || act == ENOSPC_) return fail(act);
    size_t half = act == KILL || act == SHORT ? (count + 1) / 2 : count;
    ssize_t written = offset < 0 ? syscall(SYS_write, file, bytes, half) : syscall(SYS_pwrite64, file, bytes, half, offset);
    if (act == KILL) die();
    return written;
}

ssize_t write(int file, const void *bytes, size_t count) { return put(file, bytes, count, -1); }
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return put(file, bytes, count, offset); }
ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) { return put(file, bytes, count, offset); }

static int act_on(enum act act, long call, long first, long second) {
    if (act == KILL) die();
    if (act == EIO_ || act == ENOSPC_) return fail(act);
    return act == SKIP ? 0 : (int)syscall(call, first, second);
}

int fdatasync(int file) { return act_on(decide_file(file, "sync"), SYS_fdatasync, file, 0); }
int fsync(int file) { return act_on(decide_file(file, "sync"), SYS_fsync, file, 0); }
int rename(const char *path, const char *to) { return act_on(decide(to, "rename"), SYS_rename, (long)path, (long)to); }
int unlink(const char *path) { return act_on(decide(path, "remove"), SYS_unlink, (long)path, 0); }
