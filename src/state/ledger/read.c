/* Reading and checking whole logs, also while their writers run. */
#include "state/ledger/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

struct reading {
    struct world *w;
    const char *folder;
    struct hash hash;
    bool (*entry)(void *ctx, const struct ledger_entry *e);
    void (*writer)(void *ctx, const struct ledger_writer *r);
    void *ctx;
    bool stopped;
    char first[LEDGER_RECORD_MAX], last[LEDGER_RECORD_MAX]; /* of the writer being read */
};

static void remember(struct reading *r, struct ledger_writer *sum, struct str records) {
    struct str body = {0};
    for (struct str rest = records; rest.n; rest = str_skip(rest, RECORD_PREFIX + body.n)) {
        body = str_of(rest.p + RECORD_PREFIX, get_u32(rest.p));
        if (sum->first.n == 0) sum->first = str_of(memcpy(r->first, body.p, body.n), body.n);
    }
    if (body.n) sum->last = str_of(memcpy(r->last, body.p, body.n), body.n);
}

/* The records of a commit that has been checked, the first of which has this index. */
static void show_commit(struct reading *r, const struct segment *s, uint64_t index, const uint8_t *chain,
                        struct str records) {
    struct ledger_entry e = {.writer = s->header.writer, .segment = s->header.sequence, .index = index};
    memcpy(e.chain, chain, CHAIN_SIZE);
    while (records.n && !r->stopped) {
        uint32_t n = get_u32(records.p);
        e.body = str_head(str_skip(records, RECORD_PREFIX), n);
        r->stopped = !r->entry(r->ctx, &e);
        records = str_skip(records, RECORD_PREFIX + n), e.index++;
    }
}

static enum err read_commits(struct reading *r, struct segment *s, struct place *at, struct ledger_writer *sum,
                             struct diag *d) {
    for (;;) {
        uint64_t index = at->index;
        enum commit_found found;
        struct str records;
        TRY(segment_next(s, at, &found, &records, d));
        if (found != COMMIT_WHOLE) return ERR_OK;
        sum->commits += at->closed ? 0 : 1;
        remember(r, sum, records);
        if (r->entry) show_commit(r, s, index, at->chain, records);
        if (r->stopped) return ERR_OK;
    }
}

/* The end of a segment none follows: torn, being written, or damaged. What is read twice is judged by the second look. */
static enum err read_tail(struct reading *r, struct segment *s, struct place *at, struct ledger_writer *sum,
                          bool *moved, struct diag *d) {
    struct tail tail;
    uint64_t was = at->offset;
    TRY(segment_tail(s, at, &tail, d));
    if (tail.damaged) TRY(read_commits(r, s, at, sum, d));
    *moved = at->offset != was;
    if (*moved || r->stopped) return ERR_OK;
    sum->torn = tail.dirty_end - at->offset;
    return tail.damaged ? segment_corrupt(s, at->offset, "a commit does not check, yet later ones follow", d) : ERR_OK;
}

/* The end of a segment that `following` continues: it was finished before that one began. */
static enum err read_join(struct reading *r, struct segment *s, struct place *at, const struct segment *following,
                          struct ledger_writer *sum, struct diag *d) {
    struct tail tail;
    TRY(read_commits(r, s, at, sum, d));
    if (r->stopped) return ERR_OK;
    TRY(segment_tail(s, at, &tail, d));
    if (tail.dirty_end != at->offset)
        return segment_corrupt(s, at->offset, "a commit does not check, yet later segments follow", d);
    if (at->index != following->header.first || memcmp(at->chain, following->header.chain, CHAIN_SIZE) != 0)
        return segment_corrupt(s, at->offset, "records are missing: the next segment continues another chain", d);
    return ERR_OK;
}

/* Reads s to its end; *following is opened when there is one (fd < 0 otherwise). */
static enum err read_segment(struct reading *r, struct segment *s, struct place *at, struct segment *following,
                             struct ledger_writer *sum, struct diag *d) {
    for (bool moved = true; moved && !r->stopped;) {
        TRY(read_commits(r, s, at, sum, d));
        if (r->stopped) return ERR_OK;
        uint64_t next = s->header.sequence + 1;
        enum err e = segment_open(following, r->w, &r->hash, r->folder, s->header.writer, next, O_RDONLY, d);
        if (e == ERR_OK) return read_join(r, s, at, following, sum, d);
        if (e != ERR_NOT_FOUND) return e;
        TRY(read_tail(r, s, at, sum, &moved, d));
    }
    return ERR_OK;
}

