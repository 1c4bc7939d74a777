#include "service/paper_void.h"

#include "service/issue_inside.h"
#include "service/paper_due.h"
#include "state/store/member_row.h"
#include "state/store/store_key.h"
#include "state/trust/void_list.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROWS_ARENA_MAX = 4 << 20, RIDS_MAX = 64 << 20, SECOND_US = 1000000 };

struct act {
    const struct paper_void_settings *s;
    struct paper_void_result *r;
    struct store *store;
    struct arena found, record, rows; /* what each holds lives until the act ends */
    struct queued_paper paper;
    struct member member;
    bool known; /* member holds the paper's holder */
    int lock;
};

/* ---- the list ---- */

struct collecting {
    const struct paper_void_settings *s;
    struct insurer_number insurer;
    char folder[PATH_MAX];
    struct arena arena;
    struct buf rids; /* PAPER_ID_CHARACTERS each */
    size_t count, damaged;
    enum err err;
    struct diag *d;
};

/* A picture without its record is left from a run that was killed: no list names it. */
static void drop_orphan(const struct collecting *c, struct str id, const char *name) {
    char path[PATH_MAX + 300];
    struct world *w = c->s->world;
    snprintf(path, sizeof path, "%s/%.*s.json", c->folder, (int)id.n, id.p);
    if (access(path, F_OK) == 0) return;
    snprintf(path, sizeof path, "%s/%s", c->folder, name);
    (void)w->unlink(w, path);
}

static bool collect(void *context, const char *name) {
    struct collecting *c = context;
    struct str file = str_c(name), id = str_head(file, PAPER_ID_CHARACTERS), rest = str_skip(file, id.n);
    struct void_record r;
    if (str_eq(rest, S(".pdf"))) return drop_orphan(c, id, name), true;
    if (!str_eq(rest, S(".json"))) return true;
    arena_reset(&c->arena);
    c->err = paper_queue_void(c->s->world, c->s->out, c->insurer, id, &c->arena, &r, c->d);
    if (c->err != ERR_OK && c->err != ERR_CORRUPT) return false;
    bool damaged = c->err == ERR_CORRUPT; /* its name says that it is void; until when is not known */
    c->damaged += damaged, c->err = ERR_OK;
    if (!damaged && day_before(r.paper.until, c->s->on)) return true; /* it ended by itself */
    buf_put(&c->rids, id);
    c->count++;
    return true;
}

static enum err publish_rids(struct collecting *c, struct diag *d) {
    struct str *rids = calloc(c->count + 1, sizeof *rids);
    if (rids == NULL || !buf_ok(&c->rids)) return free(rids), diag_set(d, ERR_MEMORY, "status.jws", NULL);
    for (size_t i = 0; i < c->count; i++) rids[i] = str_of(c->rids.p + i * PAPER_ID_CHARACTERS, PAPER_ID_CHARACTERS);
    const struct void_list_plan plan = {.world = c->s->world,
                                        .folder = c->s->keys,
                                        .insurer = c->insurer,
                                        .issuer = c->s->issuer,
                                        .now_s = c->s->world->now_us(c->s->world) / SECOND_US,
                                        .hours = c->s->hours,
                                        .rids = rids,
                                        .count = c->count};
    enum err e = void_list_publish(&plan, d);
    free(rids);
    return e;
}

static enum err publish(const struct paper_void_settings *s, struct insurer_number insurer, struct paper_void_result *r,
                        struct diag *d) {
    struct collecting c = {.s = s, .insurer = insurer, .d = d};
    TRY(paper_void_path(c.folder, sizeof c.folder, s->out, insurer, "", d));
    arena_init(&c.arena, PAPER_QUEUE_ARENA_MAX);
    buf_init(&c.rids, RIDS_MAX);
    enum err e = s->world->list(s->world, c.folder, collect, &c) == 0 ? c.err
                 : c.err != ERR_OK                                    ? c.err
                                                                      : diag_errno(d, c.folder);
    if (e == ERR_OK) e = publish_rids(&c, d);
    if (e == ERR_OK) r->insurers++, r->listed += c.count, r->damaged += c.damaged;
    buf_fini(&c.rids);
    arena_fini(&c.arena);
    return e;
}

