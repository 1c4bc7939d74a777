#include "edge/inspection/report.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

enum { SUMMARY_MAX = 64 << 10, NOTICES_FLUSH = 1 << 20, NOTICE_BYTES_MAX = 8 << 10 };
#define NOTICES     "notices.ndjson"
#define NOTICES_NEW "notices.ndjson.new"

static enum err path_of(const struct report *r, const char *name, char out[PATH_MAX], struct diag *d) {
    return snprintf(out, PATH_MAX, "%s/%s", r->folder, name) < PATH_MAX ? ERR_OK
                                                                        : diag_set(d, ERR_LIMIT, "--out", NULL);
}

static enum err remove_old(const struct report *r, const char *name, struct diag *d) {
    char path[PATH_MAX];
    TRY(path_of(r, name, path, d));
    return r->world->unlink(r->world, path) == 0 || errno == ENOENT ? ERR_OK : diag_errno(d, path);
}

enum err report_open(struct report *r, struct world *w, const char *folder, struct day on, struct diag *d) {
    *r = (struct report){.world = w, .folder = folder, .on = on, .notices_fd = -1};
    buf_init(&r->notices, NOTICES_FLUSH + NOTICE_BYTES_MAX);
    for (size_t k = 0; k < FINDING_COUNT; k++) buf_init(&r->kinds[k].lines, REPORT_KIND_BYTES);
    TRY(world_make_folder(folder, d));
    TRY(remove_old(r, "summary.json", d));
    TRY(remove_old(r, NOTICES, d));
    return remove_old(r, NOTICES_NEW, d);
}

void report_close(struct report *r) {
    for (size_t k = 0; k < FINDING_COUNT; k++) buf_fini(&r->kinds[k].lines);
    buf_fini(&r->notices);
    if (r->notices_fd >= 0) r->world->close(r->world, r->notices_fd);
}

/* ---- one finding ---- */

static void text_member(struct buf *b, const char *name, struct str s) {
    if (s.n == 0) return;
    buf_printf(b, ",\"%s\":", name);
    buf_json(b, s);
}

static void key_members(struct buf *b, const struct finding *f) {
    const struct member *m = f->member;
    buf_puts(b, ",\"insurer\":\""), insurer_number_put(b, m->insurer), buf_putc(b, '"');
    text_member(b, "symbol", m->id.symbol);
    text_member(b, "number", m->id.number);
    if (m->id.branch != BRANCH_NONE) buf_puts(b, ",\"branch\":\""), branch_put(b, m->id.branch), buf_putc(b, '"');
    if (f->period) buf_puts(b, ",\"start\":\""), day_put_iso(b, f->period->start), buf_putc(b, '"');
}

static void put_other(struct buf *b, const struct finding *f) {
    if (f->days) buf_printf(b, ",\"days\":%u", f->days);
    if (f->other == NULL) return;
    buf_puts(b, ",\"other\":{\"insurer\":\""), insurer_number_put(b, f->other->insurer);
    buf_puts(b, "\",\"start\":\""), day_put_iso(b, f->other->start);
    if (day_is(f->other->lost)) buf_puts(b, "\",\"lost\":\""), day_put_iso(b, f->other->lost);
    buf_puts(b, "\"}");
}

static void put_line(struct buf *b, const struct finding *f) {
    const struct finding_info *i = finding_info(f->kind);
    buf_printf(b, "{\"rank\":%u,\"code\":\"%s\",\"level\":\"%s\"", (unsigned)f->kind + 1, i->code,
               finding_level_name(i->level));
    key_members(b, f);
    put_other(b, f);
    text_member(b, "ja", str_c(i->ja)), text_member(b, "en", str_c(i->en));
    text_member(b, "todo_ja", str_c(i->todo_ja)), text_member(b, "todo_en", str_c(i->todo_en));
    text_member(b, "source", str_c(i->source));
    buf_puts(b, "}\n");
}

