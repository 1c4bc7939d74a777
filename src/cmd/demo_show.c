#include "base/cp932.h"
#include "base/world.h"
#include "cmd/demo.h"
#include "core/codes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME = 16, ROOM = 256, SAID_MAX = 64 << 10, BURST_MS = 2000, BURST_STEPS = 4, STREAM_PAUSE_MS = 25 };

/* ---- one person at three doors ---- */

struct cells {
    char text[1 + DEMO_WAYS][ROOM];
    struct str cells[1 + DEMO_WAYS];
};

static void row(const struct demo *m, struct cells *c, size_t dim) {
    unsigned rest = m->screen.width - 4 - NAME;
    const unsigned widths[] = {NAME, rest / 3 + 1, rest / 3, rest / 3};
    for (size_t i = 0; i < ARRAY_LEN(c->cells); i++) c->cells[i] = str_c(c->text[i]);
    screen_row(&m->screen, c->cells, widths, ARRAY_LEN(c->cells), dim);
}

static void put_ratio(char out[ROOM], unsigned ratio) {
    if (ratio == 255) snprintf(out, ROOM, "–");
    else snprintf(out, ROOM, "%u 割 / %u %%", ratio / 10, ratio);
}

static void put_ms(char out[ROOM], int64_t us) {
    snprintf(out, ROOM, "%lld.%lld ms", (long long)(us / 1000), (long long)(us / 100 % 10));
}

static const struct code *validity_code(unsigned validity) {
    const char digit[2] = {(char)('0' + validity), 0};
    return code_find(CODES_VALIDITY, str_c(digit));
}

static void put_validity(char out[ROOM], unsigned validity) {
    const struct code *c = validity_code(validity);
    snprintf(out, ROOM, "%u %s", validity, c ? c->ja : "");
}

static enum err ask_all(struct demo *m, unsigned nth, struct demo_answer a[DEMO_WAYS], struct diag *d) {
    const struct demo_person *p = &m->people.cases[nth];
    TRY(demo_ask_folder(m->folder.path, p, nth + 1, &a[DEMO_FOLDER], d));
    TRY(demo_ask(m->line, DEMO_JSON, p, &a[DEMO_JSON], d));
    return demo_ask(m->line, DEMO_FHIR, p, &a[DEMO_FHIR], d);
}

static void show_one(const struct demo *m, const struct demo_answer a[DEMO_WAYS]) {
    struct cells head = {{"", "フォルダー", "JSON", "FHIR R4"}, {{0}}};
    struct cells kind = {{"", "Shift_JIS の XML", "相互 TLS", "相互 TLS, JP Core"}, {{0}}};
    struct cells c[] = {{{"資格 validity"}, {{0}}},
                        {{"氏名 name"}, {{0}}},
                        {{"負担 share"}, {{0}}},
                        {{"保険者 insurer"}, {{0}}},
                        {{"時間 took"}, {{0}}}};
    row(m, &head, 1), row(m, &kind, ARRAY_LEN(kind.cells)), screen_gap();
    for (size_t i = 0; i < DEMO_WAYS; i++) {
        put_validity(c[0].text[i + 1], a[i].validity);
        snprintf(c[1].text[i + 1], ROOM, "%s", a[i].name);
        put_ratio(c[2].text[i + 1], a[i].ratio);
        snprintf(c[3].text[i + 1], ROOM, "%s", a[i].insurer_name);
        put_ms(c[4].text[i + 1], a[i].us);
    }
    for (size_t i = 0; i < ARRAY_LEN(c); i++) row(m, &c[i], 1);
}

static bool same(const struct demo_answer a[DEMO_WAYS]) {
    for (size_t i = 1; i < DEMO_WAYS; i++)
        if (a[i].validity != a[0].validity || a[i].ratio != a[0].ratio) return false;
    return true;
}

/* What a demonstration may not do is show three different answers and go on. */
static enum err compare(const struct demo *m, unsigned nth, const struct demo_answer a[DEMO_WAYS], struct diag *d) {
    const struct demo_person *p = &m->people.cases[nth];
    if (!same(a)) return diag_set(d, ERR_CONFLICT, demo_cases[nth].en, "the doors answer differently");
    if (a[0].validity != p->validity || a[0].ratio != p->ratio)
        return diag_set(d, ERR_CONFLICT, demo_cases[nth].en, "the answer is not what the town's maker expects");
    return ERR_OK;
}

static void show_other(const struct demo *m, unsigned nth, const struct demo_answer a[DEMO_WAYS]) {
    const struct demo_case *k = &demo_cases[nth];
    const struct code *c = validity_code(a[0].validity);
    const unsigned widths[] = {26, 28, 0}, second_widths[] = {26, 0};
    char ratio[ROOM], validity[ROOM];
    put_validity(validity, a[0].validity);
    put_ratio(ratio, a[0].ratio);
    const struct str cells[] = {str_c(k->ja), str_c(validity), a[0].ratio == 255 ? S("") : str_c(ratio)};
    const struct str second[] = {str_c(k->en), str_c(c ? c->en : "")};
    screen_row(&m->screen, cells, widths, ARRAY_LEN(cells), 0);
    screen_row(&m->screen, second, second_widths, ARRAY_LEN(second), ARRAY_LEN(second));
}

