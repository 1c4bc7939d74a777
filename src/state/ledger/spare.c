#include "state/ledger/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>

enum {
    ZERO_STEP =
        1 << 20,    /* written and synced at a time: a commit beside it waits for one step, not for a whole segment */
    RETRY_MS = 500, /* between attempts to find room on a full disk */
};

static enum err write_zeros(struct ledger *l, int fd, struct diag *d) {
    size_t step = l->segment_bytes < ZERO_STEP ? l->segment_bytes : ZERO_STEP;
    char *zeros = calloc(1, step);
    if (zeros == NULL) return diag_set(d, ERR_MEMORY, "next segment", NULL);
    enum err e = ERR_OK;
    for (uint64_t at = 0; at < l->segment_bytes && e == ERR_OK; at += step) {
        uint64_t left = l->segment_bytes - at;
        e = world_write_all(l->w, fd, str_of(zeros, left < step ? left : step), (off_t)at, d);
        if (e == ERR_OK && l->w->fdatasync(l->w, fd) != 0) e = diag_errno(d, "next segment");
    }
    free(zeros);
    return e;
}

enum err spare_make(struct ledger *l, int *fd, struct diag *d) {
    char half[SEGMENT_PATH_MAX], whole[SEGMENT_PATH_MAX];
    TRY(segment_path(half, l->folder, l->writer, 0, "next.tmp", d));
    TRY(segment_path(whole, l->folder, l->writer, 0, "next.zero", d));
    if (l->w->unlink(l->w, half) != 0 && errno != ENOENT) return diag_errno(d, half);
    *fd = l->w->open(l->w, half, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (*fd < 0) return diag_errno(d, half);
    enum err e = write_zeros(l, *fd, d);
    if (e == ERR_OK && l->w->rename(l->w, half, whole) != 0) e = diag_errno(d, whole);
    if (e == ERR_OK) return ERR_OK;
    l->w->close(l->w, *fd);
    (void)l->w->unlink(l->w, half);
    return e;
}

enum err spare_find(struct ledger *l, int *fd, struct diag *d) {
    char path[SEGMENT_PATH_MAX], byte;
    TRY(segment_path(path, l->folder, l->writer, 0, "next.zero", d));
    *fd = l->w->open(l->w, path, O_RDWR, 0);
    if (*fd < 0) return errno == ENOENT ? diag_set(d, ERR_NOT_FOUND, path, NULL) : diag_errno(d, path);
    bool fits = l->w->pread(l->w, *fd, &byte, 1, (off_t)l->segment_bytes - 1) == 1 &&
                l->w->pread(l->w, *fd, &byte, 1, (off_t)l->segment_bytes) == 0;
    if (fits) return ERR_OK;
    l->w->close(l->w, *fd);
    if (l->w->unlink(l->w, path) != 0) return diag_errno(d, path);
    return diag_set(d, ERR_NOT_FOUND, path, NULL);
}

static enum err give_name(struct ledger *l, int fd, const struct segment_header *s, struct diag *d) {
    char bytes[SEGMENT_HEADER], from[SEGMENT_PATH_MAX], to[SEGMENT_PATH_MAX], folder[SEGMENT_PATH_MAX];
    TRY(segment_path(from, l->folder, l->writer, 0, "next.zero", d));
    TRY(segment_path(to, l->folder, l->writer, s->sequence, "", d));
    TRY(segment_path(folder, l->folder, l->writer, 0, "", d));
    segment_header_put(&l->hash, s, bytes);
    TRY(world_write_all(l->w, fd, str_of(bytes, sizeof bytes), 0, d));
    if (l->w->fdatasync(l->w, fd) != 0 || l->w->rename(l->w, from, to) != 0 || l->w->sync_folder(l->w, folder) != 0)
        return diag_errno(d, to);
    return ERR_OK;
}

enum err spare_adopt(struct ledger *l, int fd, struct diag *d) {
    struct segment_header s = {.bytes = l->segment_bytes, .sequence = l->segment.sequence + 1, .first = l->at.index};
    if (s.sequence > SEGMENT_SEQUENCE_MAX) {
        l->w->close(l->w, fd);
        return diag_set(d, ERR_LIMIT, "segments", NULL);
    }
    memcpy(s.writer, l->writer, sizeof s.writer);
    memcpy(s.chain, l->at.chain, CHAIN_SIZE);
    l->w->random(l->w, s.salt, sizeof s.salt);
    enum err e = give_name(l, fd, &s, d);
    if (e != ERR_OK) {
        l->w->close(l->w, fd);
        return e;
    }
    if (l->fd >= 0) l->w->close(l->w, l->fd);
    l->fd = fd, l->segment = s;
    l->at = (struct place){.offset = SEGMENT_HEADER, .index = s.first};
    memcpy(l->at.chain, s.chain, CHAIN_SIZE);
    return ERR_OK;
}

static void wait_before_retry(struct ledger *l) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += RETRY_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L, until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&l->prepare, &l->lock, &until);
}

/* Prepares when wanted. A failure is told at once and tried again by itself on a new file, so that a ledger on a full disk goes on
 * when there is room again. */
void *spare_main(void *ledger) {
    struct ledger *l = ledger;
    pthread_mutex_lock(&l->lock);
    while (!l->stopping) {
        if (l->spare == SPARE_FAILED) wait_before_retry(l);
        if (l->spare != SPARE_WANTED && l->spare != SPARE_FAILED) {
            pthread_cond_wait(&l->prepare, &l->lock);
            continue;
        }
        if (l->stopping) break;
        pthread_mutex_unlock(&l->lock);
        struct diag d;
        int fd = -1;
        enum err e = spare_make(l, &fd, &d);
        pthread_mutex_lock(&l->lock);
        l->spare = e == ERR_OK ? SPARE_READY : SPARE_FAILED;
        l->spare_fd = fd, l->spare_err = e;
        l->figures.full = e != ERR_OK && l->figures.full;
        pthread_cond_broadcast(&l->prepare);
    }
    pthread_mutex_unlock(&l->lock);
    return NULL;
}
