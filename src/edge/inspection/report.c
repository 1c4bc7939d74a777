#include "edge/inspection/report.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

enum { SUMMARY_MAX = 64 << 10 };

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
    *r = (struct report){.world = w, .folder = folder, .on = on};
    for (size_t k = 0; k < FINDING_COUNT; k++) buf_init(&r->kinds[k].lines, REPORT_KIND_BYTES);
    TRY(world_make_folder(folder, d));
    return remove_old(r, "summary.json", d);
}

void report_close(struct report *r) {
    for (size_t k = 0; k < FINDING_COUNT; k++) buf_fini(&r->kinds[k].lines);
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

static void put_line(struct buf *b, const struct finding *f) {
    const struct finding_info *i = finding_info(f->kind);
    buf_printf(b, "{\"rank\":%u,\"code\":\"%s\",\"level\":\"%s\"", (unsigned)f->kind + 1, i->code,
               finding_level_name(i->level));
    key_members(b, f);
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

static void put_summary(struct buf *b, const struct report *r) {
    const char *comma = "";
    buf_puts(b, "{\"on\":\""), day_put_iso(b, r->on);
    buf_printf(b, "\",\"insurers\":%llu,\"insurers_with_findings\":%llu,\"members\":%llu,\"findings\":{",
               (unsigned long long)r->insurers, (unsigned long long)r->insurers_with_findings,
               (unsigned long long)r->members);
    for (unsigned k = 0; k < FINDING_COUNT; k++, comma = ",")
        buf_printf(b, "%s\"%s\":%llu", comma, finding_info(k)->code, (unsigned long long)r->kinds[k].found_in_all);
    buf_puts(b, "}}\n");
}

enum err report_finish(struct report *r, struct diag *d) {
    char path[PATH_MAX];
    struct buf b;
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
    bool any = false;
    buf_printf(out, "保険者 %llu、加入者 %llu 人を ", (unsigned long long)r->insurers, (unsigned long long)r->members);
    day_put_iso(out, r->on);
    buf_printf(out, " について点検しました / inspected: %llu insurers, %llu members\n\n",
               (unsigned long long)r->insurers, (unsigned long long)r->members);
    for (unsigned k = 0; k < FINDING_COUNT; k++) {
        const struct finding_info *i = finding_info(k);
        if (r->kinds[k].found_in_all == 0) continue;
        any = true;
        buf_printf(out, "  %s %8llu  %s\n  %13s %8s  %s\n", levels[i->level],
                   (unsigned long long)r->kinds[k].found_in_all, i->ja, "", "", i->en);
    }
    if (!any) buf_puts(out, "  おかしなところは見つかりませんでした / nothing was found\n");
    else buf_printf(out, "\n  → %s/<保険者番号>.ndjson, summary.json\n", r->folder);
}
