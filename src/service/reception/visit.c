#include "service/reception/visit.h"

#include "base/scan.h"

#include <sodium.h>
#include <stdlib.h>

/* Form 1 ends before what later() puts: a window that was updated has its day. */
enum { FORM = 2, FORM_FIRST = 1, SUM = 16 };
static const char mark[8] = {'m', 'a', 'd', 'o', 'v', 'i', 's', 'i'};

struct visit *visit_new(void) {
    struct visit *v = calloc(1, sizeof *v);
    if (v == NULL) return NULL;
    v->branch = BRANCH_NONE, v->birth = DAY_NONE;
    buf_init(&v->answer, VISIT_ANSWER_MAX);
    return v;
}

void visit_free(struct visit *v) {
    if (v == NULL) return;
    buf_fini(&v->answer);
    free(v);
}

static void sum_of(struct str bytes, unsigned char sum[SUM]) {
    crypto_generichash(sum, SUM, (const unsigned char *)bytes.p, bytes.n, NULL, 0);
}

static void put_later(struct buf *out, const struct visit *v) {
    buf_u64(out, (uint64_t)v->told_us), buf_u64(out, (uint64_t)v->removed_us);
    buf_u8(out, v->changed), buf_u8(out, (uint8_t)v->proof), buf_u8(out, (uint8_t)v->way), buf_u8(out, v->sex);
    buf_bytes(out, str_c(v->address)), buf_bytes(out, str_c(v->stated));
}

void visit_put(struct buf *out, const struct visit *v) {
    size_t from = out->n;
    unsigned char sum[SUM];
    buf_put(out, str_of(mark, sizeof mark));
    buf_u8(out, FORM);
    buf_bytes(out, str_c(v->id));
    buf_u32(out, v->number);
    buf_u32(out, (uint32_t)v->day.n);
    buf_u64(out, (uint64_t)v->asked_us);
    buf_u64(out, (uint64_t)v->settled_us);
    buf_u8(out, (uint8_t)v->state);
    buf_u16(out, v->why == ERR_OK ? 0 : err_number(v->why));
    buf_u32(out, v->insurer.n);
    buf_u32(out, (uint32_t)v->birth.n);
    buf_u8(out, (uint8_t)(v->branch + 1));
    buf_u8(out, v->limit_consent);
    buf_bytes(out, str_c(v->symbol)), buf_bytes(out, str_c(v->insured_number));
    buf_bytes(out, str_c(v->chart)), buf_bytes(out, str_c(v->name)), buf_bytes(out, str_c(v->said));
    buf_bytes(out, buf_str(&v->answer));
    put_later(out, v);
    if (!buf_ok(out)) return;
    sum_of(str_of(out->p + from, out->n - from), sum);
    buf_put(out, str_of(sum, sizeof sum));
}

static bool read_text(struct scan *s, char *out, size_t size) {
    struct str text;
    return scan_bytes(s, &text) && str_to_c(text, out, size);
}

static bool read_day(struct scan *s, struct day *out) {
    uint32_t n;
    if (!scan_u32(s, &n)) return false;
    out->n = (int32_t)n;
    return true;
}

static bool read_moments(struct scan *s, struct visit *v) {
    uint64_t asked, settled;
    if (!scan_u64(s, &asked) || !scan_u64(s, &settled)) return false;
    v->asked_us = (int64_t)asked, v->settled_us = (int64_t)settled;
    return true;
}

static bool read_state(struct scan *s, struct visit *v) {
    uint8_t state;
    uint16_t why;
    if (!scan_u8(s, &state) || state < VISIT_WAITING || state > VISIT_DESK || !scan_u16(s, &why)) return false;
    v->state = state;
    v->why = why ? err_of_number(why) : ERR_OK;
    return v->why != ERR_COUNT;
}

static bool read_question(struct scan *s, struct visit *v) {
    uint8_t branch, consent;
    if (!scan_u32(s, &v->insurer.n) || !read_day(s, &v->birth) || !scan_u8(s, &branch) || branch > 100) return false;
    if (!scan_u8(s, &consent) || consent > 1) return false;
    v->branch = (int)branch - 1;
    v->limit_consent = consent;
    return read_text(s, v->symbol, sizeof v->symbol) && read_text(s, v->insured_number, sizeof v->insured_number) &&
           read_text(s, v->chart, sizeof v->chart) && read_text(s, v->name, sizeof v->name);
}

static bool read_flag(struct scan *s, bool *out) {
    uint8_t n;
    if (!scan_u8(s, &n) || n > 1) return false;
    *out = n;
    return true;
}

static bool read_later(struct scan *s, struct visit *v) {
    uint64_t told, removed;
    uint8_t proof, way;
    if (!scan_u64(s, &told) || !scan_u64(s, &removed)) return false;
    v->told_us = (int64_t)told, v->removed_us = (int64_t)removed;
    if (!read_flag(s, &v->changed) || !scan_u8(s, &proof) || (proof && proof_info(proof) == NULL)) return false;
    if (!scan_u8(s, &way) || way > VISIT_BY_NOTHING) return false;
    v->proof = proof, v->way = way;
    return scan_u8(s, &v->sex) && v->sex <= 2 && read_text(s, v->address, sizeof v->address) &&
           read_text(s, v->stated, sizeof v->stated);
}

static bool read_all(struct scan *s, uint8_t form, struct visit *v) {
    uint32_t number;
    struct str answer;
    if (!read_text(s, v->id, sizeof v->id) || strlen(v->id) != VISIT_ID || !scan_u32(s, &number)) return false;
    v->number = number;
    if (!read_day(s, &v->day) || !read_moments(s, v) || !read_state(s, v) || !read_question(s, v)) return false;
    if (!read_text(s, v->said, sizeof v->said) || !scan_bytes(s, &answer)) return false;
    if (form == FORM_FIRST) v->proof = PROOF_NUMBER;
    else if (!read_later(s, v)) return false;
    if (!scan_end(s)) return false;
    buf_put(&v->answer, answer);
    return buf_ok(&v->answer);
}

enum err visit_read(struct str bytes, struct visit *v, struct diag *d) {
    unsigned char sum[SUM];
    struct str marked;
    uint8_t form;
    if (bytes.n < SUM) return diag_set(d, ERR_CORRUPT, "visit", "too short");
    struct scan s = scan_of(str_head(bytes, bytes.n - SUM));
    sum_of(scan_rest(&s), sum);
    if (!str_eq(str_skip(bytes, bytes.n - SUM), str_of(sum, SUM))) return diag_set(d, ERR_CORRUPT, "visit", "its sum");
    if (!scan_take(&s, sizeof mark, &marked) || !str_eq(marked, str_of(mark, sizeof mark)) || !scan_u8(&s, &form))
        return diag_set(d, ERR_CORRUPT, "visit", "no visit");
    if (form < FORM_FIRST || form > FORM) return diag_set(d, ERR_VERSION, "visit", NULL);
    return read_all(&s, form, v) ? ERR_OK : diag_set(d, ERR_CORRUPT, "visit", "byte %zu", scan_offset(&s));
}