static enum err lock_insurer(const struct paper_void_settings *s, struct insurer_number insurer, int *lock,
                             struct diag *d) {
    char path[PATH_MAX];
    struct world *w = s->world;
    TRY(paper_void_path(path, sizeof path, s->out, insurer, "", d));
    TRY(world_make_folder(path, d));
    TRY(paper_void_path(path, sizeof path, s->out, insurer, "/lock", d));
    *lock = w->open(w, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*lock < 0) return diag_errno(d, path);
    if (w->lock(w, *lock) == 0) return ERR_OK;
    w->close(w, *lock);
    *lock = -1;
    return diag_set(d, ERR_LOCKED, path, NULL);
}

/* ---- who holds the paper ---- */

static bool is_holder(const struct queued_paper *p, const struct member *m) {
    return m->id.branch == p->insured.branch && (!day_is(p->birth) || day_eq(m->birth, p->birth));
}

struct holder {
    struct act *act;
    size_t matches;
    enum err err;
};

static void take_holder(struct store_read *read) {
    struct holder *h = read->context;
    const struct store_find *f = read->finds;
    for (size_t i = 0; i < f->count && h->err == ERR_OK; i++) {
        struct member m;
        struct str key = arena_copy(&h->act->rows, f->rows[i].key), value = arena_copy(&h->act->rows, f->rows[i].value);
        h->err = key.p && value.p ? member_row_read(&h->act->rows, key, value, &m) : ERR_MEMORY;
        if (h->err != ERR_OK || !is_holder(&h->act->paper, &m)) continue;
        h->act->member = m;
        h->matches++;
    }
    if (f->more && !day_is(h->act->paper.birth)) h->matches++; /* not all were looked at */
}

static enum err find_holder(struct act *a, struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    struct holder h = {.act = a};
    const struct queued_paper *p = &a->paper;
    enum err e = day_is(p->birth) ? store_key_question(&key, p->insurer, &p->insured, p->birth)
                                  : store_key_card(&key, p->insurer, &p->insured);
    if (e != ERR_OK) return diag_set(d, e, "--paper", NULL);
    struct store_find find = {.table = STORE_MEMBER, .prefix = buf_str(&key)};
    struct store_read read = {.finds = &find, .find_count = 1, .done = take_holder, .context = &h};
    store_read_now(a->store, &read);
    store_turn(a->store);
    if (read.err != ERR_OK) return *d = read.diag, read.err;
    if (h.err != ERR_OK) return diag_set(d, h.err, "store", NULL);
    a->known = h.matches == 1;
    return h.matches > 1 ? diag_set(d, ERR_SEVERAL, "--paper", NULL) : ERR_OK;
}

/* ---- an act ---- */

static enum err begin(struct act *a, struct str id, struct diag *d) {
    const struct paper_void_settings *s = a->s;
    char folder[PATH_MAX];
    const struct store_settings where = {.home = STORE_HOME_COVERAGE, .folder = folder};
    TRY(paper_queue_find(s->world, s->out, s->only_insurer, id, &a->found, &a->paper, d));
    a->r->insurer = a->paper.insurer;
    if (snprintf(folder, sizeof folder, "%s/coverage", s->store) >= PATH_MAX)
        return diag_set(d, ERR_LIMIT, "--store", NULL);
    TRY(store_open(&a->store, &where, d));
    TRY(lock_insurer(s, a->paper.insurer, &a->lock, d));
    enum err e = find_holder(a, d);
    return e == ERR_SEVERAL ? ERR_OK : e; /* to void it nobody need be known */
}

static void end(struct act *a) {
    if (a->lock >= 0) a->s->world->close(a->s->world, a->lock);
    if (a->store) store_close(a->store);
    arena_fini(&a->rows);
    arena_fini(&a->record);
    arena_fini(&a->found);
}

static void start(struct act *a, const struct paper_void_settings *s, struct paper_void_result *r) {
    *a = (struct act){.s = s, .r = r, .lock = -1};
    *r = (struct paper_void_result){0};
    arena_init(&a->found, PAPER_QUEUE_ARENA_MAX);
    arena_init(&a->record, PAPER_QUEUE_ARENA_MAX);
    arena_init(&a->rows, ROWS_ARENA_MAX);
}

static enum err write_record(struct act *a, const struct void_record *record, struct diag *d) {
    char path[PATH_MAX], name[PAPER_ID_CHARACTERS + 8];
    struct buf b;
    snprintf(name, sizeof name, "/%.*s.json", (int)a->paper.id.n, a->paper.id.p);
    TRY(paper_void_path(path, sizeof path, a->s->out, a->paper.insurer, name, d));
    buf_init(&b, VOID_RECORD_MAX);
    void_record_put(&b, record);
    enum err e =
        buf_ok(&b) ? world_replace_file(a->s->world, path, buf_str(&b), 0600, d) : diag_set(d, ERR_LIMIT, path, NULL);
    buf_fini(&b);
    return e;
}

