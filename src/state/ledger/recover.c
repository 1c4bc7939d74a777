#include "state/ledger/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

/* Zeros what a torn commit can have reached, also where zeros are read: what was read may not be what is on the disk. */
static enum err cut_tail(struct ledger *l, struct diag *d) {
    uint64_t left = l->segment.bytes - l->at.offset;
    size_t n = left < COMMIT_MAX ? left : COMMIT_MAX;
    char *zeros = calloc(1, n ? n : 1);
    if (zeros == NULL) return diag_set(d, ERR_MEMORY, "cutting back", NULL);
    enum err e = world_write_all(l->w, l->fd, str_of(zeros, n), (off_t)l->at.offset, d);
    free(zeros);
    return e;
}

/* The last commit may have been read from memory that a failed or missing sync never brought to the disk: it is written again
 * before anything is built on it. */
static enum err write_last_again(struct ledger *l, struct segment *s, struct diag *d) {
    if (l->at.last == 0) return ERR_OK;
    size_t n = l->at.offset - l->at.last, got = 0;
    char *bytes = malloc(n);
    if (bytes == NULL) return diag_set(d, ERR_MEMORY, "last commit", NULL);
    while (got < n) {
        ssize_t more = l->w->pread(l->w, s->fd, bytes + got, n - got, (off_t)(l->at.last + got));
        if (more < 0 && errno == EINTR) continue;
        if (more <= 0) break;
        got += (size_t)more;
    }
    enum err e =
        got == n ? world_write_all(l->w, l->fd, str_of(bytes, n), (off_t)l->at.last, d) : diag_errno(d, s->path);
    free(bytes);
    return e;
}

static enum err continue_segment(struct ledger *l, struct segment *s, struct diag *d) {
    struct tail tail;
    l->segment = s->header, l->fd = s->fd, l->at = segment_start(s);
    TRY(segment_walk(s, &l->at, d));
    TRY(segment_tail(s, &l->at, &tail, d));
    if (tail.damaged) return segment_corrupt(s, l->at.offset, "a commit does not check, yet later ones follow", d);
    TRY(write_last_again(l, s, d));
    if (!l->at.closed || tail.dirty_end != l->at.offset) TRY(cut_tail(l, d));
    return l->w->fdatasync(l->w, l->fd) == 0 ? ERR_OK : diag_errno(d, s->path);
}

/* The segment before the last must end where the last begins. Older ones are checked by ledger_verify(): opening a log takes the
 * same time however long it has become. */
static enum err check_join(struct ledger *l, const struct segment *last, struct diag *d) {
    struct segment s;
    struct tail tail;
    TRY(segment_open(&s, l->w, &l->hash, l->folder, l->writer, last->header.sequence - 1, O_RDONLY, d));
    struct place at = segment_start(&s);
    enum err e = segment_walk(&s, &at, d);
    if (e == ERR_OK) e = segment_tail(&s, &at, &tail, d);
    if (e == ERR_OK && (tail.dirty_end != at.offset || at.index != last->header.first ||
                        memcmp(at.chain, last->header.chain, CHAIN_SIZE) != 0))
        e = segment_corrupt(&s, at.offset, "a commit does not check, yet a later segment follows", d);
    segment_close(&s);
    return e;
}

static enum err continue_log(struct ledger *l, uint64_t sequence, struct diag *d) {
    struct segment s;
    TRY(segment_open(&s, l->w, &l->hash, l->folder, l->writer, sequence, O_RDWR, d));
    enum err e = sequence > 1 ? check_join(l, &s, d) : ERR_OK;
    if (e == ERR_OK) e = continue_segment(l, &s, d);
    if (e == ERR_OK) s.fd = -1; /* l->fd now */
    else l->fd = -1;
    segment_close(&s);
    return e;
}

static enum err begin_log(struct ledger *l, struct diag *d) {
    int fd = -1;
    if (l->spare == SPARE_READY) fd = l->spare_fd, l->spare = SPARE_NONE;
    else TRY(spare_make(l, &fd, d));
    chain_first(&l->hash, l->writer, l->at.chain);
    return spare_adopt(l, fd, d);
}

enum err ledger_recover(struct ledger *l, struct diag *d) {
    char folder[SEGMENT_PATH_MAX];
    struct segment_range range;
    TRY(segment_path(folder, l->folder, l->writer, 0, "", d));
    TRY(segment_list(l->w, l->folder, l->writer, &range, d));
    enum err e = spare_find(l, &l->spare_fd, d);
    if (e == ERR_OK) l->spare = SPARE_READY;
    else if (e != ERR_NOT_FOUND) return e;
    TRY(range.count ? continue_log(l, range.last, d) : begin_log(l, d));
    return l->w->sync_folder(l->w, folder) == 0 ? ERR_OK : diag_errno(d, folder);
}
