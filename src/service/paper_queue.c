#include "service/paper_queue.h"

#include "base/json.h"
#include "state/trust/issuers.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

enum { QUEUE_FILE_MAX = 4 << 20 };

#define REASON(name, word, ja, en) {word, ja, en},
static const struct void_reason_info reasons[] = {
#include "service/void_reason.def"
};
#undef REASON

const struct void_reason_info *void_reason_info(enum void_reason r) {
    invariant(r < VOID_REASON_COUNT);
    return &reasons[r];
}

bool void_reason_parse(struct str word, enum void_reason *out) {
    for (enum void_reason r = 0; r < VOID_REASON_COUNT; r++)
        if (str_eq(word, str_c(reasons[r].word))) return *out = r, true;
    return false;
}

/* ---- writing ---- */

void queued_paper_put(struct buf *b, const struct queued_paper *p) {
    buf_puts(b, "\"symbol\":");
    buf_json(b, p->insured.symbol);
    buf_puts(b, ",\"number\":");
    buf_json(b, p->insured.number);
    buf_puts(b, ",\"branch\":\"");
    branch_put(b, p->insured.branch);
    if (day_is(p->birth)) buf_puts(b, "\",\"birth\":\""), day_put_iso(b, p->birth);
    buf_puts(b, "\",\"from\":\"");
    day_put_iso(b, p->from);
    buf_puts(b, "\",\"until\":\"");
    day_put_iso(b, p->until);
    buf_putc(b, '"');
}

static void put_whole(struct buf *b, const struct queued_paper *p) {
    buf_puts(b, "\"paper\":");
    buf_json(b, p->id);
    buf_puts(b, p->kind == PAPER_NOTICE ? ",\"kind\":\"notice\"," : ",\"kind\":\"certificate\",");
    queued_paper_put(b, p);
}

void void_record_put(struct buf *b, const struct void_record *r) {
    buf_putc(b, '{');
    put_whole(b, &r->paper);
    buf_printf(b, ",\"reason\":\"%s\",\"voided\":\"", void_reason_info(r->reason)->word);
    time_put_utc(b, r->at_us);
    buf_printf(b, "\",\"voided_us\":%lld", (long long)r->at_us);
    if (r->replaced) {
        buf_puts(b, ",\"replacement\":{");
        put_whole(b, &r->replacement);
        buf_puts(b, ",\"file\":");
        char name[PAPER_ID_CHARACTERS + 8];
        struct buf file = buf_over(name, sizeof name);
        buf_put(&file, r->paper.id), buf_puts(&file, ".pdf");
        buf_json(b, buf_str(&file));
        buf_puts(b, ",\"place\":1}");
    }
    buf_puts(b, "}\n");
}

/* ---- reading ---- */

static bool day_of(struct json v, const char *name, struct day *out) {
    struct str s;
    return json_str(json_get(v, name), &s) && day_parse(s, out);
}

static bool read_paper(struct json v, struct insurer_number insurer, struct queued_paper *out) {
    struct str branch, kind;
    *out = (struct queued_paper){.insurer = insurer, .birth = DAY_NONE};
    if (json_str(json_get(v, "kind"), &kind)) out->kind = str_eq(kind, S("notice")) ? PAPER_NOTICE : PAPER_CERTIFICATE;
    if (!json_none(json_get(v, "birth")) && !day_of(v, "birth", &out->birth)) return false;
    return json_str(json_get(v, "paper"), &out->id) && out->id.n == PAPER_ID_CHARACTERS &&
           json_str(json_get(v, "symbol"), &out->insured.symbol) &&
           json_str(json_get(v, "number"), &out->insured.number) && json_str(json_get(v, "branch"), &branch) &&
           branch_parse(branch, &out->insured.branch) == ERR_OK && day_of(v, "from", &out->from) &&
           day_of(v, "until", &out->until);
}

enum err void_record_read(struct arena *a, struct str text, struct insurer_number insurer, struct void_record *out,
                          struct diag *d) {
    struct json v;
    struct str reason;
    uint64_t at;
    *out = (struct void_record){0};
    if (json_read(a, str_trim(text), &v, NULL) != ERR_OK || !read_paper(v, insurer, &out->paper) ||
        !json_str(json_get(v, "reason"), &reason) || !void_reason_parse(reason, &out->reason) ||
        !json_uint(json_get(v, "voided_us"), INT64_MAX, &at))
        return diag_set(d, ERR_CORRUPT, "void", NULL);
    out->at_us = (int64_t)at;
    struct json replacement = json_get(v, "replacement");
    out->replaced = !json_none(replacement);
    if (out->replaced && !read_paper(replacement, insurer, &out->replacement))
        return diag_set(d, ERR_CORRUPT, "void", "replacement");
    return ERR_OK;
}

/* ---- finding ---- */

struct finding {
    struct world *world;
    struct arena *arena;
    struct buf text; /* of one file */
    struct str id, mark;
    uint32_t only_insurer;
    struct insurer_number insurer;
    enum paper_kind kind;
    char out[PATH_MAX], insurer_folder[PATH_MAX], folder[PATH_MAX];
    struct queued_paper *found;
    bool done;
    enum err err;
    struct diag *d;
};

static bool fail(struct finding *f, enum err e) {
    f->err = e;
    return false;
}

