/* mado ledger verify · mado ledger list: what anyone may ask of the log. Shows no person: the log holds none. */
#include "state/ledger/ledger.h"
#include "base/buf.h"
#include "cmd/cmd.h"
#include "core/audit_event.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum { LAST_DEFAULT = 20, LAST_MAX = 10000, LINE_MAX_BYTES = 4 * LEDGER_RECORD_MAX, SUBJECT_SHOWN = 6 };

struct folder_seen {
    bool any, store;
};

/* A store has members, a copy of its log has that. */
static bool look(void *ctx, const char *name) {
    struct folder_seen *seen = ctx;
    seen->any = true;
    if (strcmp(name, "coverage") == 0 || strcmp(name, "ledger") == 0) seen->store = true;
    return !seen->store;
}

/* DIR/ledger. A folder that is not there, or holds something else, is a mistyped name and not an empty log. */
static enum err ledger_folder(const char *store, char out[PATH_MAX], struct diag *d) {
    struct world *w = world_real();
    struct folder_seen seen = {0};
    bool there = w->list(w, store, look, &seen) == 0;
    if (!there && errno != ENOENT) return diag_errno(d, store);
    if (!there || (seen.any && !seen.store))
        return diag_set(d, ERR_NOT_FOUND, store, "ここに保管庫はありません / there is no store here");
    return snprintf(out, PATH_MAX, "%s/ledger", store) < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "--store", NULL);
}

static void print_buf(struct buf *b) {
    fwrite(b->p, 1, b->n, stdout);
    buf_reset(b);
}

static void put_time(struct buf *b, struct str body) {
    struct audit_event e;
    if (audit_event_read(body, &e)) time_put_utc(b, e.at_us);
    else buf_puts(b, "?");
}

struct totals {
    struct buf line;
    uint64_t writers, records;
};

static void print_writer(void *ctx, const struct ledger_writer *r) {
    struct totals *t = ctx;
    struct buf *b = &t->line;
    t->writers++, t->records += r->records;
    buf_printf(b, "%s: 記録 %llu 件、セグメント %llu 個 / %llu records in %llu commits, %llu segments, %llu bytes\n",
               r->name, (unsigned long long)r->records, (unsigned long long)r->segments, (unsigned long long)r->records,
               (unsigned long long)r->commits, (unsigned long long)r->segments, (unsigned long long)r->bytes);
    if (r->records) {
        buf_puts(b, "    最初 / first: 0 (");
        put_time(b, r->first);
        buf_printf(b, ")  最後 / last: %llu (", (unsigned long long)(r->records - 1));
        put_time(b, r->last);
        buf_puts(b, ")\n");
    }
    buf_puts(b, "    連鎖の先頭 / chain head: ");
    buf_hex(b, str_of(r->head, sizeof r->head));
    buf_putc(b, '\n');
    if (r->torn)
        buf_printf(
            b,
            "    末尾に書きかけの %llu バイト (書込中か、中断の跡。受理済みの記録ではありません) / an unfinished commit of %llu "
            "bytes at the end (being written, or left by a crash; nothing in it was acknowledged)\n",
            (unsigned long long)r->torn, (unsigned long long)r->torn);
    else if (r->records && !r->closed)
        buf_puts(b, "    使用中か、終了処理なしで止まった / in use, or stopped without closing\n");
    print_buf(b);
}

static int verify(const char *folder) {
    struct totals t = {0};
    struct diag d = {0};
    buf_init(&t.line, LINE_MAX_BYTES);
    enum err e = ledger_verify(world_real(), folder, print_writer, &t, &d);
    buf_fini(&t.line);
    if (e != ERR_OK) return cmd_fail(&d);
    printf("すべて正しい: 書き手 %llu、記録 %llu 件 / all checks: %llu writers, %llu records\n",
           (unsigned long long)t.writers, (unsigned long long)t.records, (unsigned long long)t.writers,
           (unsigned long long)t.records);
    return 0;
}

/* ---- list ---- */

struct kept {
    int64_t at_us;
    char writer[LEDGER_WRITER_MAX + 1];
    uint64_t index;
    uint16_t n;
    char body[LEDGER_RECORD_MAX];
};
/* The newest `max` by time: a heap with the oldest of them on top. */
struct newest {
    struct kept *kept;
    size_t n, max;
};

static int by_time(const void *a, const void *b) {
    const struct kept *x = a, *y = b;
    if (x->at_us != y->at_us) return x->at_us < y->at_us ? -1 : 1;
    int writer = strcmp(x->writer, y->writer);
    return writer ? writer : x->index < y->index ? -1 : x->index > y->index;
}

static void swap(struct kept *a, struct kept *b) {
    struct kept t = *a;
    *a = *b, *b = t;
}

static void sift_up(struct newest *l, size_t i) {
    for (; i && by_time(&l->kept[i], &l->kept[(i - 1) / 2]) < 0; i = (i - 1) / 2)
        swap(&l->kept[i], &l->kept[(i - 1) / 2]);
}

