#include "service/issue_inside.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "rules/eligibility/eligibility.h"
#include "state/store/member_row.h"
#include "state/store/rows.h"
#include "state/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>

enum { ARENA_MAX = 16 << 20, LINE_MAX_BYTES = 2048, RESUME_ARENA = 1 << 20, FILES_MAX = 999999 };

struct run {
    const struct issue_settings *s;
    struct issue_progress *p;
    struct store *store;
    struct arena rows; /* of one step of the walk */
    struct buf pdf, queue;
    char folder[PATH_MAX];            /* of the insurer at hand */
    char after[STORE_MEMBER_KEY_MAX]; /* the last member looked at */
    size_t after_n;
    struct insurer_number insurer;
    struct str insurer_name;
    uint32_t file, papers, refused; /* the file's number, and what it holds so far */
};

/* ---- where an earlier run came to ---- */

static bool highest(void *context, const char *name) {
    uint32_t *file = context;
    uint64_t n;
    struct str s = str_c(name);
    if (str_ends(s, S(".ndjson")) && str_uint(str_head(s, s.n - 7), FILES_MAX, &n) && n > *file) *file = (uint32_t)n;
    return true;
}

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
    *last = false, r->file = 0, r->after_n = 0;
    if (w->list(w, r->folder, highest, &r->file) < 0) return diag_errno(d, r->folder);
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
    r->papers = r->refused = 0;
    if (++r->file > FILES_MAX) return diag_set(d, ERR_LIMIT, r->folder, "--per-file");
    return r->s->press->begin(r->s->press->context, &r->pdf, d);
}

