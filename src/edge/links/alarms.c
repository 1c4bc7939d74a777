#include "edge/links/alarms.h"

#include "edge/links/links.h"

#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { ALARM_LINE_MAX = 1 << 20, ALARM_ID_BYTES = 8, PLACES_FIRST = 256, OUT_BYTES = 1 << 20 };
#define ALARM_HEAD "{\"alarm\":\"0123456789abcdef\""

struct alarm_place {
    uint64_t at;
    uint32_t n, wrong;
    uint8_t id[ALARM_ID_BYTES];
    bool contradicted;
};

static const struct {
    enum fact fact;
    const char *name;
} facts[] = {{FACT_NAME, "name"}, {FACT_KANA, "kana"}, {FACT_BIRTH, "birth"}, {FACT_ADDRESS, "address"}};

/* ---- one alarm ---- */

/* Somebody who agrees better than the resident it is linked to, and the first of them. */
static const struct found *better(const struct link_result *r, const struct likeness *holder) {
    for (size_t i = 0; i < r->found_count; i++) {
        const struct found *o = &r->found[i];
        if (!o->holder && o->likeness.of[TRAIT_GIVEN] <= holder->of[TRAIT_GIVEN] &&
            o->likeness.of[TRAIT_FAMILY] <= ACCORD_SLIP)
            return o;
    }
    return NULL;
}

static struct alarm_facts facts_of(const struct link_result *r) {
    struct alarm_facts f = {.rule = r->rule, .wrong = r->wrong, .kind = r->kind};
    if (r->holder == NULL) return f;
    f.holder = &r->holder->likeness;
    const struct found *o = better(r, f.holder);
    if (o == NULL) return f;
    struct str a = packed_second(o->resident), b = packed_second(r->holder->resident);
    f.household = a.n && str_eq(a, b);
    f.same_birth = day_eq(o->resident->birth, r->holder->resident->birth);
    return f;
}

/* Of both sides and of whoever is within reach: the same as long as none of it changes. */
static void name_alarm(const struct link_result *r, uint8_t out[ALARM_ID_BYTES]) {
    uint8_t full[crypto_generichash_BYTES_MIN];
    crypto_generichash_state h;
    const struct packed *m = &r->member->packed;
    (void)crypto_generichash_init(&h, NULL, 0, sizeof full);
    (void)crypto_generichash_update(&h, (const uint8_t *)&r->member->insurer.n, sizeof r->member->insurer.n);
    (void)crypto_generichash_update(&h, (const uint8_t *)&m->birth.n, sizeof m->birth.n);
    (void)crypto_generichash_update(&h, (const uint8_t *)m->texts, m->end[PACKED_TEXTS - 1]);
    for (size_t i = 0; i < r->found_count; i++) {
        const struct packed *p = r->found[i].resident;
        (void)crypto_generichash_update(&h, (const uint8_t *)&p->birth.n, sizeof p->birth.n);
        (void)crypto_generichash_update(&h, (const uint8_t *)p->texts, p->end[PACKED_TEXTS - 1]);
    }
    (void)crypto_generichash_final(&h, full, sizeof full);
    memcpy(out, full, ALARM_ID_BYTES);
}

static void put_remark(struct buf *b, const char *fact, const struct remark *f, bool first) {
    const struct reason_info *info = reason_info(f->reason);
    buf_printf(b, "%s{\"fact\":\"%s\",\"agrees\":%s,\"reason\":\"%s\"", first ? "" : ",", fact,
               info->agrees ? "true" : "false", info->name);
    if (f->a.n || f->b.n) buf_puts(b, ",\"a\":"), buf_json(b, f->a), buf_puts(b, ",\"b\":"), buf_json(b, f->b);
    buf_puts(b, ",\"ja\":"), buf_json(b, str_c(info->ja));
    buf_puts(b, ",\"en\":"), buf_json(b, str_c(info->en));
    buf_putc(b, '}');
}

static void put_sex(struct buf *b, const struct likeness *l, bool first) {
    bool same = l->of[TRAIT_SEX] == ACCORD_AGREES, known = l->of[TRAIT_SEX] != ACCORD_UNKNOWN;
    buf_printf(b, "%s{\"fact\":\"sex\",\"agrees\":%s,\"reason\":\"%s\",\"ja\":\"%s\",\"en\":\"%s\"}", first ? "" : ",",
               same ? "true" : "false",
               same    ? "SAME"
               : known ? "OTHER"
                       : "NOT_SET",
               same    ? "性別は同じです"
               : known ? "性別がちがいます"
                       : "性別が設定されていません",
               same    ? "the same sex"
               : known ? "the sex differs"
                       : "sex is not set");
}

