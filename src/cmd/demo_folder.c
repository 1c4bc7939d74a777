#include "cmd/demo.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    ROOM_MB = 400,        /* the logs' segments, each of 64 MB, and what is beside them */
    ROOM_KB_A_PERSON = 3, /* insurers' files, results, the store: 2 measured */
    OPEN_FILES_AT_ONCE = 16,
    ROUNDS = 40, /* of removing, half a second apart: the server may take a while to end after a kill -9 of ours */
};

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *walk) {
    (void)st, (void)kind, (void)walk;
    (void)remove(path);
    return 0;
}

static bool gone(const char *folder) {
    struct stat st;
    return lstat(folder, &st) != 0 && errno == ENOENT;
}

/* Waits until nobody holds the other end, then removes; again while somebody still writes. */
_Noreturn static void remover(const char *folder, int fd) {
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    const struct timespec pause = {.tv_nsec = 500 * 1000000};
    char end;
    (void)setsid();
    sigaction(SIGINT, &ignore, NULL), sigaction(SIGTERM, &ignore, NULL), sigaction(SIGHUP, &ignore, NULL);
    while (read(fd, &end, 1) < 0 && errno == EINTR) continue;
    for (int i = 0; i < ROUNDS && !gone(folder); i++) {
        if (i) (void)nanosleep(&pause, NULL);
        (void)nftw(folder, remove_one, OPEN_FILES_AT_ONCE, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    }
    _exit(gone(folder) ? 0 : 1);
}

static enum err start_remover(struct demo_folder *f, struct diag *d) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return diag_errno(d, "pipe");
    f->remover = fork();
    if (f->remover == 0) {
        close(ends[1]);
        /* What is shown ends when the demo does, for whoever reads it through a pipe. */
        int nothing = open("/dev/null", O_RDWR);
        for (int fd = 0; nothing >= 0 && fd < 3; fd++) (void)dup2(nothing, fd);
        remover(f->path, ends[0]);
    }
    close(ends[0]);
    f->alive_fd = ends[1];
    if (f->remover > 0) return ERR_OK;
    f->remover = 0;
    return diag_errno(d, "fork");
}

static enum err make(struct demo_folder *f, const char *parent, struct diag *d) {
    char whole[PATH_MAX]; /* the others run in the folder itself, so its path is from the root */
    if (realpath(parent, whole) == NULL) return diag_errno(d, parent);
    int n = snprintf(f->path, sizeof f->path, "%s/mado-demo.XXXXXX", whole);
    if (n >= (int)sizeof f->path - 32) return f->path[0] = 0, diag_set(d, ERR_LIMIT, "TMPDIR", NULL);
    return mkdtemp(f->path) ? ERR_OK : (f->path[0] = 0, diag_errno(d, parent));
}

enum err demo_folder_make(struct demo_folder *f, uint64_t people, struct diag *d) {
    const char *tmp = getenv("TMPDIR");
    char logs[PATH_MAX];
    struct statvfs v;
    uint64_t wanted = ROOM_MB * 1000000ull + people * ROOM_KB_A_PERSON * 1000;
    TRY(make(f, tmp && *tmp ? tmp : "/tmp", d));
    TRY(start_remover(f, d));
    if (statvfs(f->path, &v) == 0 && (uint64_t)v.f_bavail * v.f_frsize < wanted)
        return diag_set(d, ERR_DISK_FULL, f->path, "%llu MB are needed; TMPDIR names another place",
                        (unsigned long long)(wanted / 1000000));
    snprintf(logs, sizeof logs, "%.*s/logs", (int)sizeof logs - 8, f->path);
    return mkdir(logs, 0700) == 0 ? ERR_OK : diag_errno(d, logs);
}

void demo_folder_remove(struct demo_folder *f) {
    if (f->path[0] == 0) return;
    if (f->remover == 0) { /* it could not be started: the folder is empty still */
        (void)rmdir(f->path);
        return;
    }
    close(f->alive_fd);
    while (waitpid(f->remover, NULL, 0) < 0 && errno == EINTR) continue;
    if (!gone(f->path)) fprintf(stderr, "消せないものが残りました / could not be removed: %s\n", f->path);
}