/* "InsuredName U+20BB7→吉 Name U+20BB7→吉": the first of them says it. */
static void show_substitute(const struct demo *m, const struct demo_answer a[DEMO_WAYS]) {
    char ja[3 * ROOM], en[ROOM];
    struct str note = str_c(a[DEMO_FOLDER].substituted);
    note = str_skip(note, str_find(note, S("U+")));
    note = str_cut(&note, ' ');
    snprintf(ja, sizeof ja, "登録のとおり「%s」、シフト JIS では「%s」", a[DEMO_FHIR].name, a[DEMO_FOLDER].name);
    snprintf(en, sizeof en, "as registered, and in Shift_JIS, with a note: %.*s", (int)note.n, note.p);
    screen_note(&m->screen, ja, en);
}

static enum err show_doors(struct demo *m, struct diag *d) {
    struct demo_answer a[DEMO_WAYS];
    screen_heading(&m->screen, "同じ問いを三つの入口で", "One question at three doors");
    TRY(ask_all(m, 0, a, d));
    TRY(compare(m, 0, a, d));
    show_one(m, a);
    screen_heading(&m->screen, "ほかの人々", "Other people");
    for (unsigned i = 1; i < DEMO_CASES; i++) {
        TRY(ask_all(m, i, a, d));
        TRY(compare(m, i, a, d));
        show_other(m, i, a);
        if (demo_cases[i].not_in_sjis) screen_gap(), show_substitute(m, a);
    }
    screen_note(&m->screen, "✔ どの答えも三つの入口で同じです", "every answer is the same at all three doors");
    return ERR_OK;
}

/* ---- the log ---- */

/* Its last line begins "すべて正しい: 書き手 3、記録 25263 件". */
static enum err verify(struct demo *m, uint64_t *records, struct diag *d) {
    static const char *const arguments[] = {"mado", "ledger", "verify", "--store", "store", NULL};
    struct demo_child c;
    struct buf said;
    TRY(demo_child_start(&c, m->folder.path, "verify", arguments, false, d));
    TRY(demo_child_wait(&c, NULL, NULL, d));
    buf_init(&said, SAID_MAX);
    demo_child_said(&c, &said);
    struct str s = buf_str(&said), word = S("、記録 ");
    for (size_t at; (at = str_find(s, word)) < s.n && str_find(s, S("書き手")) < s.n;) s = str_skip(s, at + word.n);
    bool ok = str_uint(str_cut(&s, ' '), UINT64_MAX, records);
    buf_fini(&said);
    return ok ? ERR_OK : diag_set(d, ERR_VALUE, "mado ledger verify", "did not say how many records there are");
}

static enum err ask_stream(struct demo *m, uint64_t nth, struct diag *d) {
    struct demo_answer a;
    const struct demo_person *p = &m->people.stream[nth % m->people.stream_count];
    return demo_ask(m->line, nth % 4 == 3 ? DEMO_FHIR : DEMO_JSON, p, &a, d);
}

static void show_records(const struct demo *m, uint64_t records) {
    char ja[ROOM], en[ROOM], room[GROUPED_MAX];
    const unsigned widths[] = {26, 0};
    const char *n = grouped(records, room);
    snprintf(ja, sizeof ja, "%12s 件", n);
    snprintf(en, sizeof en, "✔ 検証しました / records, verified");
    const struct str cells[] = {str_c(ja), str_c(en)};
    screen_row(&m->screen, cells, widths, ARRAY_LEN(cells), 0);
}

static enum err show_log(struct demo *m, struct diag *d) {
    struct world *w = world_real();
    char ja[ROOM], room[GROUPED_MAX];
    uint64_t before = 0, now = 0, nth = 0;
    screen_heading(&m->screen, "記録", "The log, while questions come in");
    TRY(verify(m, &before, d));
    int64_t began = w->steady_us(w);
    show_records(m, before);
    for (unsigned step = 1; step <= BURST_STEPS; step++) {
        while (!demo_stopped() && w->steady_us(w) - began < (int64_t)step * BURST_MS * 1000 / BURST_STEPS)
            TRY(ask_stream(m, nth++, d));
        if (demo_stopped()) return diag_set(d, ERR_BUSY, "", "stopped");
        TRY(verify(m, &now, d));
        show_records(m, now);
    }
    if (now != before + nth) return diag_set(d, ERR_CONFLICT, "ledger", "as many records as questions were expected");
    screen_gap();
    snprintf(ja, sizeof ja, "✔ %s 問を尋ね、同じだけ増えました", grouped(nth, room));
    screen_note(&m->screen, ja, "a record for each question, saved before its answer");
    return ERR_OK;
}

/* ---- what to try next ---- */

