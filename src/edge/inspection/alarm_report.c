#include "edge/inspection/alarm_report.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define BOM "\xef\xbb\xbf" /* spreadsheets take UTF-8 for Shift_JIS without it */

static enum err path_of(const struct alarm_report *r, const char *name, char out[PATH_MAX], struct diag *d) {
    return snprintf(out, PATH_MAX, "%s/%s", r->folder, name) < PATH_MAX ? ERR_OK
                                                                        : diag_set(d, ERR_LIMIT, "--out", NULL);
}

enum err alarm_report_open(struct alarm_report *r, struct world *w, const char *folder, struct day on, struct diag *d) {
    char path[PATH_MAX];
    *r = (struct alarm_report){.world = w, .folder = folder, .on = on, .curve_step = 1};
    TRY(path_of(r, "alarms", path, d));
    TRY(world_make_folder(path, d));
    return sort_open(&r->lines, w, folder, ALARM_REPORT_MEMORY, d);
}

void alarm_report_close(struct alarm_report *r) {
    sort_close(r->lines);
    r->lines = NULL;
}

/* ---- counting ---- */

static void count_curve(struct alarm_report *r) {
    if (r->n % r->curve_step != 0) return;
    if (r->curve_n == ALARM_CURVE_POINTS) { /* every second point goes */
        for (size_t i = 0; i < ALARM_CURVE_POINTS / 2; i++) r->curve[i] = r->curve[2 * i + 1];
        r->curve_n /= 2, r->curve_step *= 2;
        if (r->n % r->curve_step != 0) return;
    }
    r->curve[r->curve_n++] = r->true_alarms;
}

static enum alarm_known by_decision(enum review_state s) {
    if (s == REVIEW_STATE_RIGHT) return ALARM_KNOWN_RIGHT;
    return s == REVIEW_STATE_UNLINKED ? ALARM_KNOWN_WRONG : ALARM_KNOWN_NOT;
}

static void count(struct alarm_report *r, const struct alarm *a, const struct review_case *c, enum alarm_known known) {
    struct alarm_cause_row *cause = &r->causes[a->cause];
    uint32_t decile = a->wrong_ppm / (ALARM_CERTAIN / ALARM_DECILES);
    struct alarm_decile *d = &r->deciles[decile < ALARM_DECILES ? decile : ALARM_DECILES - 1];
    r->n++, cause->n++, d->n++, r->states[c->state]++;
    r->settled += review_settled(c), r->closed += c->closed;
    cause->unlinked += c->state == REVIEW_STATE_UNLINKED, cause->right += c->state == REVIEW_STATE_RIGHT;
    cause->wrong += known == ALARM_KNOWN_WRONG, r->true_alarms += known == ALARM_KNOWN_WRONG;
    if (!r->truth) known = by_decision(c->state);
    if (known != ALARM_KNOWN_NOT) d->known++, d->ppm += a->wrong_ppm, d->wrong += known == ALARM_KNOWN_WRONG;
    count_curve(r);
}

/* ---- a line of an insurer's file ---- */

/* Quoted always; what a spreadsheet would take for a formula is kept from it. */
static void put_field(struct buf *b, struct str s) {
    bool formula = s.n && strchr("=+-@", s.p[0]);
    buf_puts(b, b->n ? ",\"" : "\"");
    if (formula) buf_putc(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"') buf_putc(b, '"');
        buf_putc(b, s.p[i] == '\n' || s.p[i] == '\r' ? ' ' : s.p[i]);
    }
    buf_putc(b, '"');
}

static void put_number(struct buf *b, uint64_t n) { buf_printf(b, "%s%llu", b->n ? "," : "", (unsigned long long)n); }

static void put_line(struct buf *b, const struct alarm *a, const struct review_case *c) {
    char room[2 * ALARM_ID_BYTES], branch_room[8];
    struct buf id = buf_over(room, sizeof room), branch = buf_over(branch_room, sizeof branch_room);
    alarm_id_put(&id, a->id), branch_put(&branch, a->member.branch);
    put_number(b, a->rank);
    put_field(b, buf_str(&id));
    buf_printf(b, ",%u.%04u", a->wrong_ppm / ALARM_CERTAIN, a->wrong_ppm % ALARM_CERTAIN / 100);
    put_field(b, str_c(alarm_cause_word(a->cause).code)), put_field(b, str_c(alarm_cause_word(a->cause).ja));
    put_field(b, a->member.symbol), put_field(b, a->member.number), put_field(b, buf_str(&branch));
    put_field(b, str_c(alarm_next_word(a->next).ja)), put_field(b, str_c(review_state_word(c->state).ja));
    buf_puts(b, c->closed ? ",1" : ",0");
    buf_puts(b, "\r\n");
}

enum { KEY_BYTES = 8 };

/* insurer u32 ‖ rank u32 ‖ state u8 ‖ line */
static enum err keep_line(struct alarm_report *r, const struct alarm *a, const struct review_case *c, struct diag *d) {
    char line_room[2048], room[SORT_RECORD_MAX];
    struct buf line = buf_over(line_room, sizeof line_room), b = buf_over(room, sizeof room);
    put_line(&line, a, c);
    for (int shift = 24; shift >= 0; shift -= 8) buf_u8(&b, (uint8_t)(a->insurer.n >> shift));
    for (int shift = 24; shift >= 0; shift -= 8) buf_u8(&b, (uint8_t)(a->rank >> shift));
    buf_u8(&b, (uint8_t)c->state);
    buf_put(&b, buf_str(&line));
    if (!buf_ok(&line) || !buf_ok(&b)) return diag_set(d, ERR_LIMIT, "alarm", NULL);
    return sort_put(r->lines, buf_str(&b), d);
}

