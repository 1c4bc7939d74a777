/* Two addresses, part by part. */
#include "rules/identity/keys.h"
#include "rules/identity/official.h"
#include "rules/identity/town.h"

static const struct str nothing = {0};

/* FNV-1a; never 0 but for nothing. */
static uint64_t hash_of(const struct official *o, struct str s, bool of_kinds) {
    struct text key = town_key(s);
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ (of_kinds ? official_kanji_kind(o, key.c[i]) : key.c[i])) * 1099511628211u;
    return key.n == 0 ? 0 : h | 1;
}

enum err address_prepare(const struct official *official, struct str s, struct address_key *out, const char *where,
                         struct diag *d) {
    *out = (struct address_key){.whole = s, .official = official};
    TRY(address_parse(official, s, &out->parts, where, d));
    out->city = hash_of(official, out->parts.city, true), out->town = hash_of(official, out->parts.town, true);
    out->rest = hash_of(official, out->parts.rest, false);
    out->prefecture = address_prefecture(out->parts.prefecture), out->empty = str_trim(s).n == 0;
    out->read = out->parts.city.n && !out->parts.unread.n;
    return ERR_OK;
}

/* A pair under comparison. */
struct look {
    const struct address_key *key_a, *key_b;
    const struct address *a, *b;
    struct comparison *out; /* NULL when nobody asks why */
    bool written_otherwise; /* something that agrees is not written the same */
};

static void find(struct look *l, enum reason r, struct str a, struct str b) {
    if (l->out) comparison_find(l->out, r, a, b);
}

static bool otherwise(struct look *l, enum reason r, struct str a, struct str b) {
    find(l, r, a, b);
    return l->written_otherwise = true;
}

/* 西多摩郡瑞穂町 and 瑞穂町. */
static bool without_district(struct str longer, struct str shorter) {
    return str_ends(longer, shorter) && str_ends(str_head(longer, longer.n - shorter.n), S("郡"));
}

static bool same_city(struct look *l) {
    struct str a = l->a->city, b = l->b->city;
    if (str_eq(a, b)) return true;
    if (without_district(a, b) || without_district(b, a)) return otherwise(l, REASON_DISTRICT_LEFT_OUT, a, b);
    return (l->key_a->city == l->key_b->city && town_same(l->key_a->official, a, b)) &&
           otherwise(l, REASON_TOWN_FORM, a, b);
}

static bool same_prefecture(struct look *l) {
    uint8_t a = l->key_a->prefecture, b = l->key_b->prefecture;
    if (a == b) return true;
    return !(a && b) && otherwise(l, REASON_PREFECTURE_LEFT_OUT, l->a->prefecture, l->b->prefecture);
}

/* "1-2" and "1-2-3", but not "1-2" and "1-23". */
static bool block_ends_early(struct str a, struct str b) {
    struct str longer = a.n > b.n ? a : b, shorter = a.n > b.n ? b : a;
    return shorter.n == 0 || (str_starts(longer, shorter) && longer.n > shorter.n && longer.p[shorter.n] == '-');
}

static bool same_rest(const struct look *l) {
    if (str_eq(l->a->rest, l->b->rest)) return true;
    if (l->key_a->rest != l->key_b->rest) return false;
    struct text a = town_key(l->a->rest), b = town_key(l->b->rest);
    return text_eq(&a, &b);
}

static enum level compare_rest(struct look *l) {
    struct str a = l->a->rest, b = l->b->rest;
    if (same_rest(l)) return LEVEL_SAME;
    if (!l->key_a->rest || !l->key_b->rest) return find(l, REASON_BUILDING_LEFT_OUT, a, b), LEVEL_VARIANT;
    return find(l, REASON_BUILDING, a, b), LEVEL_NEAR;
}

/* A block is our own writing, which ends with the key: its finding shows the whole address. */
static enum level compare_block(struct look *l) {
    struct str a = address_block(l->a), b = address_block(l->b);
    if (str_eq(a, b)) return compare_rest(l);
    find(l, REASON_SAME_TOWN, nothing, nothing);
    bool early = block_ends_early(a, b);
    find(l, early ? REASON_BLOCK_SHORTER : REASON_BLOCK, l->key_a->whole, l->key_b->whole);
    return early ? LEVEL_NEAR : LEVEL_PART;
}

static enum level compare_parts(struct look *l) {
    const struct address *a = l->a, *b = l->b;
    if (!l->key_a->read || !l->key_b->read) return find(l, REASON_UNREAD, a->unread, b->unread), LEVEL_UNKNOWN;
    if (!same_prefecture(l)) return find(l, REASON_PREFECTURE, a->prefecture, b->prefecture), LEVEL_DIFFERENT;
    if (!same_city(l)) return find(l, REASON_CITY, a->city, b->city), LEVEL_DIFFERENT;
    bool written_the_same = str_eq(a->town, b->town);
    if (!written_the_same && !(l->key_a->town == l->key_b->town && town_same(l->key_a->official, a->town, b->town))) {
        find(l, REASON_SAME_CITY, nothing, nothing);
        return find(l, REASON_TOWN, a->town, b->town), LEVEL_PART;
    }
    if (!written_the_same) otherwise(l, REASON_TOWN_FORM, a->town, b->town);
    enum level level = compare_block(l);
    return level == LEVEL_SAME && l->written_otherwise ? LEVEL_VARIANT : level;
}

static enum level judge(const struct address_key *a, const struct address_key *b, struct comparison *out) {
    struct look l = {a, b, &a->parts, &b->parts, out, false};
    if (a->empty || b->empty) return find(&l, REASON_EMPTY, a->whole, b->whole), LEVEL_UNKNOWN;
    bool letters_same = a->prefecture == b->prefecture && a->city == b->city && str_eq(a->whole, b->whole);
    enum level level = letters_same ? LEVEL_SAME : compare_parts(&l);
    if (level == LEVEL_SAME) find(&l, letters_same ? REASON_ALL : REASON_ADDRESS_FORM, nothing, nothing);
    return level;
}

enum level address_level(const struct address_key *a, const struct address_key *b) { return judge(a, b, NULL); }

enum err address_compare_by(const struct official *official, struct str a, struct str b, struct comparison *out,
                            struct diag *d) {
    struct address_key ka, kb;
    *out = comparison_of(FACT_ADDRESS);
    TRY(address_prepare(official, a, &ka, "A", d));
    TRY(address_prepare(official, b, &kb, "B", d));
    out->level = judge(&ka, &kb, out);
    return ERR_OK;
}

enum err address_compare(struct str a, struct str b, struct comparison *out, struct diag *d) {
    return address_compare_by(NULL, a, b, out, d);
}