/* Its record as it stands; `none` says that there is none yet. */
static enum err read_record(struct act *a, struct void_record *record, bool *none, struct diag *d) {
    enum err e = paper_queue_void(a->s->world, a->s->out, a->paper.insurer, a->paper.id, &a->record, record, d);
    *none = e == ERR_NOT_FOUND;
    return *none ? ERR_OK : e;
}

/* What the record says is what the store takes for held. Said at every act, so that one that was killed is made up for. */
static enum err tell_store(struct act *a, const struct void_record *record, struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    const struct member *m = &a->member;
    const struct queued_paper *q = &record->replacement;
    uint8_t old[PAPER_ID_BYTES];
    struct paper_made next = {.made = a->s->on, .from = q->from, .until = q->until};
    if (a->s->ways == NULL || !a->known || !paper_id_read(a->paper.id, old)) return ERR_OK;
    if (record->replaced && !paper_id_read(q->id, next.id)) return ERR_OK;
    TRY(store_key_member(&key, m->insurer, &m->id, m->birth));
    return paper_stopped(a->s->ways, buf_str(&key), a->paper.kind, old, record->replaced ? &next : NULL, d);
}

static enum err void_it(struct act *a, enum void_reason reason, struct diag *d) {
    const struct paper_void_settings *s = a->s;
    struct void_record record;
    bool none;
    TRY(read_record(a, &record, &none, d));
    a->r->already = !none;
    if (none) {
        record = (struct void_record){.paper = a->paper, .reason = reason, .at_us = s->world->now_us(s->world)};
        TRY(s->record(s->context, AUDIT_PAPER_VOIDED, a->known ? a->member.pseudonym : NULL, 1, d));
        TRY(write_record(a, &record, d));
    }
    TRY(tell_store(a, &record, d));
    return publish(s, a->paper.insurer, a->r, d);
}

enum err paper_void(const struct paper_void_settings *s, struct str id, enum void_reason reason,
                    struct paper_void_result *r, struct diag *d) {
    struct act a;
    start(&a, s, r);
    enum err e = begin(&a, id, d);
    if (e == ERR_OK) e = void_it(&a, reason, d);
    end(&a);
    return e;
}

/* ---- replacing ---- */

static enum err draw(struct act *a, const struct paper *p, struct buf *pdf, struct diag *d) {
    const struct issue_press *press = a->s->press;
    TRY(press->insurer(press->context, p->insurer, d));
    TRY(press->begin(press->context, pdf, d));
    enum err e = press->add(press->context, p, d);
    if (e == ERR_OK) e = press->end(press->context, d);
    else press->abandon(press->context);
    if (e != ERR_OK) return e;
    return buf_ok(pdf) ? ERR_OK : diag_set(d, ERR_LIMIT, "pdf", NULL);
}

/* The picture first: what the record names is there. */
static enum err settle(struct act *a, const struct paper *p, struct str pdf, struct void_record *record,
                       struct diag *d) {
    const struct paper_void_settings *s = a->s;
    TRY(s->record(s->context, AUDIT_PAPER_REPLACED, a->member.pseudonym, 1, d));
    TRY(world_replace_file(s->world, a->r->file, pdf, 0600, d));
    record->replaced = true;
    record->replacement = issue_queued(p);
    TRY(write_record(a, record, d));
    memcpy(a->r->replacement, p->id, sizeof p->id);
    return ERR_OK;
}

static enum err make_replacement(struct act *a, struct void_record *record, struct diag *d) {
    char room[ISSUE_NAME_BYTES];
    struct buf name = buf_over(room, sizeof room), pdf;
    struct paper p;
    if (!a->known)
        return diag_set(d, ERR_SEVERAL, "--paper",
                        "どの加入者の紙か決まりません / which member it belongs to is not certain");
    TRY(issue_insurer_name(a->store, a->paper.insurer, &name, d));
    if (!issue_paper(&p, a->s->world, a->paper.kind, &a->member, buf_str(&name), a->s->on))
        return diag_set(
            d, ERR_CONFLICT, "--paper",
            "この人の資格はその日にありません。無効にするだけなら void / not covered that day; to make it void alone: void");
    buf_init(&pdf, ISSUE_PDF_MAX);
    enum err e = draw(a, &p, &pdf, d);
    if (e == ERR_OK) e = settle(a, &p, buf_str(&pdf), record, d);
    buf_fini(&pdf);
    return e;
}

