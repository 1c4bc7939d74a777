/* Two addresses, part by part. Towns fold ヶ/ケ/が, ノ/之/の, ッ/ツ, 大字 and 字, and variants of kanji; the folded form is a key only. */
#include "rules/identity/address.h"
#include "rules/identity/comparison.h"
#include "rules/identity/kanji.h"

static const struct str nothing = {0};

static uint32_t key_of(uint32_t c) {
    switch (c) {
    case 0x30f6:
    case 0x304c: return 0x30b1; /* ヶ が */
    case 0x30f5:
    case 0x304b: return 0x30ab; /* ヵ か */
    case 0x306e:
    case 0x4e4b: return 0x30ce; /* の 之 */
    case 0x30c3:
    case 0x3063:
    case 0x3064: return 0x30c4;
    case 0x4e8c: return 0x30cb;
    case 0x516b: return 0x30cf;
    default: return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
    }
}

static struct text town_key(struct str s) {
    struct text t = {0}, key = {.whole = s};
    struct diag d;
    if (text_read(s, &t, "", &d) != ERR_OK) return key;
    for (size_t i = 0; i < t.n; i++) {
        bool large = t.c[i] == 0x5927 && i + 1 < t.n && t.c[i + 1] == 0x5b57; /* 大字 */
        if (is_space(t.c[i]) || is_selector(t.c[i]) || large || (t.c[i] == 0x5b57 && i + 1 < t.n)) continue;
        text_add(&key, key_of(t.c[i]), t.from[i], t.until[i]);
    }
    if (key.n > 2 && key.c[key.n - 1] == 0x753a) key.n--; /* 町 is left out at will */
    return key;
}

static bool same_town(struct str a, struct str b) {
    struct text ka = town_key(a), kb = town_key(b);
    if (ka.n != kb.n) return false;
    for (size_t i = 0; i < ka.n; i++)
        if (kanji_compare(ka.c[i], kb.c[i]) == KANJI_DIFFERENT) return false;
    return true;
}

/* 西多摩郡瑞穂町 and 瑞穂町. */
static bool without_district(struct str longer, struct str shorter) {
    return str_ends(longer, shorter) && str_ends(str_head(longer, longer.n - shorter.n), S("郡"));
}

static bool same_city(const struct address *a, const struct address *b, struct comparison *out) {
    if (str_eq(a->city, b->city)) return true;
    if (!without_district(a->city, b->city) && !without_district(b->city, a->city)) {
        if (!same_town(a->city, b->city)) return false;
        return comparison_find(out, REASON_TOWN_FORM, a->city, b->city), true;
    }
    comparison_find(out, REASON_DISTRICT_LEFT_OUT, a->city, b->city);
    return true;
}

static bool same_prefecture(const struct address *a, const struct address *b, struct comparison *out) {
    if (str_eq(a->prefecture, b->prefecture)) return true;
    if (a->prefecture.n && b->prefecture.n) return false;
    comparison_find(out, REASON_PREFECTURE_LEFT_OUT, a->prefecture, b->prefecture);
    return true;
}

/* "1-2" and "1-2-3", but not "1-2" and "1-23". */
static bool block_ends_early(struct str a, struct str b) {
    struct str longer = a.n > b.n ? a : b, shorter = a.n > b.n ? b : a;
    return shorter.n == 0 || (str_starts(longer, shorter) && longer.n > shorter.n && longer.p[shorter.n] == '-');
}

static enum level compare_rest(const struct address *a, const struct address *b, struct comparison *out) {
    struct text ra = town_key(a->rest), rb = town_key(b->rest);
    if (text_eq(&ra, &rb)) return LEVEL_SAME;
    if (ra.n == 0 || rb.n == 0) return comparison_find(out, REASON_BUILDING_LEFT_OUT, a->rest, b->rest), LEVEL_VARIANT;
    return comparison_find(out, REASON_BUILDING, a->rest, b->rest), LEVEL_NEAR;
}

static enum level compare_block(const struct address *a, const struct address *b, struct comparison *out) {
    struct str ba = address_block(a), bb = address_block(b);
    if (str_eq(ba, bb)) return compare_rest(a, b, out);
    comparison_find(out, REASON_SAME_TOWN, nothing, nothing);
    if (block_ends_early(ba, bb)) return comparison_find(out, REASON_BLOCK_SHORTER, ba, bb), LEVEL_NEAR;
    return comparison_find(out, REASON_BLOCK, ba, bb), LEVEL_PART;
}

static enum level compare_parts(const struct address *a, const struct address *b, struct comparison *out) {
    if (a->unread.n || b->unread.n || !a->city.n || !b->city.n)
        return comparison_find(out, REASON_UNREAD, a->unread, b->unread), LEVEL_UNKNOWN;
    if (!same_prefecture(a, b, out))
        return comparison_find(out, REASON_PREFECTURE, a->prefecture, b->prefecture), LEVEL_DIFFERENT;
    if (!same_city(a, b, out)) return comparison_find(out, REASON_CITY, a->city, b->city), LEVEL_DIFFERENT;
    if (!same_town(a->town, b->town)) {
        comparison_find(out, REASON_SAME_CITY, nothing, nothing);
        return comparison_find(out, REASON_TOWN, a->town, b->town), LEVEL_PART;
    }
    if (!str_eq(a->town, b->town)) comparison_find(out, REASON_TOWN_FORM, a->town, b->town);
    enum level l = compare_block(a, b, out);
    bool written_otherwise = out->finding_count > 0;
    return l == LEVEL_SAME && written_otherwise ? LEVEL_VARIANT : l;
}

/* Findings must outlive the parsed forms: a block is our own writing, so its finding shows the whole address instead. */
static void borrow_from_originals(struct comparison *c, struct str a, struct str b) {
    for (size_t i = 0; i < c->finding_count; i++) {
        struct finding *f = &c->findings[i];
        if (f->reason == REASON_BLOCK || f->reason == REASON_BLOCK_SHORTER) f->a = a, f->b = b;
    }
}

enum err address_compare(struct str a, struct str b, struct comparison *out, struct diag *d) {
    struct address pa, pb;
    *out = comparison_of(FACT_ADDRESS);
    TRY(address_parse(a, &pa, d));
    TRY(address_parse(b, &pb, d));
    if (str_trim(a).n == 0 || str_trim(b).n == 0) {
        out->level = LEVEL_UNKNOWN;
        return comparison_find(out, REASON_EMPTY, a, b), ERR_OK;
    }
    out->level = str_eq(a, b) ? LEVEL_SAME : compare_parts(&pa, &pb, out);
    if (out->level == LEVEL_SAME)
        comparison_find(out, str_eq(a, b) ? REASON_ALL : REASON_ADDRESS_FORM, nothing, nothing);
    borrow_from_originals(out, a, b);
    return ERR_OK;
}