static enum err put_reasons(struct buf *b, const struct person *m, const struct link_result *r, struct diag *d) {
    bool first = true;
    buf_puts(b, ",\"reasons\":[");
    if (r->holder) {
        struct person p = packed_person(r->holder->resident);
        for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
            struct comparison c;
            TRY(person_explain(m, &p, &r->holder->likeness, facts[i].fact, &c, d));
            for (size_t k = 0; k < c.finding_count; k++, first = false)
                put_remark(b, facts[i].name, &c.findings[k], first);
        }
        put_sex(b, &r->holder->likeness, first);
    }
    buf_putc(b, ']');
    return ERR_OK;
}

static void put_other(struct buf *b, const struct found *o, const struct link_result *r) {
    struct person p = packed_person(o->resident);
    struct str a = packed_second(o->resident), h = r->holder ? packed_second(r->holder->resident) : S("");
    bool household = a.n && str_eq(a, h), born = r->holder && day_eq(o->resident->birth, r->holder->resident->birth);
    enum alarm_cause why = !household ? CAUSE_NAMESAKE : born ? CAUSE_TWIN : CAUSE_FAMILY;
    buf_puts(b, "{\"resident\":"), buf_json(b, packed_first(o->resident));
    buf_printf(b, ",\"why\":\"%s\",\"registry\":", alarm_cause_info(why)->code);
    links_put_person(b, &p);
    buf_putc(b, '}');
}

static enum err put_alarm(struct buf *b, const struct link_result *r, const struct alarm_facts *f,
                          const uint8_t id[ALARM_ID_BYTES], struct diag *d) {
    const struct alarm_cause_info *cause = alarm_cause_info(alarm_cause(f));
    struct person m = packed_person(&r->member->packed);
    uint32_t wrong = f->holder ? f->wrong : DOUBT_CERTAIN;
    bool first = true;
    buf_puts(b, "{\"alarm\":\""), buf_hex(b, str_of(id, ALARM_ID_BYTES));
    buf_printf(b, "\",\"probability\":%u.%06u,\"cause\":\"%s\",\"rule\":\"%s\",\"member\":", wrong / DOUBT_CERTAIN,
               wrong % DOUBT_CERTAIN, cause->code, link_rule_info(r->rule)->code);
    links_put_member(b, r->member);
    buf_puts(b, ",\"resident\":"), buf_json(b, packed_third(&r->member->packed));
    buf_puts(b, ",\"record\":"), links_put_person(b, &m);
    if (r->holder) {
        struct person p = packed_person(r->holder->resident);
        buf_puts(b, ",\"registry\":"), links_put_person(b, &p);
    }
    buf_puts(b, ",\"others\":[");
    for (size_t i = 0, n = 0; i < r->found_count && n < LINK_OTHERS_MAX; i++) {
        if (r->found[i].holder) continue;
        if (!first) buf_putc(b, ',');
        put_other(b, &r->found[i], r), first = false, n++;
    }
    buf_putc(b, ']');
    TRY(put_reasons(b, &m, r, d));
    buf_printf(b, ",\"next\":\"%s\",\"ja\":\"%s\",\"en\":\"%s\"}\n", alarm_next_info(alarm_next(f))->code, cause->ja,
               cause->en);
    return ERR_OK;
}

/* ---- all of them ---- */

static enum err in_folder(const struct alarms *a, const char *name, char out[PATH_MAX], struct diag *d) {
    return snprintf(out, PATH_MAX, "%s/%s", a->folder, name) < PATH_MAX ? ERR_OK
                                                                        : diag_set(d, ERR_LIMIT, "--out", NULL);
}