void report_take(struct report *r, const struct finding *f) {
    struct buf *b = &r->kinds[f->kind].lines;
    size_t before = b->n;
    r->kinds[f->kind].found++, r->kinds[f->kind].found_in_all++;
    if (r->kinds[f->kind].listed == REPORT_LINES_MAX || !buf_ok(b)) return;
    put_line(b, f);
    if (buf_ok(b)) r->kinds[f->kind].listed++;
    else b->n = before; /* the half line; what follows is counted alone */
}

/* ---- an insurer, and all ---- */

static void put_more(struct buf *out, unsigned kind, uint64_t more) {
    buf_printf(out, "{\"rank\":%u,\"code\":\"%s\",\"more\":%llu}\n", kind + 1, finding_info(kind)->code,
               (unsigned long long)more);
}

static void put_all_kinds(struct buf *out, struct report *r) {
    for (unsigned k = 0; k < FINDING_COUNT; k++) {
        uint64_t more = r->kinds[k].found - r->kinds[k].listed;
        buf_put(out, buf_str(&r->kinds[k].lines));
        if (more) put_more(out, k, more);
        buf_reset(&r->kinds[k].lines);
        r->kinds[k].found = r->kinds[k].listed = 0;
    }
}

enum err report_insurer(struct report *r, struct insurer_number insurer, uint64_t members, struct diag *d) {
    char name[32], path[PATH_MAX];
    struct buf out, n = buf_over(name, sizeof name);
    insurer_number_put(&n, insurer), buf_puts(&n, ".ndjson"), buf_u8(&n, 0);
    r->insurers++, r->members += members;
    buf_init(&out, (size_t)FINDING_COUNT * (REPORT_KIND_BYTES + 128));
    put_all_kinds(&out, r);
    enum err e = buf_ok(&out) ? path_of(r, name, path, d) : diag_set(d, ERR_MEMORY, name, NULL);
    if (e == ERR_OK && out.n == 0) e = remove_old(r, name, d);
    else if (e == ERR_OK) r->insurers_with_findings++, e = world_replace_file(r->world, path, buf_str(&out), 0600, d);
    buf_fini(&out);
    return e;
}

/* ---- for the people ---- */

