#include "lib/scratch.h"

#include "base/buf.h"
#include "base/world.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void scratch_make(struct scratch *s) {
    const char *tmp = getenv("TMPDIR");
    snprintf(s->folder, sizeof s->folder, "%s/scratch.XXXXXX", tmp ? tmp : "/tmp");
    invariant(mkdtemp(s->folder) != NULL);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

void scratch_remove(struct scratch *s) { (void)nftw(s->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

const char *scratch_path(const struct scratch *s, const char *name, char *out) {
    invariant(snprintf(out, SCRATCH_PATH_MAX, "%s/%s", s->folder, name) < SCRATCH_PATH_MAX);
    return out;
}

void scratch_write(const struct scratch *s, const char *name, struct str bytes) {
    char path[SCRATCH_PATH_MAX];
    int fd = open(scratch_path(s, name, path), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    invariant(fd >= 0 && world_write_all(world_real(), fd, bytes, 0, NULL) == ERR_OK);
    close(fd);
}

static struct {
    struct str bytes;
    bool found;
} sought; /* nftw() has no context */

static int look_into(const char *path, const struct stat *st, int flag, struct FTW *ftw) {
    struct buf b;
    (void)ftw;
    if (flag != FTW_F) return 0;
    buf_init(&b, (size_t)st->st_size + 1);
    if (world_read_file(world_real(), path, &b, NULL) == ERR_OK && b.n)
        sought.found |= memmem(b.p, b.n, sought.bytes.p, sought.bytes.n) != NULL;
    buf_fini(&b);
    return 0;
}

bool scratch_holds(const struct scratch *s, struct str bytes) {
    sought.bytes = bytes, sought.found = false;
    invariant(nftw(s->folder, look_into, 16, FTW_PHYS) == 0);
    return sought.found;
}
