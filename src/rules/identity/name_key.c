/* Names prepared: characters with the kind they belong to, so that most pairs differ at a glance; what is of one kind is looked up. */
#include "rules/identity/keys.h"
#include "rules/identity/name.h"
#include "rules/identity/official.h"

static uint32_t kind_of(const struct official *o, uint32_t c) {
    uint32_t folded = kana_fold_character(c, NAME_KANA_FOLDS);
    return folded != c ? folded : official_kanji_kind(o, c);
}

/* What a key is not made for: a lost character fits any, and 々 at the head of a part repeats nothing when the parts are compared. */
static bool is_slow(const struct text *t, const struct plain_name *plain) {
    if (plain->text.n > NAME_KEY_MAX) return true;
    for (size_t i = 0; i < plain->text.n; i++)
        if (is_lost(plain->text.c[i])) return true;
    for (size_t i = 1; i < t->n; i++)
        if (t->c[i] == 0x3005 && (is_space(t->c[i - 1]) || is_selector(t->c[i - 1]))) return true;
    return false;
}

enum err name_prepare(const struct official *official, struct str s, struct name_key *out, const char *where,
                      struct diag *d) {
    struct text t;
    struct plain_name plain;
    *out = (struct name_key){.whole = s, .official = official};
    TRY(text_read(s, &t, where, d));
    name_plain(&t, &plain);
    out->slow = is_slow(&t, &plain);
    out->all_kana = name_all_kana(&t), out->some_kanji = name_some_kanji(&t), out->spaced = plain.spaces;
    size_t space = 0;
    while (space < t.n && !is_space(t.c[space])) space++;
    size_t kept = plain.text.n < NAME_KEY_MAX ? plain.text.n : NAME_KEY_MAX;
    for (size_t i = 0; i < kept; i++) {
        out->c[i] = plain.text.c[i], out->kind[i] = kind_of(official, plain.text.c[i]);
        if (space == t.n || plain.text.from[i] < t.from[space]) out->family_n++;
    }
    out->n = (uint8_t)kept;
    return ERR_OK;
}

/* n characters from i in a against those from j in b: the worst of their levels. */
static enum level run_level(const struct name_key *a, size_t i, const struct name_key *b, size_t j, size_t n) {
    enum level worst = LEVEL_SAME;
    enum reason unused;
    for (size_t k = 0; k < n; k++)
        if (a->kind[i + k] != b->kind[j + k]) return LEVEL_DIFFERENT;
    for (size_t k = 0; k < n; k++) {
        enum level l = name_character_level(a->official, a->c[i + k], b->c[j + k], &unused);
        if (l > worst) worst = l;
    }
    return worst;
}

static bool alike(const struct name_key *a, size_t i, size_t a_n, const struct name_key *b, size_t j, size_t b_n) {
    return a_n == b_n && a_n > 0 && a->kind[i] == b->kind[j] && run_level(a, i, b, j, a_n) <= LEVEL_VARIANT;
}

/* What compare_parts() in name.c makes of names that differ. */
static enum level part_level(const struct name_key *a, const struct name_key *b) {
    if (!a->spaced || !b->spaced) return LEVEL_DIFFERENT;
    size_t fa = a->family_n, fb = b->family_n, ga = a->n - fa, gb = b->n - fb;
    if (alike(a, 0, fa, b, fb, gb) && alike(a, fa, ga, b, 0, fb)) return LEVEL_NEAR;
    return alike(a, 0, fa, b, 0, fb) || alike(a, fa, ga, b, fb, gb) ? LEVEL_PART : LEVEL_DIFFERENT;
}

static enum level slow_level(const struct name_key *a, const struct name_key *b) {
    struct comparison c;
    struct diag d;
    enum err e = name_compare_by(a->official, a->whole, b->whole, &c, &d);
    invariant(e == ERR_OK);
    return c.level;
}

enum level name_level(const struct name_key *a, const struct name_key *b) {
    if (a->n == 0 || b->n == 0) return LEVEL_UNKNOWN;
    bool reading = (a->all_kana && b->some_kanji) || (b->all_kana && a->some_kanji);
    if (a->slow || b->slow || reading) return str_eq(a->whole, b->whole) ? LEVEL_SAME : slow_level(a, b);
    enum level l = a->n == b->n ? run_level(a, 0, b, 0, a->n) : LEVEL_DIFFERENT;
    if (l <= LEVEL_VARIANT) return str_eq(a->whole, b->whole) ? LEVEL_SAME : LEVEL_VARIANT;
    return l == LEVEL_DIFFERENT ? part_level(a, b) : l;
}
