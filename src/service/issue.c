#include "service/issue_inside.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "service/member_walk.h"
#include "service/paper_due.h"
#include "service/queue_file.h"
#include "state/store/rows.h"
#include "state/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    LINE_MAX_BYTES = 2048,
    RESUME_ARENA = 1 << 20,
    PAPERS_AT_ONCE = 3, /* of one member: short spans that follow each other within weeks */
};

struct run {
    const struct issue_settings *s;
    struct issue_progress *p;
    struct store *store;
    struct outbox outbox;
    struct buf pdf, queue, entries;
    char folder[PATH_MAX];            /* of the insurer at hand */
    char after[STORE_MEMBER_KEY_MAX]; /* the last member looked at */
    size_t after_n;
    struct insurer_number insurer;
    struct str insurer_name;
    uint32_t file, papers, refused; /* the file's number, and what it holds so far */
    bool whole_before;              /* the day's folder was whole before this run added to it */
    uint32_t closed;                /* files of this insurer closed by this run */
};

/* ---- where an earlier run came to ---- */

static enum err read_closing(struct run *r, struct str text, const char *path, bool *last, struct diag *d) {
    struct arena a;
    struct json v;
    struct str key, line = str_trim(text);
    size_t bytes = 0;
    uint64_t papers = 0;
    for (size_t at; (at = str_find(line, S("\n"))) < line.n;) line = str_skip(line, at + 1);
    arena_init(&a, RESUME_ARENA);
    bool ok = json_read(&a, line, &v, NULL) == ERR_OK && json_str(json_get(v, "after"), &key) &&
              json_uint(json_get(v, "papers"), ISSUE_PER_FILE_MAX, &papers) && json_bool(json_get(v, "last"), last) &&
              sodium_hex2bin((unsigned char *)r->after, sizeof r->after, key.p, key.n, NULL, &bytes, NULL) == 0 &&
              2 * bytes == key.n;
    r->after_n = bytes;
    arena_fini(&a);
    return ok ? ERR_OK : diag_set(d, ERR_CORRUPT, path, "閉じる行がありません / its closing line is missing");
}

static enum err resume(struct run *r, bool *last, struct diag *d) {
    char path[PATH_MAX + 32];
    struct world *w = r->s->world;
    *last = false, r->after_n = 0;
    TRY(queue_highest(w, r->folder, &r->file, d));
    if (r->file == 0) return ERR_OK;
    snprintf(path, sizeof path, "%s/%06u.ndjson", r->folder, r->file);
    buf_reset(&r->queue);
    TRY(world_read_file(w, path, &r->queue, d));
    return read_closing(r, buf_str(&r->queue), path, last, d);
}

/* ---- one file ---- */

static enum err begin_file(struct run *r, struct diag *d) {
    buf_reset(&r->pdf);
    buf_reset(&r->queue);
    buf_reset(&r->entries);
    r->papers = r->refused = 0;
    if (++r->file > QUEUE_FILES_MAX) return diag_set(d, ERR_LIMIT, r->folder, "--per-file");
    return r->s->press->begin(r->s->press->context, &r->pdf, d);
}

static void put_sum(struct buf *out, struct str bytes) {
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sum, (const unsigned char *)bytes.p, bytes.n);
    buf_hex(out, str_of(sum, sizeof sum));
}