static void sift_down(struct newest *l) {
    for (size_t i = 0, child; (child = 2 * i + 1) < l->n; i = child) {
        if (child + 1 < l->n && by_time(&l->kept[child + 1], &l->kept[child]) < 0) child++;
        if (by_time(&l->kept[i], &l->kept[child]) <= 0) return;
        swap(&l->kept[i], &l->kept[child]);
    }
}

static bool keep(void *ctx, const struct ledger_entry *e) {
    struct newest *l = ctx;
    struct audit_event event;
    struct kept k = {
        .at_us = audit_event_read(e->body, &event) ? event.at_us : 0, .index = e->index, .n = (uint16_t)e->body.n};
    snprintf(k.writer, sizeof k.writer, "%s", e->writer);
    memcpy(k.body, e->body.p, e->body.n);
    if (l->n < l->max) {
        l->kept[l->n++] = k;
        sift_up(l, l->n - 1);
    } else if (by_time(&k, &l->kept[0]) > 0) {
        l->kept[0] = k;
        sift_down(l);
    }
    return true;
}

static void put_subject(struct buf *b, const struct audit_event *e) {
    if (e->subject_kind == SUBJECT_NONE) return buf_puts(b, "-");
    buf_puts(b, e->subject_kind == SUBJECT_UNMATCHED ? "unmatched:" : "");
    buf_hex(b, str_of(e->subject, SUBJECT_SHOWN));
}

static void put_answer(struct buf *b, const struct audit_event *e) {
    if (e->refusal) {
        enum err why = err_of_number(e->refusal);
        if (why != ERR_COUNT) buf_printf(b, "MDO%sE", err_info(why)->code);
        else buf_printf(b, "refusal %u", e->refusal);
    } else if (e->validity) buf_printf(b, "validity %u", e->validity);
    else buf_puts(b, "-");
    if (e->count) buf_printf(b, " × %u", e->count);
}

/* "カードでは…": what came of a card, else how it was proven. */
static void put_how(struct buf *b, const struct audit_event *e) {
    const struct proof_info *p = proof_info((enum proof)e->proof);
    const struct card_verdict_info *v = card_verdict_info((enum card_verdict)e->card);
    if (p) buf_printf(b, "  %s", p->code);
    if (v) buf_printf(b, "  card:%s", v->code);
}

static void put_event(struct buf *b, const struct audit_event *e) {
    time_put_utc(b, e->at_us);
    buf_printf(b, "  %s/%s  %s  ", audit_kind_ja(e->kind), audit_kind_en(e->kind), audit_door_name(e->door));
    if (e->institution.n) institution_code_put(b, e->institution);
    else buf_printf(b, "operator (uid %u)", e->user);
    buf_puts(b, "  ");
    put_subject(b, e);
    buf_puts(b, "  ");
    put_answer(b, e);
    put_how(b, e);
}

static void print_kept(struct buf *b, const struct kept *k) {
    struct audit_event e;
    buf_printf(b, "%s #%llu  ", k->writer, (unsigned long long)k->index);
    if (audit_event_read(str_of(k->body, k->n), &e)) put_event(b, &e);
    else buf_hex(b, str_of(k->body, k->n));
    buf_putc(b, '\n');
    print_buf(b);
}

static int list(const char *folder, size_t max) {
    struct newest l = {.kept = malloc((max ? max : 1) * sizeof *l.kept), .max = max};
    struct diag d = {0};
    struct buf b;
    if (l.kept == NULL) return (void)!diag_set(&d, ERR_MEMORY, "--last", NULL), cmd_fail(&d);
    enum err e = max ? ledger_read(world_real(), folder, keep, &l, &d) : ERR_OK;
    qsort(l.kept, l.n, sizeof *l.kept, by_time);
    buf_init(&b, LINE_MAX_BYTES);
    for (size_t i = 0; i < l.n; i++) print_kept(&b, &l.kept[i]);
    buf_fini(&b);
    free(l.kept);
    return e == ERR_OK ? 0 : cmd_fail(&d);
}

int cmd_ledger(const struct cmd_args *args) {
    char folder[PATH_MAX];
    struct diag d = {0};
    uint64_t last;
    const char *verb = args->rest_count == 1 ? args->rest[0] : "";
    bool verifies = strcmp(verb, "verify") == 0;
    if (!verifies && strcmp(verb, "list") != 0) {
        fprintf(stderr, "mado ledger: verify か list を指定してください / say verify or list\n  → mado help ledger\n");
        return EXIT_USAGE;
    }
    if (!cmd_number(args, "last", LAST_MAX, LAST_DEFAULT, &last)) return EXIT_USAGE;
    if (ledger_folder(cmd_value(args, "store"), folder, &d) != ERR_OK) return cmd_fail(&d);
    return verifies ? verify(folder) : list(folder, last);
}
