#include "service/ways_load.h"

#include "service/line_result.h"
#include "service/ways.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>

enum { LINE_ARENA_MAX = 1 << 20, RESULTS_MAX = 8 << 20 };

struct load {
    struct verify_desk *v;
    const struct asker *asker;
    ways_line_read *read;
    struct ways_load *l;
    const char *path, *result_path;
    char part_path[PATH_MAX];
    int in, out;
    uint64_t offset; /* bytes of the file that are done */
    off_t results_at;
    struct buf bytes, results; /* a chunk, its results */
    struct arena line;
    struct store_txn *txn;
    struct day newest; /* of the lists the chunk's lines speak of */
    struct ways_load before;
    int64_t at_us; /* a line's own: two lines of one member leave two rows of history */
};

/* ---- one line ---- */

static enum err apply(struct load *j, const struct ways_line *line, enum line_status *status, struct diag *why,
                      struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    const struct ways_who who = {line->insurer, line->id, line->birth};
    struct ways known, listed = line->ways, after;
    bool there = false;
    enum err e = ways_find(j->v->coverage, &who, &key, why);
    *status = LINE_REFUSED;
    if (e == ERR_NOT_FOUND || e == ERR_SEVERAL || e == ERR_VALUE) return ERR_OK;
    if (e != ERR_OK) return *d = *why, e;
    TRY(ways_row_in(j->txn, buf_str(&key), &there, &known, d));
    if (!line->says_channel) listed.channel = known.channel;
    if (!line->says_paper) listed.paper_wanted = known.paper_wanted;
    after = ways_merge(&known, &listed, line->on);
    bool same = there && ways_same(&known, &after);
    *status = same ? LINE_UNCHANGED : LINE_ACCEPTED;
    if (same && day_eq(known.listed, after.listed)) return ERR_OK;
    if (!day_is(j->newest) || day_before(j->newest, line->on)) j->newest = line->on;
    return ways_row_set(j->txn, buf_str(&key), there && !same ? &known : NULL, &after, j->at_us++, d);
}

static enum err take_line(struct load *j, struct str text, struct diag *d) {
    struct ways_line line;
    struct diag why = {0};
    enum line_status status = LINE_REFUSED;
    arena_reset(&j->line);
    j->l->lines++;
    enum err e = j->read(&j->line, text, &line, &why);
    if (e == ERR_MEMORY) return diag_set(d, e, j->path, NULL);
    if (e == ERR_OK) TRY(apply(j, &line, &status, &why, d));
    j->l->accepted += status == LINE_ACCEPTED;
    j->l->refused += status == LINE_REFUSED;
    j->l->unchanged += status == LINE_UNCHANGED;
    line_result_put(&j->results, j->l->lines, status, &why);
    return ERR_OK;
}

/* ---- a chunk: what ends with a line end, at most so many lines ---- */

static enum err fill(struct load *j, bool *end, struct diag *d) {
    struct world *w = j->v->world;
    buf_reset(&j->bytes);
    char *to = buf_room(&j->bytes, WAYS_CHUNK_BYTES);
    if (to == NULL) return diag_set(d, ERR_MEMORY, j->path, NULL);
    while (j->bytes.n < WAYS_CHUNK_BYTES) {
        ssize_t n = w->pread(w, j->in, to + j->bytes.n, WAYS_CHUNK_BYTES - j->bytes.n, (off_t)(j->offset + j->bytes.n));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return diag_errno(d, j->path);
        if (n == 0) break;
        j->bytes.n += (size_t)n;
    }
    *end = j->bytes.n < WAYS_CHUNK_BYTES;
    return ERR_OK;
}