/* The picture first: what the queue names is there. */
static enum err close_file(struct run *r, bool last, struct diag *d) {
    char path[PATH_MAX + 32], queue[OUTBOX_PATH_MAX];
    struct world *w = r->s->world;
    if (r->papers) TRY(r->s->press->end(r->s->press->context, d));
    else r->s->press->abandon(r->s->press->context);
    snprintf(path, sizeof path, "%s/%06u.pdf", r->folder, r->file);
    if (!buf_ok(&r->pdf)) return diag_set(d, ERR_LIMIT, path, NULL);
    if (r->papers) TRY(r->s->record(r->s->record_context, r->papers, d));
    if (r->papers) TRY(world_replace_file(w, path, buf_str(&r->pdf), 0600, d));
    buf_printf(&r->queue, "{\"papers\":%u,\"refused\":%u,\"sha256\":\"", r->papers, r->refused);
    if (r->papers) put_sum(&r->queue, buf_str(&r->pdf));
    buf_puts(&r->queue, "\",\"after\":\"");
    buf_hex(&r->queue, str_of(r->after, r->after_n));
    buf_printf(&r->queue, "\",\"last\":%s}\n", last ? "true" : "false");
    if (!buf_ok(&r->queue) || !buf_ok(&r->entries)) return diag_set(d, ERR_LIMIT, r->folder, NULL);
    TRY(queue_path(r->folder, r->file, queue, d));
    r->closed++;
    return outbox_send(&r->outbox, queue, buf_str(&r->queue), buf_str(&r->entries), d);
}

/* A folder that was whole stays as it is when nothing became due since. */
static enum err close_last(struct run *r, struct diag *d) {
    if (!r->whole_before || r->closed || r->papers) return close_file(r, true, d);
    r->s->press->abandon(r->s->press->context);
    r->p->insurers_before++;
    return ERR_OK;
}

/* ---- one member ---- */

struct queued_paper issue_queued(const struct paper *p) {
    return (struct queued_paper){.id = str_c(p->id),
                                 .kind = p->kind,
                                 .insurer = p->insurer,
                                 .insured = p->member->id,
                                 .birth = p->member->birth,
                                 .from = p->span.from,
                                 .until = p->span.until};
}

static void put_line(struct run *r, const struct paper *p, const char *why, const struct diag *refused) {
    struct buf *b = &r->queue;
    buf_printf(b, "{\"paper\":\"%s\",\"file\":\"%06u.pdf\",\"place\":", p->id, r->file);
    if (refused) buf_puts(b, "null");
    else buf_uint(b, r->papers);
    buf_putc(b, ',');
    const struct queued_paper q = issue_queued(p);
    queued_paper_put(b, &q);
    if (why) buf_printf(b, ",\"why\":\"%s\"", why);
    if (refused) {
        buf_puts(b, ",\"refused\":");
        buf_json(b, str_c(refused->detail));
    }
    buf_puts(b, "}\n");
}

