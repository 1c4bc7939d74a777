#include "service/link/blocks.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum err blocks_open(struct blocks *l, struct world *w, const char *path, struct diag *d) {
    struct stat st;
    *l = (struct blocks){.world = w, .path = path, .line = 1};
    l->fd = w->open(w, path, O_RDONLY, 0);
    if (l->fd < 0) return errno == ENOENT ? diag_set(d, ERR_NOT_FOUND, path, NULL) : diag_errno(d, path);
    pthread_mutex_init(&l->mutex, NULL);
    if (fstat(l->fd, &st) == 0 && S_ISREG(st.st_mode)) return l->size = (uint64_t)st.st_size, ERR_OK;
    blocks_close(l);
    return diag_set(d, ERR_USAGE, path, "普通のファイルではありません / not a regular file");
}

void blocks_close(struct blocks *l) {
    if (l->fd >= 0) l->world->close(l->world, l->fd), pthread_mutex_destroy(&l->mutex);
    l->fd = -1;
}

static enum err fill(struct blocks *l, struct buf *out, struct diag *d) {
    buf_reset(out);
    while (out->n < BLOCK_BYTES) {
        char *to = buf_room(out, BLOCK_BYTES - out->n);
        if (to == NULL) return diag_set(d, ERR_MEMORY, l->path, NULL);
        ssize_t n = l->world->pread(l->world, l->fd, to, BLOCK_BYTES - out->n, (off_t)(l->offset + out->n));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return diag_errno(d, l->path);
        if (n == 0) return ERR_OK;
        out->n += (size_t)n;
    }
    return ERR_OK;
}

static enum err take(struct blocks *l, struct buf *out, uint64_t *first, struct diag *d) {
    TRY(fill(l, out, d));
    *first = l->line;
    bool end = out->n < BLOCK_BYTES; /* the end of the file ends the last line */
    const char *last = out->n ? memrchr(out->p, '\n', out->n) : NULL;
    if (!last && !end) return diag_set(d, ERR_LIMIT, l->path, "%1$llu 行目 / line %1$llu", (unsigned long long)l->line);
    if (!end) buf_cut(out, (size_t)(last - out->p) + 1);
    l->offset += out->n;
    for (size_t i = 0; i < out->n; i++) l->line += out->p[i] == '\n';
    return ERR_OK;
}

enum err blocks_take(struct blocks *l, struct buf *out, uint64_t *first, struct diag *d) {
    pthread_mutex_lock(&l->mutex);
    enum err e = take(l, out, first, d);
    pthread_mutex_unlock(&l->mutex);
    return e;
}