enum err alarm_report_take(struct alarm_report *r, const struct alarm *a, const struct review_case *c,
                           enum alarm_known known, struct diag *d) {
    static const struct review_case nobody_decided;
    if (c == NULL) c = &nobody_decided;
    count(r, a, c, known);
    return keep_line(r, a, c, d);
}

/* ---- the files ---- */

static enum err write_csv(const struct alarm_report *r, struct insurer_number insurer, struct str text,
                          struct diag *d) {
    char path[PATH_MAX], name[32], number[16];
    struct buf b = buf_over(number, sizeof number);
    insurer_number_put(&b, insurer), buf_u8(&b, 0);
    snprintf(name, sizeof name, "alarms/%s.csv", number);
    TRY(path_of(r, name, path, d));
    return world_replace_file(r->world, path, text, 0600, d);
}

static void begin_csv(struct buf *csv) {
    buf_reset(csv);
    buf_puts(
        csv, BOM
        "順位 rank,警告 alarm,誤りの見込み probability,cause,原因,記号 symbol,番号 number,枝番 branch,次の一手,状態,"
        "診療情報を閉じた closed\r\n");
}

static enum err finish_insurer(struct alarm_report *r, struct buf *csv, struct diag *d) {
    if (r->insurer_n == 0) return ERR_OK;
    if (!buf_ok(csv)) return diag_set(d, ERR_LIMIT, "alarms", NULL);
    return write_csv(r, r->insurers[r->insurer_n - 1].insurer, buf_str(csv), d);
}

static enum err take_record(struct alarm_report *r, struct str record, struct buf *csv, struct diag *d) {
    struct insurer_number insurer = {0};
    for (size_t i = 0; i < 4; i++) insurer.n = insurer.n << 8 | (unsigned char)record.p[i];
    if (r->insurer_n == 0 || r->insurers[r->insurer_n - 1].insurer.n != insurer.n) {
        TRY(finish_insurer(r, csv, d));
        if (r->insurer_n == ALARM_INSURERS_MAX) return diag_set(d, ERR_LIMIT, "insurers", NULL);
        r->insurers[r->insurer_n++] = (struct alarm_insurer_row){.insurer = insurer};
        begin_csv(csv);
    }
    struct alarm_insurer_row *row = &r->insurers[r->insurer_n - 1];
    enum review_state s = (unsigned char)record.p[KEY_BYTES];
    row->n++, row->unlinked += s == REVIEW_STATE_UNLINKED, row->right += s == REVIEW_STATE_RIGHT;
    buf_put(csv, str_skip(record, KEY_BYTES + 1));
    return ERR_OK;
}

/* A folder's old files: whoever has no alarm now has no file. */
struct sweep {
    const struct alarm_report *r;
    enum err err;
    struct diag *d;
};

static bool has_alarms(const struct alarm_report *r, uint32_t insurer) {
    for (size_t i = 0; i < r->insurer_n; i++)
        if (r->insurers[i].insurer.n == insurer) return true;
    return false;
}

static bool sweep_one(void *context, const char *name) {
    struct sweep *s = context;
    struct str n = str_c(name);
    struct insurer_number insurer;
    char path[PATH_MAX], file[64];
    if (!str_ends(n, S(".csv")) || insurer_number_parse(str_head(n, n.n - 4), &insurer) != ERR_OK) return true;
    if (has_alarms(s->r, insurer.n) || n.n > 16) return true;
    snprintf(file, sizeof file, "alarms/%s", name);
    s->err = path_of(s->r, file, path, s->d);
    if (s->err == ERR_OK && s->r->world->unlink(s->r->world, path) != 0 && errno != ENOENT)
        s->err = diag_errno(s->d, path);
    return s->err == ERR_OK;
}

static enum err sweep(struct alarm_report *r, struct diag *d) {
    char path[PATH_MAX];
    struct sweep s = {.r = r, .d = d};
    TRY(path_of(r, "alarms", path, d));
    if (r->world->list(r->world, path, sweep_one, &s) != 0) return diag_errno(d, path);
    return s.err;
}

static enum err write_page(struct alarm_report *r, struct diag *d) {
    char path[PATH_MAX];
    struct buf b;
    TRY(path_of(r, "report.html", path, d));
    buf_init(&b, ALARM_REPORT_BYTES);
    alarm_report_put_html(&b, r);
    enum err e = buf_ok(&b) ? world_replace_file(r->world, path, buf_str(&b), 0600, d)
                            : diag_set(d, ERR_MEMORY, "report.html", NULL);
    buf_fini(&b);
    return e;
}

enum err alarm_report_finish(struct alarm_report *r, struct diag *d) {
    struct buf csv;
    struct str record;
    enum err e;
    buf_init(&csv, ALARM_CSV_BYTES);
    while ((e = sort_next(r->lines, &record, d)) == ERR_OK && (e = take_record(r, record, &csv, d)) == ERR_OK) {}
    if (e == ERR_NOT_FOUND) e = finish_insurer(r, &csv, d);
    buf_fini(&csv);
    if (e == ERR_OK) e = sweep(r, d);
    return e == ERR_OK ? write_page(r, d) : e;
}