static enum err read_segments(struct reading *r, struct segment *s, const char *writer, struct ledger_writer *sum,
                              struct diag *d) {
    struct place at = {0};
    chain_first(&r->hash, writer, at.chain);
    if (s->header.first != 0 || memcmp(at.chain, s->header.chain, CHAIN_SIZE) != 0)
        return segment_corrupt(s, 0, "the first segment does not begin the writer's chain", d);
    for (;;) {
        struct segment following = {.fd = -1};
        at = segment_start(s);
        enum err e = read_segment(r, s, &at, &following, sum, d);
        sum->segments++, sum->bytes += at.offset, sum->records = at.index, sum->closed = at.closed;
        memcpy(sum->head, at.chain, CHAIN_SIZE);
        segment_close(s);
        *s = following;
        if (e != ERR_OK || r->stopped || s->fd < 0) return e;
    }
}

static enum err read_writer(struct reading *r, const char *writer, struct diag *d) {
    struct segment_range range;
    struct ledger_writer sum = {.name = writer};
    chain_first(&r->hash, writer, sum.head);
    TRY(segment_list(r->w, r->folder, writer, &range, d));
    if (range.count) {
        struct segment s;
        TRY(segment_open(&s, r->w, &r->hash, r->folder, writer, 1, O_RDONLY, d));
        enum err e = read_segments(r, &s, writer, &sum, d);
        segment_close(&s);
        TRY(e);
        if (!r->stopped && sum.segments < range.last)
            return diag_set(d, ERR_CORRUPT, writer, "segment %llu vanished", (unsigned long long)sum.segments + 1);
    }
    if (r->writer) r->writer(r->ctx, &sum);
    return ERR_OK;
}

struct names {
    char (*name)[LEDGER_WRITER_MAX + 1];
    size_t n;
    bool too_many;
};

static bool take_name(void *ctx, const char *name) {
    struct names *names = ctx;
    if (!writer_name_valid(name)) return true;
    names->too_many = names->n == LEDGER_WRITERS_MAX;
    if (!names->too_many) memcpy(names->name[names->n++], name, strlen(name) + 1);
    return !names->too_many;
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static enum err read_all(struct reading *r, struct names *names, struct diag *d) {
    if (r->w->list(r->w, r->folder, take_name, names) != 0) return errno == ENOENT ? ERR_OK : diag_errno(d, r->folder);
    if (names->too_many) return diag_set(d, ERR_LIMIT, r->folder, "more than %d writers", LEDGER_WRITERS_MAX);
    qsort(names->name, names->n, sizeof names->name[0], by_name);
    for (size_t i = 0; i < names->n && !r->stopped; i++) TRY(read_writer(r, names->name[i], d));
    return ERR_OK;
}

static enum err reading_run(struct world *w, const char *folder, struct reading *r, struct diag *d) {
    r->w = w, r->folder = folder;
    struct names names = {.name = malloc(LEDGER_WRITERS_MAX * sizeof names.name[0])};
    enum err e = names.name ? hash_init(&r->hash, d) : diag_set(d, ERR_MEMORY, r->folder, NULL);
    if (e == ERR_OK) {
        e = read_all(r, &names, d);
        hash_fini(&r->hash);
    }
    free(names.name);
    return e;
}

enum err ledger_read(struct world *w, const char *folder, bool (*each)(void *ctx, const struct ledger_entry *e),
                     void *ctx, struct diag *d) {
    return reading_run(w, folder, &(struct reading){.entry = each, .ctx = ctx}, d);
}

enum err ledger_verify(struct world *w, const char *folder, void (*each)(void *ctx, const struct ledger_writer *r),
                       void *ctx, struct diag *d) {
    return reading_run(w, folder, &(struct reading){.writer = each, .ctx = ctx}, d);
}
