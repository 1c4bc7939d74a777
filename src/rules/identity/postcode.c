#include "rules/identity/postcode.h"

#include "base/utf8.h"
#include "rules/identity/text.h"

enum { NEW_DIGITS = 7, OLD_DIGITS = 5, AREA_DIGITS = 3, MARK = 0x3012 };

static bool is_dash(uint32_t c) {
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0x30fc || c == 0xff0d || c == 0xff70;
}

bool postcode_read(struct str s, struct postcode *out) {
    *out = (struct postcode){.n = 0};
    bool dash = false;
    for (struct str rest = s; rest.n;) {
        uint32_t c = utf8_next(&rest);
        if (c >= 0xff10 && c <= 0xff19) c -= 0xfee0;
        if (is_space(c) || (c == MARK && out->n == 0)) continue;
        if (is_dash(c) && out->n == AREA_DIGITS && !dash) {
            dash = true;
            continue;
        }
        if (c < '0' || c > '9' || out->n == NEW_DIGITS) return false;
        out->digits[out->n++] = (char)c;
    }
    return (out->n == 0 && str_find(s, S("〒")) == s.n) || out->n == AREA_DIGITS || out->n == OLD_DIGITS ||
           out->n == NEW_DIGITS;
}

static struct str digits(const struct postcode *p) { return str_of(p->digits, p->n); }

/* How many digits say something: a code that ends in 0000 or 00 may be an old one that was filled up. */
static size_t said(const struct postcode *p) {
    if (p->n != NEW_DIGITS) return p->n;
    if (str_ends(digits(p), S("0000"))) return AREA_DIGITS;
    return str_ends(digits(p), S("00")) ? OLD_DIGITS : NEW_DIGITS;
}

static bool agree_as_far_as_said(const struct postcode *a, const struct postcode *b) {
    size_t n = said(a) < said(b) ? said(a) : said(b);
    return memcmp(a->digits, b->digits, n) == 0;
}

/* Two neighbouring digits in the other order. */
static bool neighbours_swapped(const struct postcode *a, const struct postcode *b) {
    size_t i = 0;
    if (a->n != b->n) return false;
    while (i < a->n && a->digits[i] == b->digits[i]) i++;
    return i + 1 < a->n && a->digits[i] == b->digits[i + 1] && a->digits[i + 1] == b->digits[i] &&
           memcmp(a->digits + i + 2, b->digits + i + 2, a->n - i - 2u) == 0;
}

static enum level judge(const struct postcode *a, const struct postcode *b, enum reason *r) {
    if (a->n == 0 || b->n == 0) return *r = REASON_EMPTY, LEVEL_UNKNOWN;
    if (str_eq(digits(a), digits(b))) return *r = REASON_POSTCODE_FORM, LEVEL_SAME;
    if (agree_as_far_as_said(a, b)) return *r = REASON_POSTCODE_OLD, LEVEL_NEAR;
    if (neighbours_swapped(a, b)) return *r = REASON_POSTCODE_SWAPPED, LEVEL_NEAR;
    if (memcmp(a->digits, b->digits, AREA_DIGITS) == 0) return *r = REASON_POSTCODE_AREA, LEVEL_PART;
    return *r = REASON_POSTCODE, LEVEL_DIFFERENT;
}

enum level postcode_level(const struct postcode *a, const struct postcode *b) {
    enum reason unused;
    return judge(a, b, &unused);
}

static enum err read_side(struct str s, const char *where, struct postcode *out, struct diag *d) {
    struct text t; /* for its limits and its errors */
    TRY(text_read(s, &t, where, d));
    return postcode_read(s, out) ? ERR_OK : diag_set(d, ERR_VALUE, where, "郵便番号 / post code");
}

enum err postcode_compare(struct str a, struct str b, struct comparison *out, struct diag *d) {
    struct postcode pa, pb;
    enum reason r;
    *out = comparison_of(FACT_POSTCODE);
    TRY(read_side(a, "A", &pa, d));
    TRY(read_side(b, "B", &pb, d));
    out->level = judge(&pa, &pb, &r);
    if (out->level == LEVEL_SAME && str_eq(a, b)) r = REASON_ALL;
    return comparison_find(out, r, a, b), ERR_OK;
}