static enum err replace_it(struct act *a, enum void_reason reason, struct diag *d) {
    const struct paper_void_settings *s = a->s;
    struct void_record record;
    char name[PAPER_ID_CHARACTERS + 8];
    bool none;
    snprintf(name, sizeof name, "/%.*s.pdf", (int)a->paper.id.n, a->paper.id.p);
    TRY(paper_void_path(a->r->file, sizeof a->r->file, s->out, a->paper.insurer, name, d));
    TRY(read_record(a, &record, &none, d));
    if (none) record = (struct void_record){.paper = a->paper, .reason = reason, .at_us = s->world->now_us(s->world)};
    a->r->already = record.replaced;
    if (record.replaced) (void)!str_to_c(record.replacement.id, a->r->replacement, sizeof a->r->replacement);
    else TRY(make_replacement(a, &record, d));
    TRY(tell_store(a, &record, d));
    return publish(s, a->paper.insurer, a->r, d);
}

enum err paper_replace(const struct paper_void_settings *s, struct str id, enum void_reason reason,
                       struct paper_void_result *r, struct diag *d) {
    struct act a;
    start(&a, s, r);
    enum err e = begin(&a, id, d);
    if (e == ERR_OK) e = replace_it(&a, reason, d);
    end(&a);
    return e;
}

/* ---- all lists ---- */

struct all_lists {
    const struct paper_void_settings *s;
    struct insurer_number *insurers;
    size_t count, room;
    bool full;
};

static bool with_key(void *context, const char *name) {
    struct all_lists *l = context;
    char path[PATH_MAX];
    struct insurer_number insurer;
    struct str s = str_c(name);
    if (insurer_number_parse(s, &insurer) != ERR_OK || (l->s->only_insurer && insurer.n != l->s->only_insurer))
        return true;
    if (insurer_file(path, l->s->keys, insurer, "/key.pem", NULL) != ERR_OK || access(path, F_OK) != 0) return true;
    if (l->count == l->room) {
        size_t room = l->room ? 2 * l->room : 16;
        void *more = realloc(l->insurers, room * sizeof *l->insurers);
        if (more == NULL) return l->full = true, false;
        l->insurers = more, l->room = room;
    }
    l->insurers[l->count++] = insurer;
    return true;
}

static enum err publish_locked(const struct paper_void_settings *s, struct insurer_number insurer,
                               struct paper_void_result *r, struct diag *d) {
    int lock = -1;
    TRY(lock_insurer(s, insurer, &lock, d));
    enum err e = publish(s, insurer, r, d);
    s->world->close(s->world, lock);
    return e;
}

static enum err publish_all(struct all_lists *l, struct paper_void_result *r, struct diag *d) {
    const struct paper_void_settings *s = l->s;
    if (l->full) return diag_set(d, ERR_MEMORY, "--keys", NULL);
    if (l->count == 0)
        return diag_set(d, ERR_NOT_FOUND, "--keys", "保険者の鍵がありません / there is no insurer's key here");
    TRY(s->record(s->context, AUDIT_VOID_LISTS, NULL, l->count, d));
    enum err first = ERR_OK;
    for (size_t i = 0; i < l->count; i++) {
        struct diag why = {0};
        enum err e = publish_locked(s, l->insurers[i], r, &why);
        /* Whoever has the lock publishes by itself. One insurer's trouble is not the others': their lists would go stale. */
        if (e == ERR_OK || e == ERR_LOCKED || first != ERR_OK) continue;
        first = e, *d = why;
    }
    return first;
}

enum err paper_void_lists(const struct paper_void_settings *s, struct paper_void_result *r, struct diag *d) {
    char path[PATH_MAX];
    struct all_lists l = {.s = s};
    *r = (struct paper_void_result){0};
    if (snprintf(path, sizeof path, "%s/insurers", s->keys) >= PATH_MAX) return diag_set(d, ERR_LIMIT, "--keys", NULL);
    if (s->world->list(s->world, path, with_key, &l) != 0 && errno != ENOENT) return diag_errno(d, path);
    enum err e = publish_all(&l, r, d);
    free(l.insurers);
    return e;
}