static void put_sum(struct buf *out, struct str bytes) {
    unsigned char sum[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(sum, (const unsigned char *)bytes.p, bytes.n);
    buf_hex(out, str_of(sum, sizeof sum));
}

/* The picture first: what the queue names is there. */
static enum err close_file(struct run *r, bool last, struct diag *d) {
    char path[PATH_MAX + 32];
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
    if (!buf_ok(&r->queue)) return diag_set(d, ERR_LIMIT, r->folder, NULL);
    snprintf(path, sizeof path, "%s/%06u.ndjson", r->folder, r->file);
    return world_replace_file(w, path, buf_str(&r->queue), 0600, d);
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

static void put_line(struct run *r, const struct paper *p, const struct diag *refused) {
    struct buf *b = &r->queue;
    buf_printf(b, "{\"paper\":\"%s\",\"file\":\"%06u.pdf\",\"place\":", p->id, r->file);
    if (refused) buf_puts(b, "null");
    else buf_uint(b, r->papers);
    buf_putc(b, ',');
    const struct queued_paper q = issue_queued(p);
    queued_paper_put(b, &q);
    if (refused) {
        buf_puts(b, ",\"refused\":");
        buf_json(b, str_c(refused->detail));
    }
    buf_puts(b, "}\n");
}

bool issue_paper(struct paper *out, struct world *w, enum paper_kind kind, const struct member *m,
                 struct str insurer_name, struct day on) {
    unsigned char id[16];
    struct question q = {.insurer = m->insurer, .id = m->id, .birth = m->birth, .on = on};
    struct eligibility_facts facts = {.members = m, .member_count = 1};
    struct verdict v = eligibility_decide(&q, &facts);
    if (!verdict_covered(&v)) return false;
    *out = (struct paper){.kind = kind,
                          .insurer = m->insurer,
                          .insurer_name = insurer_name,
                          .member = m,
                          .coverage = v.coverage,
                          .ratio = v.ratio,
                          .span = paper_span_decide(&v, on)};
    w->random(w, id, sizeof id);
    sodium_bin2base64(out->id, sizeof out->id, id, sizeof id, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return true;
}

static enum err add_member(struct run *r, const struct member *m, struct diag *d) {
    const struct issue_settings *s = r->s;
    struct diag why = {0};
    struct paper p;
    if (!issue_paper(&p, s->world, s->kind, m, r->insurer_name, s->on)) return ERR_OK;
    enum err e = s->press->add(s->press->context, &p, &why);
    if (e == ERR_OK) r->papers++, r->p->papers++;
    else if (e == ERR_NOT_SUPPORTED) r->refused++, r->p->refused++;
    else return *d = why, e;
    put_line(r, &p, e == ERR_OK ? NULL : &why);
    return ERR_OK;
}

/* ---- one insurer ---- */

struct step {
    struct run *run;
    struct store_row rows[STORE_ROWS_MAX];
    size_t count;
    bool more, whole;
};

static void copy_rows(struct store_read *read) {
    struct step *s = read->context;
    const struct store_find *f = read->finds;
    s->count = f->count, s->more = f->more, s->whole = true;
    for (size_t i = 0; i < f->count; i++) {
        s->rows[i].key = arena_copy(&s->run->rows, f->rows[i].key);
        s->rows[i].value = arena_copy(&s->run->rows, f->rows[i].value);
        s->whole = s->whole && s->rows[i].key.p && s->rows[i].value.p;
    }
}

static enum err next_rows(struct run *r, enum store_table table, struct str prefix, struct str after, struct step *step,
                          struct diag *d) {
    struct store_find find = {.table = table, .prefix = prefix, .after = after};
    struct store_read read = {.finds = &find, .find_count = 1, .done = copy_rows, .context = step};
    arena_reset(&r->rows);
    *step = (struct step){.run = r};
    store_read_now(r->store, &read);
    store_turn(r->store);
    if (read.err != ERR_OK) return *d = read.diag, read.err;
    return step->whole ? ERR_OK : diag_set(d, ERR_MEMORY, "store", NULL);
}

static enum err add_row(struct run *r, const struct store_row *row, struct diag *d) {
    struct member m;
    TRY(member_row_read(&r->rows, row->key, row->value, &m));
    TRY(add_member(r, &m, d));
    invariant(row->key.n <= sizeof r->after);
    memcpy(r->after, row->key.p, row->key.n);
    r->after_n = row->key.n;
    r->p->seen++;
    return ERR_OK;
}

static enum err walk(struct run *r, struct str prefix, struct diag *d) {
    struct step step;
    do {
        TRY(next_rows(r, STORE_MEMBER, prefix, str_of(r->after, r->after_n), &step, d));
        for (size_t i = 0; i < step.count; i++) {
            if (r->papers + r->refused >= r->s->per_file) {
                TRY(close_file(r, false, d));
                TRY(begin_file(r, d));
            }
            TRY(add_row(r, &step.rows[i], d));
        }
        if (r->s->progress) r->s->progress(r->s->context, r->p);
    } while (step.more);
    return close_file(r, true, d);
}

static enum err issue_insurer(struct run *r, struct diag *d) {
    const char *kind = r->s->kind == PAPER_CERTIFICATE ? "certificates" : "notices";
    char key[8], name[32];
    struct buf prefix = buf_over(key, sizeof key), b = buf_over(name, sizeof name - 1);
    bool last = false;
    store_key_insurer(&prefix, r->insurer);
    insurer_number_put(&b, r->insurer);
    name[b.n] = 0;
    b = buf_over(name + b.n + 1, sizeof name - b.n - 2);
    day_put_iso(&b, r->s->on);
    b.p[b.n] = 0;
    if (snprintf(r->folder, sizeof r->folder, "%s/%s/%s-%s", r->s->out, name, kind, b.p) >= PATH_MAX - 16)
        return diag_set(d, ERR_LIMIT, "--out", NULL);
    TRY(world_make_folder(r->folder, d));
    TRY(resume(r, &last, d));
    if (last) return r->p->insurers_before++, ERR_OK;
    TRY(r->s->press->insurer(r->s->press->context, r->insurer, d));
    TRY(begin_file(r, d));
    enum err e = walk(r, buf_str(&prefix), d);
    if (e != ERR_OK) r->s->press->abandon(r->s->press->context);
    r->p->insurers++;
    return e;
}

/* ---- all of them ---- */

static uint32_t number_of(struct str key) {
    const unsigned char *p = (const unsigned char *)key.p;
    invariant(key.n >= 4);
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

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

/* From insurer to insurer by the members' own keys: an insurer whose name was never sent has members all the same. */
static enum err issue_all(struct run *r, struct diag *d) {
    char key[8], name[ISSUE_NAME_BYTES];
    uint32_t next = r->s->only_insurer;
    while (true) {
        struct step step;
        struct buf from = buf_over(key, sizeof key), n = buf_over(name, sizeof name);
        buf_u32_big(&from, next);
        TRY(next_rows(r, STORE_MEMBER, S(""), buf_str(&from), &step, d));
        if (step.count == 0) break;
        r->insurer.n = number_of(step.rows[0].key);
        if (r->s->only_insurer && r->insurer.n != next) break;
        TRY(issue_insurer_name(r->store, r->insurer, &n, d));
        r->insurer_name = buf_str(&n);
        TRY(issue_insurer(r, d));
        if (r->s->only_insurer) return ERR_OK;
        next = r->insurer.n + 1;
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
        arena_init(&r.rows, ARENA_MAX);
        buf_init(&r.pdf, ISSUE_PDF_MAX);
        buf_init(&r.queue, (size_t)LINE_MAX_BYTES * (ISSUE_PER_FILE_MAX + 1));
        e = issue_all(&r, d);
        buf_fini(&r.queue);
        buf_fini(&r.pdf);
        arena_fini(&r.rows);
        s->world->close(s->world, lock);
    }
    store_close(r.store);
    return e;
}
