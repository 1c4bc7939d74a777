#include "base/world.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_us(clockid_t id) {
    struct timespec t;
    invariant(clock_gettime(id, &t) == 0);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t real_now(struct world *w) { return (void)w, clock_us(CLOCK_REALTIME); }
static int64_t real_steady(struct world *w) { return (void)w, clock_us(CLOCK_MONOTONIC); }

static void real_random(struct world *w, void *bytes, size_t n) {
    (void)w;
    for (size_t got = 0; got < n;) {
        ssize_t r = getrandom((char *)bytes + got, n - got, 0);
        if (r < 0 && errno == EINTR) continue;
        invariant(r > 0);
        got += (size_t)r;
    }
}

static int real_open(struct world *w, const char *path, int flags, mode_t mode) {
    return (void)w, open(path, flags | O_CLOEXEC, mode);
}
static ssize_t real_pread(struct world *w, int fd, void *to, size_t n, off_t at) {
    return (void)w, pread(fd, to, n, at);
}
static ssize_t real_pwrite(struct world *w, int fd, const void *from, size_t n, off_t at) {
    return (void)w, pwrite(fd, from, n, at);
}
static int real_fdatasync(struct world *w, int fd) { return (void)w, fdatasync(fd); }
static int real_ftruncate(struct world *w, int fd, off_t size) { return (void)w, ftruncate(fd, size); }
static int real_rename(struct world *w, const char *from, const char *to) { return (void)w, rename(from, to); }
static int real_unlink(struct world *w, const char *path) { return (void)w, unlink(path); }
static int real_close(struct world *w, int fd) { return (void)w, close(fd); }

static int real_mkdir(struct world *w, const char *path, mode_t mode) { return (void)w, mkdir(path, mode); }
static int real_lock(struct world *w, int fd) { return (void)w, flock(fd, LOCK_EX | LOCK_NB); }

static int real_list(struct world *w, const char *folder, bool (*each)(void *ctx, const char *name), void *ctx) {
    (void)w;
    DIR *dir = opendir(folder);
    if (dir == NULL) return -1;
    const struct dirent *entry;
    while ((errno = 0, entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        if (!each(ctx, entry->d_name)) break;
    }
    int failed = entry == NULL && errno != 0 ? errno : 0;
    closedir(dir);
    errno = failed;
    return failed ? -1 : 0;
}

static int real_sync_folder(struct world *w, const char *folder) {
    (void)w;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return -1;
    int result = fsync(fd);
    close(fd);
    return result;
}

struct world *world_real(void) {
    static struct world real = {
        .now_us = real_now,
        .steady_us = real_steady,
        .random = real_random,
        .open = real_open,
        .pread = real_pread,
        .pwrite = real_pwrite,
        .fdatasync = real_fdatasync,
        .ftruncate = real_ftruncate,
        .rename = real_rename,
        .unlink = real_unlink,
        .sync_folder = real_sync_folder,
        .close = real_close,
        .mkdir = real_mkdir,
        .lock = real_lock,
        .list = real_list,
    };
    return &real;
}

enum err world_write_all(struct world *w, int fd, struct str bytes, off_t at, struct diag *d) {
    while (bytes.n) {
        ssize_t n = w->pwrite(w, fd, bytes.p, bytes.n, at);
        if (n < 0 && errno == EINTR) continue;
        if (n == 0) errno = EIO; /* no progress and no reason: trying for ever would not help */
        if (n <= 0) return diag_errno(d, "write");
        bytes = str_skip(bytes, (size_t)n);
        at += n;
    }
    return ERR_OK;
}

static enum err write_file(struct world *w, const char *path, struct str bytes, mode_t mode, bool sync,
                           struct diag *d) {
    int fd = w->open(w, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
    if (fd < 0) return diag_errno(d, path);
    enum err e = world_write_all(w, fd, bytes, 0, d);
    if (e == ERR_OK && sync && w->fdatasync(w, fd) != 0) e = diag_errno(d, path);
    if (w->close(w, fd) != 0 && e == ERR_OK) e = diag_errno(d, path);
    return e;
}

static enum err replace_file(struct world *w, const char *path, struct str bytes, mode_t mode, bool sync,
                             struct diag *d) {
    char beside[PATH_MAX], folder[PATH_MAX];
    if (snprintf(beside, sizeof beside, "%s.tmp", path) >= (int)sizeof beside)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    memcpy(folder, beside, sizeof folder);
    enum err e = write_file(w, beside, bytes, mode, sync, d);
    if (e == ERR_OK && w->rename(w, beside, path) != 0) e = diag_errno(d, path);
    if (e == ERR_OK && sync && w->sync_folder(w, dirname(folder)) != 0) e = diag_errno(d, path);
    if (e != ERR_OK) (void)w->unlink(w, beside);
    return e;
}

enum err world_replace_file(struct world *w, const char *path, struct str bytes, mode_t mode, struct diag *d) {
    return replace_file(w, path, bytes, mode, true, d);
}

enum err world_replace_file_soon(struct world *w, const char *path, struct str bytes, mode_t mode, struct diag *d) {
    return replace_file(w, path, bytes, mode, false, d);
}

static enum err read_all(struct world *w, int fd, const char *path, struct buf *out, struct diag *d) {
    for (;;) {
        char chunk[16384];
        ssize_t n = w->pread(w, fd, chunk, sizeof chunk, (off_t)out->n);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return diag_errno(d, path);
        if (n == 0) return ERR_OK;
        buf_put(out, str_of(chunk, (size_t)n));
        if (!buf_ok(out)) return diag_set(d, ERR_LIMIT, path, NULL);
    }
}

enum err world_read_file(struct world *w, const char *path, struct buf *out, struct diag *d) {
    buf_reset(out);
    int fd = w->open(w, path, O_RDONLY, 0);
    if (fd < 0) return errno == ENOENT ? diag_set(d, ERR_NOT_FOUND, path, NULL) : diag_errno(d, path);
    enum err e = read_all(w, fd, path, out, d);
    w->close(w, fd);
    return e;
}

enum err world_make_folder(const char *path, struct diag *d) {
    char part[PATH_MAX];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof part) return diag_set(d, ERR_LIMIT, "path", NULL);
    memcpy(part, path, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (part[i] != '/' && part[i] != 0) continue;
        char was = part[i];
        part[i] = 0;
        if (mkdir(part, 0700) != 0 && errno != EEXIST) return diag_errno(d, part);
        part[i] = was;
    }
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) return ERR_OK;
    errno = ENOTDIR;
    return diag_errno(d, path);
}

bool world_disk_full(int fd) {
    enum { NEXT_TO_NONE = 1 << 20 };
    struct statvfs v;
    return fstatvfs(fd, &v) == 0 && (uint64_t)v.f_bavail * v.f_frsize < NEXT_TO_NONE;
}