enum err alarms_open(struct alarms *a, struct world *w, const char *folder, struct diag *d) {
    char path[PATH_MAX];
    *a = (struct alarms){.world = w, .folder = folder, .fd = -1};
    buf_init(&a->line, ALARM_LINE_MAX);
    TRY(world_make_folder(folder, d));
    TRY(in_folder(a, "alarms.lines", path, d));
    a->fd = w->open(w, path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (a->fd < 0 || w->unlink(w, path) != 0) return diag_errno(d, path);
    return ERR_OK;
}

enum err alarms_take(struct alarms *a, const struct link_result *r, bool *rang, struct diag *d) {
    struct alarm_facts f = facts_of(r);
    if (!(*rang = alarm_rings(&f))) return ERR_OK;
    if (a->count == a->room) {
        size_t room = a->room ? a->room * 2 : PLACES_FIRST;
        struct alarm_place *p = realloc(a->places, room * sizeof *p);
        if (p == NULL) return diag_set(d, ERR_MEMORY, "alarms", NULL);
        a->places = p, a->room = room;
    }
    struct alarm_place *p = &a->places[a->count];
    *p = (struct alarm_place){.at = a->size,
                              .wrong = f.holder ? f.wrong : DOUBT_CERTAIN,
                              .contradicted = link_rule_info(r->rule)->outcome == LINK_CONTRADICTED};
    name_alarm(r, p->id);
    buf_reset(&a->line);
    TRY(put_alarm(&a->line, r, &f, p->id, d));
    if (!buf_ok(&a->line)) return diag_set(d, ERR_LIMIT, "alarms", NULL);
    TRY(world_write_all(a->world, a->fd, buf_str(&a->line), (off_t)a->size, d));
    p->n = (uint32_t)a->line.n;
    a->size += a->line.n, a->count++, a->causes[alarm_cause(&f)]++;
    return ERR_OK;
}

static int by_rank(const void *a, const void *b) {
    const struct alarm_place *x = a, *y = b;
    if (x->wrong != y->wrong) return x->wrong > y->wrong ? -1 : 1;
    if (x->contradicted != y->contradicted) return x->contradicted ? -1 : 1;
    return memcmp(x->id, y->id, sizeof x->id);
}

/* The line with its rank put behind its name. */
static enum err copy_line(struct alarms *a, const struct alarm_place *p, size_t rank, struct buf *out, struct diag *d) {
    buf_reset(&a->line);
    char *to = buf_room(&a->line, p->n);
    if (to == NULL) return diag_set(d, ERR_MEMORY, "alarms", NULL);
    ssize_t n = a->world->pread(a->world, a->fd, to, p->n, (off_t)p->at);
    if (n != (ssize_t)p->n) return diag_errno(d, "alarms");
    struct str line = str_of(to, p->n);
    buf_put(out, str_head(line, sizeof ALARM_HEAD - 1));
    buf_printf(out, ",\"rank\":%zu", rank);
    buf_put(out, str_skip(line, sizeof ALARM_HEAD - 1));
    return ERR_OK;
}

static enum err write_ranked(struct alarms *a, int fd, struct diag *d) {
    struct buf out;
    uint64_t at = 0;
    enum err e = ERR_OK;
    buf_init(&out, 2 * OUT_BYTES + ALARM_LINE_MAX);
    qsort(a->places, a->count, sizeof *a->places, by_rank);
    for (size_t i = 0; i <= a->count && e == ERR_OK; i++) {
        if (i < a->count) e = copy_line(a, &a->places[i], i + 1, &out, d);
        if (e != ERR_OK || (out.n < OUT_BYTES && i < a->count)) continue;
        e = buf_ok(&out) ? world_write_all(a->world, fd, buf_str(&out), (off_t)at, d)
                         : diag_set(d, ERR_MEMORY, "alarms", NULL);
        at += out.n, buf_reset(&out);
    }
    buf_fini(&out);
    return e;
}

enum err alarms_finish(struct alarms *a, struct diag *d) {
    char part[PATH_MAX], path[PATH_MAX];
    struct world *w = a->world;
    TRY(in_folder(a, "alarms.ndjson.part", part, d));
    TRY(in_folder(a, "alarms.ndjson", path, d));
    int fd = w->open(w, part, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) return diag_errno(d, part);
    enum err e = write_ranked(a, fd, d);
    if (e == ERR_OK && w->fdatasync(w, fd) != 0) e = diag_errno(d, part);
    w->close(w, fd);
    if (e == ERR_OK && (w->rename(w, part, path) != 0 || w->sync_folder(w, a->folder) != 0)) e = diag_errno(d, path);
    return e;
}

void alarms_close(struct alarms *a) {
    if (a->fd >= 0) a->world->close(a->world, a->fd);
    buf_fini(&a->line);
    free(a->places);
    a->places = NULL, a->fd = -1;
}