static bool join(struct finding *f, char *to, const char *folder, const char *name) {
    int n = snprintf(to, PATH_MAX, "%s/%s", folder, name);
    return n < PATH_MAX || fail(f, diag_set(f->d, ERR_LIMIT, "--out", NULL));
}

/* The line that names it; a refused one was never printed, so it is no paper. */
static bool look_in(struct finding *f, bool record) {
    struct str text = buf_str(&f->text);
    size_t at = str_find(text, f->mark);
    struct json v;
    if (at == text.n) return true;
    struct str rest = record ? str_trim(text) : str_skip(text, at), line = record ? rest : str_cut(&rest, '\n');
    arena_reset(f->arena);
    if (json_read(f->arena, line, &v, NULL) != ERR_OK) return fail(f, diag_set(f->d, ERR_CORRUPT, f->folder, NULL));
    if (record) v = json_get(v, "replacement");
    if (json_none(v) || !json_none(json_get(v, "refused"))) return true;
    if (!read_paper(v, f->insurer, f->found)) return fail(f, diag_set(f->d, ERR_CORRUPT, f->folder, NULL));
    if (!record) f->found->kind = f->kind;
    f->done = str_eq(f->found->id, f->id);
    return !f->done;
}

static bool each_file(void *context, const char *name) {
    struct finding *f = context;
    char path[PATH_MAX];
    bool record = str_ends(str_c(name), S(".json"));
    if (!record && !str_ends(str_c(name), S(".ndjson"))) return true;
    if (!join(f, path, f->folder, name)) return false;
    buf_reset(&f->text);
    enum err e = world_read_file(f->world, path, &f->text, f->d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return fail(f, e);
    return e == ERR_NOT_FOUND || look_in(f, record);
}

static bool each_folder(void *context, const char *name) {
    struct finding *f = context;
    bool notices = str_starts(str_c(name), S("notices-"));
    if (!notices && !str_starts(str_c(name), S("certificates-")) && strcmp(name, "void") != 0) return true;
    f->kind = notices ? PAPER_NOTICE : PAPER_CERTIFICATE;
    if (!join(f, f->folder, f->insurer_folder, name)) return false;
    if (f->world->list(f->world, f->folder, each_file, f) != 0 && f->err == ERR_OK)
        return fail(f, diag_errno(f->d, f->folder));
    return f->err == ERR_OK && !f->done;
}

static bool each_insurer(void *context, const char *name) {
    struct finding *f = context;
    if (insurer_number_parse(str_c(name), &f->insurer) != ERR_OK) return true;
    if (f->only_insurer && f->insurer.n != f->only_insurer) return true;
    if (!join(f, f->insurer_folder, f->out, name)) return false;
    if (f->world->list(f->world, f->insurer_folder, each_folder, f) != 0 && f->err == ERR_OK && errno != ENOTDIR)
        return fail(f, diag_errno(f->d, f->insurer_folder));
    return f->err == ERR_OK && !f->done;
}

enum err paper_queue_find(struct world *w, const char *out, uint32_t only_insurer, struct str id, struct arena *a,
                          struct queued_paper *found, struct diag *d) {
    char mark[PAPER_ID_CHARACTERS + 16];
    struct buf m = buf_over(mark, sizeof mark);
    buf_puts(&m, "{\"paper\":\""), buf_put(&m, id), buf_putc(&m, '"');
    if (!buf_ok(&m) || id.n != PAPER_ID_CHARACTERS || !void_rid_good(id))
        return diag_set(d, ERR_VALUE, "--paper", "書類番号は 22 文字です / a paper's id has 22 characters");
    struct finding f = {
        .world = w, .arena = a, .id = id, .mark = buf_str(&m), .only_insurer = only_insurer, .found = found, .d = d};
    if (snprintf(f.out, sizeof f.out, "%s", out) >= PATH_MAX) return diag_set(d, ERR_LIMIT, "--out", NULL);
    buf_init(&f.text, QUEUE_FILE_MAX);
    if (w->list(w, out, each_insurer, &f) != 0 && f.err == ERR_OK) f.err = diag_errno(d, out);
    buf_fini(&f.text);
    if (f.err != ERR_OK) return f.err;
    return f.done ? ERR_OK
                  : diag_set(d, ERR_NOT_FOUND, "--paper",
                             "この書類番号の紙は作られていません / no paper of this id was made here");
}

enum err paper_void_path(char *path, size_t size, const char *out, struct insurer_number insurer, const char *name,
                         struct diag *d) {
    char number[16];
    struct buf b = buf_over(number, sizeof number - 1);
    insurer_number_put(&b, insurer);
    int n = snprintf(path, size, "%s/%.*s/void%s", out, (int)b.n, number, name);
    return n > 0 && (size_t)n < size ? ERR_OK : diag_set(d, ERR_LIMIT, "--out", NULL);
}

enum err paper_queue_void(struct world *w, const char *out, struct insurer_number insurer, struct str id,
                          struct arena *a, struct void_record *found, struct diag *d) {
    char path[PATH_MAX], name[PAPER_ID_CHARACTERS + 16];
    struct buf text;
    snprintf(name, sizeof name, "/%.*s.json", (int)id.n, id.p);
    TRY(paper_void_path(path, sizeof path, out, insurer, name, d));
    buf_init(&text, VOID_RECORD_MAX);
    enum err e = world_read_file(w, path, &text, d);
    if (e == ERR_OK) e = void_record_read(a, buf_str(&text), insurer, found, d);
    buf_fini(&text);
    return e;
}
