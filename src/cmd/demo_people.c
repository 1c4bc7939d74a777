#include "base/cp932.h"
#include "base/json.h"
#include "cmd/demo.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINE_LIMIT = 8192, ARENA = 64 << 10 };

const struct demo_case demo_cases[DEMO_CASES] = {
    {"今日の患者", "today's patient", "today", 1, false},
    {"70 歳以上", "over 70", "share-20-elderly", 1, false},
    {"転職した人", "has changed insurers", "", 3, false},
    {"資格のない人", "no longer covered", "after-loss", 2, false},
    {"シフト JIS にない名", "name not in Shift_JIS", "outside-jis-x-0208", 1, true},
};

static void copy(struct json from, const char *name, char *out, size_t size) {
    struct str s;
    out[0] = 0;
    if (json_str(json_get(from, name), &s) && !str_to_c(s, out, size)) out[0] = 0;
}

static bool read_person(struct arena *a, struct str line, struct demo_person *p) {
    struct json v, question, expect;
    struct diag d;
    uint64_t n;
    *p = (struct demo_person){.ratio = 255};
    if (json_read(a, line, &v, &d) != ERR_OK) return false;
    question = json_get(v, "question"), expect = json_get(v, "expect");
    copy(v, "kind", p->kind, sizeof p->kind);
    copy(question, "insurer", p->insurer, sizeof p->insurer);
    copy(question, "symbol", p->symbol, sizeof p->symbol);
    copy(question, "number", p->number, sizeof p->number);
    copy(question, "branch", p->branch, sizeof p->branch);
    copy(question, "birth", p->birth, sizeof p->birth);
    copy(question, "on", p->on, sizeof p->on);
    copy(expect, "name", p->name, sizeof p->name);
    if (json_uint(json_get(expect, "ratio"), 100, &n)) p->ratio = (unsigned)n;
    if (!json_uint(json_get(expect, "validity"), 6, &n)) return false;
    p->validity = (unsigned)n;
    return p->insurer[0] && p->number[0] && p->birth[0];
}

static bool in_sjis(const struct cp932 *c, struct str s) {
    struct buf b;
    buf_init(&b, LINE_LIMIT);
    bool whole = cp932_encode(c, s, &b) == s.n;
    buf_fini(&b);
    return whole;
}

static bool fits(const struct demo_case *k, const struct cp932 *c, const struct demo_person *p) {
    if (k->validity != p->validity || (k->kind[0] && strcmp(k->kind, p->kind) != 0)) return false;
    return k->not_in_sjis == (p->name[0] && !in_sjis(c, str_c(p->name)));
}

static void take(struct demo_people *p, const struct cp932 *c, const struct demo_person *one, uint64_t nth) {
    for (size_t i = 0; i < DEMO_CASES; i++)
        if (p->cases[i].insurer[0] == 0 && fits(&demo_cases[i], c, one)) p->cases[i] = *one;
    /* A spread of all kinds: the file has each kind in a run. */
    if (nth % 23 == 0 && p->stream_count < DEMO_STREAM) p->stream[p->stream_count++] = *one;
}

enum err demo_people_read(struct demo_people *p, const char *path, struct diag *d) {
    struct cp932 c;
    struct arena a;
    char line[LINE_LIMIT];
    TRY(cp932_open(&c, d));
    FILE *f = fopen(path, "re");
    arena_init(&a, ARENA);
    for (uint64_t nth = 0; f && fgets(line, sizeof line, f); nth++) {
        struct demo_person one;
        if (read_person(&a, str_trim(str_c(line)), &one)) take(p, &c, &one, nth);
        arena_reset(&a);
    }
    arena_fini(&a);
    cp932_close(&c);
    if (f == NULL) return diag_errno(d, path);
    fclose(f);
    for (size_t i = 0; i < DEMO_CASES; i++)
        if (p->cases[i].insurer[0] == 0) return diag_set(d, ERR_NOT_FOUND, path, "nobody is \"%s\"", demo_cases[i].en);
    return ERR_OK;
}
