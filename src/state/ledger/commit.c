#include "state/ledger/inside.h"

#include <errno.h>
#include <stdlib.h>

/* Takes records from `from` on as long as they fit one commit in this segment, and carries the chain over them. */
static struct commit_header gather_commit(struct ledger *l, struct str from, uint8_t chain[CHAIN_SIZE]) {
    struct commit_header c = {.first = l->at.index};
    uint64_t room = l->segment.bytes - l->at.offset;
    while (c.bytes < from.n) {
        size_t n = RECORD_PREFIX + get_u32(from.p + c.bytes);
        if (c.bytes + n > COMMIT_RECORDS_MAX || commit_size(c.bytes + n) > room) break;
        c.bytes += (uint32_t)n, c.count++;
    }
    chain_step(&l->hash, chain, str_head(from, c.bytes));
    return c;
}

/* Makes one commit of c, whose records stand at `records` with room for the header before them; what the trailer covers behind
 * them is put back. */
static enum err write_commit(struct ledger *l, const struct commit_header *c, const uint8_t chain[CHAIN_SIZE],
                             char *records) {
    char covered[COMMIT_TRAILER_MAX], *begin = records - COMMIT_HEADER, *end = records + c->bytes;
    size_t size = commit_size(c->bytes), trailer = size - COMMIT_HEADER - c->bytes;
    memcpy(covered, end, trailer);
    commit_header_put(&l->hash, l->segment.salt, c, begin);
    memset(end, 0, trailer);
    memcpy(end, chain, CHAIN_SIZE);
    struct diag d;
    enum err e = world_write_all(l->w, l->fd, str_of(begin, size), (off_t)l->at.offset, &d);
    if (e == ERR_OK && l->w->fdatasync(l->w, l->fd) != 0) e = diag_errno(&d, "commit");
    memcpy(end, covered, trailer);
    if (e != ERR_OK) return e;
    l->at.last = l->at.offset, l->at.closed = c->count == 0;
    l->at.offset += size, l->at.index += c->count;
    memcpy(l->at.chain, chain, CHAIN_SIZE);
    return ERR_OK;
}

/* The ledger's lock held. */
static void want_spare(struct ledger *l) {
    if (l->spare != SPARE_NONE) return;
    l->spare = SPARE_WANTED;
    pthread_cond_broadcast(&l->prepare);
}

/* Begins the next segment. Without room for one the ledger is full, not broken. */
static enum err switch_segment(struct ledger *l) {
    pthread_mutex_lock(&l->lock);
    want_spare(l);
    while (l->spare == SPARE_WANTED) pthread_cond_wait(&l->prepare, &l->lock);
    enum err e = l->spare == SPARE_READY ? ERR_OK : l->spare_err;
    int fd = l->spare_fd;
    if (e == ERR_OK) l->spare = SPARE_NONE;
    else l->figures.full = true;
    pthread_mutex_unlock(&l->lock);
    if (e != ERR_OK) return e;
    struct diag d;
    e = spare_adopt(l, fd, &d);
    pthread_mutex_lock(&l->lock);
    l->figures.segments++;
    if (e != ERR_OK) l->broken = e;
    pthread_mutex_unlock(&l->lock);
    return e;
}

static void note_commit(struct ledger *l, enum err e, const struct commit_header *c) {
    pthread_mutex_lock(&l->lock);
    if (e != ERR_OK) {
        l->broken = e; /* what the disk holds now is not known, and a sync that failed once may lie the next time */
    } else {
        l->figures.records += c->count, l->figures.commits++, l->figures.bytes += commit_size(c->bytes);
        if (l->at.offset > l->segment.bytes / 2) want_spare(l);
    }
    pthread_mutex_unlock(&l->lock);
}

static void finish(struct batch *b, size_t count, enum err e, struct ticket_list *done) {
    for (; count; count--, b->count--) {
        struct ledger_ticket *t = ticket_pop(&b->tickets);
        t->err = e;
        ticket_push(done, t);
    }
}

static enum err commit_some(struct ledger *l, struct batch *b, size_t *from, struct ticket_list *done) {
    uint8_t chain[CHAIN_SIZE];
    memcpy(chain, l->at.chain, CHAIN_SIZE);
    struct commit_header c = gather_commit(l, str_skip(buf_str(&b->bytes), *from), chain);
    if (c.count == 0) return switch_segment(l);
    enum err e = write_commit(l, &c, chain, b->bytes.p + *from);
    note_commit(l, e, &c);
    if (e != ERR_OK) return e;
    *from += c.bytes;
    finish(b, c.count, ERR_OK, done);
    return ERR_OK;
}

static void commit_batch(struct ledger *l, struct batch *b, struct ticket_list *done) {
    size_t from = COMMIT_HEADER;
    enum err e = l->broken;
    if (e == ERR_OK && buf_room(&b->bytes, COMMIT_TRAILER_MAX) == NULL) e = ERR_MEMORY;
    while (b->count && e == ERR_OK) e = commit_some(l, b, &from, done);
    if (b->count == 0) return;
    pthread_mutex_lock(&l->lock);
    l->figures.failed += b->count;
    pthread_mutex_unlock(&l->lock);
    finish(b, b->count, e, done);
}

/* Says that all before it was acknowledged, so that a fault in the last commit is known for damage. Nothing hangs on it. */
static void mark_close(struct ledger *l) {
    char bytes[COMMIT_HEADER + COMMIT_TRAILER_MAX];
    struct commit_header c = {.first = l->at.index};
    uint8_t chain[CHAIN_SIZE];
    memcpy(chain, l->at.chain, CHAIN_SIZE);
    bool useful = l->at.last != 0 && !l->at.closed && l->broken == ERR_OK;
    if (useful && commit_size(0) <= l->segment.bytes - l->at.offset)
        (void)!write_commit(l, &c, chain, bytes + COMMIT_HEADER);
}

static bool take_batch(struct ledger *l) {
    pthread_mutex_lock(&l->lock);
    while (!l->flushed && !l->stopping) pthread_cond_wait(&l->work, &l->lock);
    bool any = l->gathering.count > 0;
    struct batch b = l->gathering;
    l->gathering = l->committing, l->committing = b;
    l->flushed = false;
    pthread_mutex_unlock(&l->lock);
    return any;
}

void *commit_main(void *ledger) {
    struct ledger *l = ledger;
    while (take_batch(l)) {
        struct ticket_list done = {0};
        commit_batch(l, &l->committing, &done);
        batch_reset(&l->committing);
        pthread_mutex_lock(&l->lock);
        if (l->completed.last) l->completed.last->next = done.first;
        else l->completed.first = done.first;
        l->completed.last = done.last;
        pthread_cond_broadcast(&l->progress);
        pthread_mutex_unlock(&l->lock);
        if (l->wake) l->wake(l->wake_context);
    }
    mark_close(l);
    return NULL;
}