static struct paper paper_of(struct world *w, enum paper_kind kind, const struct member *m, struct str insurer_name,
                             struct day made, const struct verdict *v, struct paper_span span) {
    unsigned char id[PAPER_ID_BYTES];
    struct paper p = {.kind = kind,
                      .insurer = m->insurer,
                      .insurer_name = insurer_name,
                      .member = m,
                      .coverage = v->coverage,
                      .ratio = v->ratio,
                      .made = made,
                      .span = span};
    w->random(w, id, sizeof id);
    sodium_bin2base64(p.id, sizeof p.id, id, sizeof id, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return p;
}

bool issue_paper(struct paper *out, struct world *w, enum paper_kind kind, const struct member *m,
                 struct str insurer_name, struct day on) {
    struct question q = {.insurer = m->insurer, .id = m->id, .birth = m->birth, .on = on};
    struct eligibility_facts facts = {.members = m, .member_count = 1};
    struct verdict v = eligibility_decide(&q, &facts);
    if (!verdict_covered(&v)) return false;
    *out = paper_of(w, kind, m, insurer_name, on, &v, paper_span_decide(&v, on));
    return true;
}

static enum err add_paper(struct run *r, const struct member *m, struct str key, const struct paper_due *due,
                          struct papers *held, bool *made, struct diag *d) {
    const struct issue_settings *s = r->s;
    struct diag why = {0};
    struct paper p = paper_of(s->world, s->kind, m, r->insurer_name, s->on, &due->verdict, due->span);
    struct paper_made x = {.made = s->on, .from = p.span.from, .until = p.span.until};
    TRY(paper_id_read(str_c(p.id), x.id) ? ERR_OK : diag_set(d, ERR_CORRUPT, "paper", NULL));
    enum err e = s->press->add(s->press->context, &p, &why);
    *made = e == ERR_OK;
    if (e == ERR_OK) r->papers++, r->p->papers++;
    else if (e == ERR_NOT_SUPPORTED) r->refused++, r->p->refused++;
    else return *d = why, e;
    put_line(r, &p, s->kind == PAPER_CERTIFICATE ? certificate_why_word(due->why)->word : NULL, *made ? NULL : &why);
    if (!*made) return ERR_OK;
    papers_add(held, &x);
    paper_outbox_add(&r->entries, key, s->kind, &x);
    return ERR_OK;
}

static enum err add_member(struct run *r, const struct member *m, struct str key, struct diag *d) {
    struct ways_facts f;
    struct paper_due due;
    bool made = true;
    TRY(ways_of(r->s->ways, key, &f, d));
    struct papers *held = r->s->kind == PAPER_CERTIFICATE ? &f.certificates : &f.notices;
    for (int i = 0; made && i < PAPERS_AT_ONCE && paper_due(m, &f, r->s->kind, r->s->on, &due); i++)
        TRY(add_paper(r, m, key, &due, held, &made, d));
    invariant(key.n <= sizeof r->after);
    memcpy(r->after, key.p, key.n);
    r->after_n = key.n;
    r->p->seen++;
    return ERR_OK;
}

/* ---- one insurer ---- */

static enum err walk(struct run *r, struct diag *d) {
    struct member_walk walk;
    struct member m;
    struct str key;
    bool found = true;
    member_walk_begin(&walk, r->store, r->insurer.n, str_of(r->after, r->after_n));
    enum err e = member_walk_next(&walk, &m, &key, &found, d);
    while (e == ERR_OK && found) {
        if (r->papers + r->refused >= r->s->per_file) {
            e = close_file(r, false, d);
            if (e == ERR_OK) e = begin_file(r, d);
        }
        if (e == ERR_OK) e = add_member(r, &m, key, d);
        if (r->s->progress) r->s->progress(r->s->context, r->p);
        if (e == ERR_OK) e = member_walk_next(&walk, &m, &key, &found, d);
    }
    member_walk_end(&walk);
    return e == ERR_OK ? close_last(r, d) : e;
}

static enum err issue_insurer(struct run *r, struct diag *d) {
    const char *kind = r->s->kind == PAPER_CERTIFICATE ? "certificates" : "notices";
    char name[32];
    struct buf b = buf_over(name, sizeof name - 1);
    insurer_number_put(&b, r->insurer);
    name[b.n] = 0;
    b = buf_over(name + b.n + 1, sizeof name - b.n - 2);
    day_put_iso(&b, r->s->on);
    b.p[b.n] = 0;
    if (snprintf(r->folder, sizeof r->folder, "%s/%s/%s-%s", r->s->out, name, kind, b.p) >= PATH_MAX - 16)
        return diag_set(d, ERR_LIMIT, "--out", NULL);
    TRY(world_make_folder(r->folder, d));
    TRY(resume(r, &r->whole_before, d));
    if (r->whole_before) r->after_n = 0;
    r->closed = 0;
    TRY(r->s->press->insurer(r->s->press->context, r->insurer, d));
    TRY(begin_file(r, d));
    enum err e = walk(r, d);
    if (e != ERR_OK) r->s->press->abandon(r->s->press->context);
    r->p->insurers++;
    return e;
}

/* ---- all of them ---- */

enum err issue_insurer_name(struct store *store, struct insurer_number insurer, struct buf *name, struct diag *d) {
    char key[8];
    struct buf k = buf_over(key, sizeof key), row;
    struct str found = {0};
    buf_init(&row, ISSUE_NAME_BYTES);
    store_key_insurer(&k, insurer);
    enum err e = store_get(store, STORE_INSURER, buf_str(&k), &row, d);
    if (e == ERR_OK && !insurer_row_read(buf_str(&row), &found)) e = diag_set(d, ERR_CORRUPT, "insurer", NULL);
    if (e == ERR_OK) buf_put(name, found);
    buf_fini(&row);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    if (name->n == 0) insurer_number_put(name, insurer);
    return buf_ok(name) ? ERR_OK : diag_set(d, ERR_LIMIT, "insurer", NULL);
}

/* The first member of an insurer numbered `from` or more. */
static enum err next_insurer(struct run *r, uint32_t from, bool *found, struct diag *d) {
    char room[8];
    struct buf after = buf_over(room, sizeof room);
    struct member_walk walk;
    struct member m = {0};
    struct str key;
    buf_u32_big(&after, from);
    member_walk_begin(&walk, r->store, 0, buf_str(&after));
    enum err e = member_walk_next(&walk, &m, &key, found, d);
    r->insurer = m.insurer;
    member_walk_end(&walk);
    return e;
}

/* From insurer to insurer by the members' own keys: an insurer whose name was never sent has members all the same. */
static enum err issue_all(struct run *r, struct diag *d) {
    char name[ISSUE_NAME_BYTES];
    bool found = true;
    for (uint32_t next = r->s->only_insurer; found; next = r->insurer.n + 1) {
        struct buf n = buf_over(name, sizeof name);
        TRY(next_insurer(r, next, &found, d));
        if (!found || (r->s->only_insurer && r->insurer.n != next)) break;
        TRY(issue_insurer_name(r->store, r->insurer, &n, d));
        r->insurer_name = buf_str(&n);
        TRY(issue_insurer(r, d));
        if (r->s->only_insurer) return ERR_OK;
    }
    if (r->s->only_insurer)
        return diag_set(d, ERR_NOT_FOUND, "--insurer",
                        "この保険者の加入者がいません / the store has no member of this insurer");
    return ERR_OK;
}

static enum err lock_out(const struct issue_settings *s, int *fd, struct diag *d) {
    char path[PATH_MAX];
    TRY(world_make_folder(s->out, d));
    if (snprintf(path, sizeof path, "%s/lock", s->out) >= PATH_MAX) return diag_set(d, ERR_LIMIT, "--out", NULL);
    *fd = s->world->open(s->world, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0) return diag_errno(d, path);
    if (s->world->lock(s->world, *fd) == 0) return ERR_OK;
    s->world->close(s->world, *fd);
    return diag_set(d, ERR_LOCKED, path, NULL);
}

enum err issue_run(const struct issue_settings *s, struct issue_progress *p, struct diag *d) {
    char folder[PATH_MAX];
    struct store_settings where = {.home = STORE_HOME_COVERAGE, .folder = folder};
    struct run r = {.s = s, .p = p};
    int lock = -1;
    invariant(s->per_file >= 1 && s->per_file <= ISSUE_PER_FILE_MAX);
    *p = (struct issue_progress){0};
    if (snprintf(folder, sizeof folder, "%s/coverage", s->store) >= PATH_MAX)
        return diag_set(d, ERR_LIMIT, "--store", NULL);
    TRY(store_open(&r.store, &where, d));
    enum err e = lock_out(s, &lock, d);
    if (e == ERR_OK) {
        p->members = store_count(r.store, STORE_MEMBER);
        r.outbox = paper_outbox(s->world, s->ways);
        buf_init(&r.pdf, ISSUE_PDF_MAX);
        buf_init(&r.queue, (size_t)LINE_MAX_BYTES * (ISSUE_PER_FILE_MAX + 1));
        buf_init(&r.entries, OUTBOX_ENTRIES_MAX);
        e = outbox_settle(&r.outbox, d);
        if (e == ERR_OK) e = issue_all(&r, d);
        buf_fini(&r.entries);
        buf_fini(&r.queue);
        buf_fini(&r.pdf);
        s->world->close(s->world, lock);
    }
    store_close(r.store);
    return e;
}
