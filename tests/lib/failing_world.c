#include "lib/failing_world.h"

#include <errno.h>

static bool fails(struct world *w) {
    struct failing_world *f = (struct failing_world *)w;
    if (++f->count != f->nth) return false;
    f->hit = true;
    errno = f->error;
    return true;
}

static bool fails_here(struct world *w) { return fails(w) && ((struct failing_world *)w)->error != 0; }

static int failing_open(struct world *w, const char *path, int flags, mode_t mode) {
    return fails_here(w) ? -1 : world_real()->open(w, path, flags, mode);
}
static ssize_t failing_pread(struct world *w, int fd, void *to, size_t n, off_t at) {
    return fails_here(w) ? -1 : world_real()->pread(w, fd, to, n, at);
}
static ssize_t failing_pwrite(struct world *w, int fd, const void *from, size_t n, off_t at) {
    if (!fails(w)) return world_real()->pwrite(w, fd, from, n, at);
    ssize_t half = world_real()->pwrite(w, fd, from, (n + 1) / 2, at);
    errno = ((struct failing_world *)w)->error;
    return errno ? -1 : half;
}
static int failing_fdatasync(struct world *w, int fd) { return fails_here(w) ? -1 : world_real()->fdatasync(w, fd); }
static int failing_ftruncate(struct world *w, int fd, off_t size) {
    return fails_here(w) ? -1 : world_real()->ftruncate(w, fd, size);
}
static int failing_rename(struct world *w, const char *from, const char *to) {
    return fails_here(w) ? -1 : world_real()->rename(w, from, to);
}
static int failing_unlink(struct world *w, const char *path) {
    return fails_here(w) ? -1 : world_real()->unlink(w, path);
}
static int failing_sync_folder(struct world *w, const char *folder) {
    return fails_here(w) ? -1 : world_real()->sync_folder(w, folder);
}
/* As the system's: the descriptor is gone also when close() fails. */
static int failing_close(struct world *w, int fd) {
    bool bad = fails_here(w);
    int error = errno, result = world_real()->close(w, fd);
    errno = error;
    return bad ? -1 : result;
}

struct world *failing_world(struct failing_world *f, size_t nth, int error) {
    *f = (struct failing_world){.world = *world_real(), .nth = nth, .error = error};
    f->world.open = failing_open, f->world.pread = failing_pread, f->world.pwrite = failing_pwrite;
    f->world.fdatasync = failing_fdatasync, f->world.ftruncate = failing_ftruncate, f->world.rename = failing_rename;
    f->world.unlink = failing_unlink, f->world.sync_folder = failing_sync_folder, f->world.close = failing_close;
    return &f->world;
}