static enum err write_question(const struct demo *m, enum demo_way way, const char *name, struct diag *d) {
    char path[PATH_MAX];
    struct cp932 c;
    struct buf b, sjis;
    if (snprintf(path, sizeof path, "%s/%s", m->folder.path, name) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, name, NULL);
    TRY(cp932_open(&c, d));
    buf_init(&b, SAID_MAX), buf_init(&sjis, SAID_MAX);
    demo_put_question(&b, way, &m->people.cases[0]);
    (void)cp932_encode(&c, buf_str(&b), &sjis);
    enum err e = world_replace_file(world_real(), path, way == DEMO_FOLDER ? buf_str(&sjis) : buf_str(&b), 0600, d);
    buf_fini(&b), buf_fini(&sjis), cp932_close(&c);
    return e;
}

/* What curl needs to be the clinic, so that the lines to paste are short. */
static enum err write_curl(const struct demo *m, struct diag *d) {
    static const char text[] = "cacert = keys/ca.pem\ncert = keys/institutions/" DEMO_INSTITUTION
                               "/cert.pem\nkey = keys/institutions/" DEMO_INSTITUTION "/key.pem\n";
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/clinic.curl", m->folder.path) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    return world_replace_file(world_real(), path, str_c(text), 0600, d);
}

static void paste(const struct demo *m, const char *format, ...) PRINTF_LIKE(2, 3);
static void paste(const struct demo *m, const char *format, ...) {
    char line[2 * PATH_MAX];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (n > 0 && n < (int)sizeof line) screen_paste(&m->screen, line);
}

static enum err show_next(struct demo *m, struct diag *d) {
    const struct demo_person *p = &m->people.cases[0];
    TRY(write_question(m, DEMO_FOLDER, "ask.xml", d));
    TRY(write_question(m, DEMO_JSON, "ask.json", d));
    TRY(write_question(m, DEMO_FHIR, "ask.fhir.json", d));
    TRY(write_curl(m, d));
    screen_heading(&m->screen, "次に", "Try next, in another terminal");
    screen_note(&m->screen, "状態のページ（ブラウザーで）", "the status page, for a browser");
    paste(m, "%s", m->status);
    screen_gap(), screen_note(&m->screen, "まずここへ", "first");
    paste(m, "cd %s", m->folder.path);
    screen_gap(), screen_note(&m->screen, "JSON で、FHIR で尋ねる", "ask as JSON, ask as FHIR");
    paste(m, "curl -K clinic.curl -d @ask.json -H Content-Type:application/json \\");
    paste(m, " %s/MSA01030/ILI01030SV01/search", m->centre);
    paste(m, "curl -K clinic.curl -d @ask.fhir.json \\");
    paste(m, " -H Content-Type:application/fhir+json \\");
    paste(m, " '%s/fhir/R4/CoverageEligibilityRequest/$submit'", m->centre);
    screen_gap(), screen_note(&m->screen, "レセコンのファイルを置く", "drop a receipt computer's file");
    paste(m, "cp ask.xml oqs/req/OQSsiquc01req_mine.xml; sleep 1");
    paste(m, "iconv -f CP932 -t UTF-8 oqs/res/OQSsiquc01res_mine.xml");
    screen_gap(), screen_note(&m->screen, "手で確かめる、記録を見る", "by hand, and the log");
    paste(m, "%s check --store store --insurer %s \\", m->program, p->insurer);
    paste(m, " --number %s --birth %s%s%s", p->number, p->birth, p->symbol[0] ? " --symbol " : "", p->symbol);
    paste(m, "%s ledger list --store store --last 5", m->program);
    return ERR_OK;
}

enum err demo_show(struct demo *m, struct diag *d) {
    TRY(show_doors(m, d));
    TRY(show_log(m, d));
    if (m->stays) return show_next(m, d);
    screen_gap();
    screen_note(&m->screen, "端末で動かすと、止めるまで動き続けます", "on a terminal it stays until it is stopped");
    return ERR_OK;
}

enum err demo_stay(struct demo *m, struct diag *d) {
    struct world *w = world_real();
    char text[ROOM], room[GROUPED_MAX];
    int64_t drawn = 0;
    uint64_t nth = 0;
    if (m->screen.terminal) puts("");
    while (!demo_stopped()) {
        TRY(ask_stream(m, nth++, d));
        if (demo_child_ended(&m->serve)) return diag_set(d, ERR_UNAVAILABLE, "mado serve", "it ended");
        if (demo_child_ended(&m->window)) return diag_set(d, ERR_UNAVAILABLE, "mado window", "it ended");
        if (w->steady_us(w) - drawn > 500000) {
            drawn = w->steady_us(w);
            snprintf(text, sizeof text, "動いています running  %s 問 questions  Ctrl-C で終わります Ctrl-C ends",
                     grouped(nth, room));
            screen_live(&m->screen, text);
        }
        demo_pause_ms(STREAM_PAUSE_MS);
    }
    screen_live_end(&m->screen);
    return ERR_OK;
}