/* Takes the lines at the front; what is left goes with the next chunk. */
static enum err take_lines(struct load *j, bool end, uint64_t *used, struct diag *d) {
    struct str text = buf_str(&j->bytes);
    *used = 0;
    for (size_t count = 0; text.n && count < WAYS_CHUNK_LINES; count++) {
        size_t at = str_find(text, S("\n"));
        bool whole = at < text.n, giant = !whole && !end && *used == 0;
        if (giant)
            return diag_set(d, ERR_LIMIT, j->path, "%1$llu 行目 / line %1$llu", (unsigned long long)j->l->lines + 1);
        if (!whole && !end) break;
        TRY(take_line(j, str_head(text, at), d));
        *used += at + (whole ? 1 : 0);
        text = str_skip(text, at + 1);
    }
    return ERR_OK;
}

static enum err write_results(struct load *j, struct diag *d) {
    if (!buf_ok(&j->results)) return diag_set(d, ERR_MEMORY, "results", NULL);
    TRY(world_write_all(j->v->world, j->out, buf_str(&j->results), j->results_at, d));
    j->results_at += (off_t)j->results.n;
    return ERR_OK;
}

static enum err settle_chunk(struct load *j, struct diag *d) {
    uint64_t taken = j->l->accepted - j->before.accepted;
    if (taken) TRY(verify_record_now(j->v, j->asker, AUDIT_WAYS_LISTED, j->newest, taken, d));
    return write_results(j, d);
}

static enum err run_chunk(struct load *j, bool *end, struct diag *d) {
    uint64_t used = 0;
    bool last = false;
    TRY(fill(j, &last, d));
    buf_reset(&j->results);
    j->before = *j->l, j->newest = DAY_NONE, j->at_us = j->v->world->now_us(j->v->world);
    TRY(store_begin(j->v->ways, &j->txn, d));
    enum err e = take_lines(j, last, &used, d);
    if (e == ERR_OK) e = settle_chunk(j, d);
    if (e != ERR_OK) return store_abort(j->txn), e;
    TRY(store_commit(j->txn, d));
    j->offset += used;
    *end = last && used == j->bytes.n;
    if (j->l->progress) j->l->progress(j->l->context, j->l, j->offset);
    return ERR_OK;
}

/* ---- the file ---- */

static enum err open_files(struct load *j, struct diag *d) {
    struct world *w = j->v->world;
    j->in = w->open(w, j->path, O_RDONLY | O_CLOEXEC, 0);
    if (j->in < 0) return errno == ENOENT ? diag_set(d, ERR_NOT_FOUND, j->path, NULL) : diag_errno(d, j->path);
    if (snprintf(j->part_path, sizeof j->part_path, "%s.part", j->result_path) >= (int)sizeof j->part_path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    j->out = w->open(w, j->part_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (j->out < 0 || w->ftruncate(w, j->out, 0) != 0) return diag_errno(d, j->part_path);
    return ERR_OK;
}

static enum err finish(struct load *j, struct diag *d) {
    char folder[PATH_MAX];
    struct world *w = j->v->world;
    if (w->fdatasync(w, j->out) != 0 || w->rename(w, j->part_path, j->result_path) != 0)
        return diag_errno(d, j->result_path);
    snprintf(folder, sizeof folder, "%s", j->result_path);
    return w->sync_folder(w, dirname(folder)) == 0 ? ERR_OK : diag_errno(d, j->result_path);
}

enum err ways_load_file(struct verify_desk *v, const struct asker *asker, const char *path, const char *result_path,
                        ways_line_read *read, struct ways_load *l, struct diag *d) {
    struct load j = {
        .v = v, .asker = asker, .read = read, .l = l, .path = path, .result_path = result_path, .in = -1, .out = -1};
    buf_init(&j.bytes, WAYS_CHUNK_BYTES);
    buf_init(&j.results, RESULTS_MAX);
    arena_init(&j.line, LINE_ARENA_MAX);
    enum err e = open_files(&j, d);
    for (bool end = false; e == ERR_OK && !end;) e = run_chunk(&j, &end, d);
    if (e == ERR_OK) e = finish(&j, d);
    if (j.in >= 0) v->world->close(v->world, j.in);
    if (j.out >= 0) v->world->close(v->world, j.out);
    arena_fini(&j.line);
    buf_fini(&j.results);
    buf_fini(&j.bytes);
    return e;
}