enum err report_begin_notices(struct report *r, struct diag *d) {
    char path[PATH_MAX];
    TRY(path_of(r, NOTICES_NEW, path, d));
    r->notices_fd = r->world->open(r->world, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    r->between = r->notices_fd >= 0;
    return r->between ? ERR_OK : diag_errno(d, path);
}

static enum err flush_notices(struct report *r, struct diag *d) {
    TRY(world_write_all(r->world, r->notices_fd, buf_str(&r->notices), r->notices_at, d));
    r->notices_at += (off_t)r->notices.n;
    buf_reset(&r->notices);
    return ERR_OK;
}

enum err report_notice(struct report *r, const struct notice *n, struct diag *d) {
    notice_put(&r->notices, n);
    r->notice_count++;
    if (!buf_ok(&r->notices)) return diag_set(d, ERR_MEMORY, NOTICES, NULL);
    return r->notices.n < NOTICES_FLUSH ? ERR_OK : flush_notices(r, d);
}

static enum err finish_notices(struct report *r, struct diag *d) {
    char from[PATH_MAX], to[PATH_MAX];
    struct world *w = r->world;
    TRY(path_of(r, NOTICES_NEW, from, d));
    TRY(path_of(r, NOTICES, to, d));
    TRY(flush_notices(r, d));
    if (w->fdatasync(w, r->notices_fd) != 0) return diag_errno(d, from);
    if (w->rename(w, from, to) != 0) return diag_errno(d, to);
    return w->sync_folder(w, r->folder) == 0 ? ERR_OK : diag_errno(d, r->folder);
}

static void put_between(struct buf *b, const struct report *r) {
    const struct changes_figures *c = &r->changes;
    buf_printf(b,
               ",\"between\":{\"links\":%llu,\"unmatched\":%llu,\"people\":%llu,\"left_out\":%llu,\"gaps\":%llu,"
               "\"open_gaps\":%llu,\"overlaps\":%llu,\"notices\":%llu}",
               (unsigned long long)c->links, (unsigned long long)c->unmatched, (unsigned long long)c->people,
               (unsigned long long)c->left_out, (unsigned long long)c->gaps, (unsigned long long)c->open_gaps,
               (unsigned long long)c->overlaps, (unsigned long long)r->notice_count);
}

static void put_summary(struct buf *b, const struct report *r) {
    const char *comma = "";
    buf_puts(b, "{\"on\":\""), day_put_iso(b, r->on);
    buf_printf(b, "\",\"insurers\":%llu,\"insurers_with_findings\":%llu,\"members\":%llu,\"findings\":{",
               (unsigned long long)r->insurers, (unsigned long long)r->insurers_with_findings,
               (unsigned long long)r->members);
    for (unsigned k = 0; k < FINDING_COUNT; k++, comma = ",")
        buf_printf(b, "%s\"%s\":%llu", comma, finding_info(k)->code, (unsigned long long)r->kinds[k].found_in_all);
    buf_putc(b, '}');
    if (r->between) put_between(b, r);
    buf_puts(b, "}\n");
}

enum err report_finish(struct report *r, struct diag *d) {
    char path[PATH_MAX];
    struct buf b;
    if (r->between) TRY(finish_notices(r, d));
    TRY(path_of(r, "summary.json", path, d));
    buf_init(&b, SUMMARY_MAX);
    put_summary(&b, r);
    enum err e = buf_ok(&b) ? world_replace_file(r->world, path, buf_str(&b), 0600, d)
                            : diag_set(d, ERR_MEMORY, "summary", NULL);
    buf_fini(&b);
    return e;
}

void report_put_text(struct buf *out, const struct report *r) {
    static const char *const levels[] = {"誤り wrong   ", "欠け missing ", "疑い doubtful"};
    const struct changes_figures *c = &r->changes;
    bool any = false;
    buf_printf(out, "保険者 %llu、加入者 %llu 人を ", (unsigned long long)r->insurers, (unsigned long long)r->members);
    day_put_iso(out, r->on);
    buf_printf(out, " について点検しました / inspected: %llu insurers, %llu members\n", (unsigned long long)r->insurers,
               (unsigned long long)r->members);
    if (r->between)
        buf_printf(
            out,
            "ひも付け %llu 件、%llu 人について保険者の間も見ました: 空白 %llu 件 (うち今も %llu 件)、重なり %llu 件\n"
            "between insurers, by %llu links of %llu people: %llu gaps (%llu of them open), %llu overlaps\n",
            (unsigned long long)c->links, (unsigned long long)c->people, (unsigned long long)(c->gaps + c->open_gaps),
            (unsigned long long)c->open_gaps, (unsigned long long)c->overlaps, (unsigned long long)c->links,
            (unsigned long long)c->people, (unsigned long long)(c->gaps + c->open_gaps),
            (unsigned long long)c->open_gaps, (unsigned long long)c->overlaps);
    buf_putc(out, '\n');
    for (unsigned k = 0; k < FINDING_COUNT; k++) {
        const struct finding_info *i = finding_info(k);
        if (r->kinds[k].found_in_all == 0) continue;
        any = true;
        buf_printf(out, "  %s %8llu  %s\n  %13s %8s  %s\n", levels[i->level],
                   (unsigned long long)r->kinds[k].found_in_all, i->ja, "", "", i->en);
    }
    if (!any) buf_puts(out, "  おかしなところは見つかりませんでした / nothing was found\n");
    else buf_printf(out, "\n  → %s/<保険者番号>.ndjson, summary.json\n", r->folder);
    if (r->between)
        buf_printf(out, "  → %s/" NOTICES " (本人へ %llu 件 / %llu notices for the people)\n", r->folder,
                   (unsigned long long)r->notice_count, (unsigned long long)r->notice_count);
}
