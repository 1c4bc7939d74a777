/* Kana prepared: one byte a kana, so that most pairs are decided by a few words of memory. */
#include "rules/identity/kana.h"
#include "rules/identity/keys.h"

/* Katakana stand at their distance from U+30A0, and the three dashes that may be a long vowel behind them; 0: has no byte. */
static uint8_t byte_of(uint32_t c) {
    if (c >= 0x30a1 && c <= 0x30fc) return (uint8_t)(c - 0x30a0);
    return c == '-' ? 0x60 : c == 0x2015 ? 0x61 : c == 0xff0d ? 0x62 : 0;
}

static bool to_bytes(const struct text *t, uint8_t *out, uint8_t *n) {
    if (t->n > KANA_KEY_MAX) return false;
    for (size_t i = 0; i < t->n; i++)
        if ((out[i] = byte_of(t->c[i])) == 0) return false;
    *n = (uint8_t)t->n;
    return true;
}

enum err kana_prepare(struct str s, struct kana_key *out, const char *where, struct diag *d) {
    struct text t;
    uint8_t unused;
    *out = (struct kana_key){.whole = s};
    TRY(text_read(s, &t, where, d));
    struct text plain = kana_fold(&t, KANA_PLAIN), sound = kana_fold(&t, KANA_SOUND), folded = kana_fold(&t, KANA_ALL);
    struct text heard = kana_fold(&t, KANA_HEARD);
    /* Letters and what else is no kana may be romanised: the slow way knows. */
    out->slow = !to_bytes(&plain, out->plain, &out->n) || !to_bytes(&sound, out->sound, &unused) ||
                !to_bytes(&folded, out->folded, &out->folded_n) || !to_bytes(&heard, out->heard, &out->heard_n);
    size_t space = 0;
    while (space < t.n && !is_space(t.c[space])) space++;
    out->spaced = space < t.n;
    for (size_t i = 0; out->spaced && i < out->n; i++) out->family_n += plain.from[i] < t.from[space];
    return ERR_OK;
}

/* Past the end all are 0, so that whole rooms are compared, eight kana at a time. */
static bool same_room(const uint8_t *a, const uint8_t *b) {
    uint64_t differ = 0, x, y;
    for (size_t i = 0; i < KANA_KEY_MAX; i += sizeof x) {
        memcpy(&x, a + i, sizeof x), memcpy(&y, b + i, sizeof y);
        differ |= x ^ y;
    }
    return differ == 0;
}

/* Strangers differ at once, which a call of memcmp would only learn later. */
static bool same_run(const uint8_t *a, const uint8_t *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i]) return false;
    return true;
}

/* kana_one_apart() on bytes. */
static bool one_apart(const struct kana_key *a, const struct kana_key *b) {
    const struct kana_key *longer = a->n >= b->n ? a : b, *shorter = a->n >= b->n ? b : a;
    const uint8_t *l = longer->plain, *s = shorter->plain;
    size_t n = shorter->n, i = 0;
    if (longer->n - n > 1 || n < 2) return false;
    while (i < n && l[i] == s[i]) i++;
    if (longer->n > n) return same_run(l + i + 1, s + i, n - i);
    if (i + 1 >= n) return true;
    if (same_run(l + i + 1, s + i + 1, n - i - 1)) return true;
    return l[i] == s[i + 1] && l[i + 1] == s[i] && same_run(l + i + 2, s + i + 2, n - i - 2);
}

struct part {
    const uint8_t *p;
    size_t n;
};
static bool same_part(struct part a, struct part b) { return a.n == b.n && same_run(a.p, b.p, a.n); }

/* What compare_parts() in kana.c makes of the level. */
static enum level part_level(const struct kana_key *a, const struct kana_key *b, enum level l) {
    if (!a->spaced || !b->spaced) return l;
    struct part fa = {a->plain, a->family_n}, ga = {a->plain + a->family_n, (size_t)(a->n - a->family_n)};
    struct part fb = {b->plain, b->family_n}, gb = {b->plain + b->family_n, (size_t)(b->n - b->family_n)};
    bool family = same_part(fa, fb);
    if (family) return LEVEL_PART;
    if (same_part(ga, gb)) return l == LEVEL_DIFFERENT ? LEVEL_PART : l;
    return same_part(fa, gb) && same_part(ga, fb) ? LEVEL_NEAR : l;
}

static enum level slow_level(const struct kana_key *a, const struct kana_key *b) {
    struct comparison c;
    struct diag d;
    enum err e = kana_compare(a->whole, b->whole, &c, &d);
    invariant(e == ERR_OK);
    return c.level;
}

enum level kana_level(const struct kana_key *a, const struct kana_key *b) {
    if (a->whole.n == 0 || b->whole.n == 0) return LEVEL_UNKNOWN;
    if (a->slow || b->slow) return str_eq(a->whole, b->whole) ? LEVEL_SAME : slow_level(a, b);
    bool folded = a->folded_n == b->folded_n && same_room(a->folded, b->folded);
    if (!folded && (a->heard_n != b->heard_n || !same_room(a->heard, b->heard)))
        return part_level(a, b, one_apart(a, b) ? LEVEL_NEAR : LEVEL_DIFFERENT);
    if (!same_room(a->sound, b->sound)) return LEVEL_NEAR;
    return str_eq(a->whole, b->whole) ? LEVEL_SAME : LEVEL_VARIANT;
}
