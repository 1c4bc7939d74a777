#include "rules/identity/kana.h"

#include "rules/identity/comparison.h"
#include "rules/identity/romaji.h"

/* U+FF66 to U+FF9D in full width (JIS X 0201 to JIS X 0208). */
static const uint16_t full_width[] = {
    0x30f2, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2, 0x30a4, 0x30a6,
    0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1,
    0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5, 0x30d8, 0x30db, 0x30de,
    0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8, 0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3,
};
enum { VOICED_MARK = 0xff9e, SEMI_VOICED_MARK = 0xff9f, LONG_MARK = 0x30fc };

/* カ to ト stand in steps of two or, from ツ, shifted by the small ッ; ハ to ホ in steps of three. */
static uint32_t voiced(uint32_t c) {
    if (c == 0x30a6) return 0x30f4;
    bool takes = (c >= 0x30ab && c <= 0x30c1 && (c & 1)) || c == 0x30c4 || c == 0x30c6 || c == 0x30c8 ||
                 (c >= 0x30cf && c <= 0x30db && (c - 0x30cf) % 3 == 0);
    return takes ? c + 1 : c;
}

static uint32_t unvoiced(uint32_t c) {
    if (c == 0x30f4) return 0x30a6;
    if (c >= 0x30cf && c <= 0x30dd) return c - (c - 0x30cf) % 3;
    for (uint32_t k = c - 1; k <= c; k++)
        if (voiced(k) == c && k != c) return k;
    return c;
}

static uint32_t large(uint32_t c) {
    if (c >= 0x30a1 && c <= 0x30a9 && (c & 1)) return c + 1;
    if (c == 0x30c3 || c == 0x30e3 || c == 0x30e5 || c == 0x30e7 || c == 0x30ee) return c + 1;
    if (c == 0x30f5) return 0x30ab;
    return c == 0x30f6 ? 0x30b1 : c;
}

static uint32_t of_one_sound(uint32_t c) {
    switch (c) {
    case 0x30c5: return 0x30ba; /* ヅ ズ */
    case 0x30c2: return 0x30b8; /* ヂ ジ */
    case 0x30f2: return 0x30aa; /* ヲ オ */
    case 0x30f0: return 0x30a4; /* ヰ イ */
    case 0x30f1: return 0x30a8; /* ヱ エ */
    default: return c;
    }
}

static uint32_t of_one_shape(uint32_t c) { return c == 0x30bd ? 0x30f3 : c == 0x30b7 ? 0x30c4 : c; }

/* Which vowel a large kana ends in, 0 for ン and what is no kana. From ァ on; small ones and ヴ have none. */
static uint32_t vowel(uint32_t c) {
    static const char ends[] = ".a.i.u.e.oaaiiuueeooaaiiuueeooaaii.uueeooaiueoaaaiiiuuueeeoooaiueo.a.u.oaiueo.aieo";
    if (c < 0x30a1 || c >= 0x30a1 + sizeof ends - 1) return 0;
    char end = ends[c - 0x30a1];
    return end == '.' ? 0 : (uint32_t)end;
}

/* ー after any kana, ウ and オ after an o, and otherwise a vowel after its own kind only make it long. */
static bool only_lengthens(uint32_t c, uint32_t before) {
    uint32_t v = vowel(before);
    if (v == 0) return false;
    if (c == LONG_MARK || c == '-' || c == 0x2015 || c == 0xff0d) return true;
    if (c != 0x30a2 && c != 0x30a4 && c != 0x30a6 && c != 0x30a8 && c != 0x30aa) return false;
    return vowel(c) == v || (v == 'o' && c == 0x30a6);
}

uint32_t kana_fold_character(uint32_t c, unsigned folds) {
    if ((folds & KANA_WIDTH) && c >= 0xff66 && c <= 0xff9d) c = full_width[c - 0xff66];
    if ((folds & KANA_HIRAGANA) && is_hiragana(c)) c += 0x60;
    if (folds & KANA_SMALL) c = large(c);
    if (folds & KANA_SAME_SOUND) c = of_one_sound(c);
    if (folds & KANA_VOICED) c = unvoiced(c);
    return folds & KANA_SHAPE ? of_one_shape(c) : c;
}

struct text kana_fold(const struct text *t, unsigned folds) {
    struct text out; /* not cleared: what it holds ends at n */
    uint32_t before = 0;
    out.whole = t->whole, out.n = 0;
    for (size_t i = 0; i < t->n; i++) {
        uint32_t c = t->c[i];
        size_t from = t->from[i], until = t->until[i];
        if ((folds & KANA_SPACING) && (is_space(c) || c == 0x30fb || c == 0xff65)) continue;
        if ((folds & KANA_WIDTH) && is_half_kana(c) && i + 1 < t->n && t->c[i + 1] >= VOICED_MARK &&
            t->c[i + 1] <= SEMI_VOICED_MARK && c < VOICED_MARK) {
            uint32_t full = full_width[c - 0xff66];
            bool semi = t->c[i + 1] == SEMI_VOICED_MARK;
            if (voiced(full) != full && (!semi || (full >= 0x30cf && full <= 0x30db))) {
                c = voiced(full) + semi;
                until = t->until[++i];
            }
        }
        c = kana_fold_character(c, folds);
        if ((folds & KANA_LONG) && only_lengthens(c, before)) continue;
        text_add(&out, c, from, until);
        before = c;
    }
    return out;
}

bool kana_one_apart(const struct text *a, const struct text *b) {
    const struct text *longer = a->n >= b->n ? a : b, *shorter = a->n >= b->n ? b : a;
    size_t head = 0, tail = 0, d = longer->n - shorter->n;
    if (d > 1 || shorter->n < 2) return false;
    while (head < shorter->n && a->c[head] == b->c[head]) head++;
    while (tail + head < shorter->n && a->c[a->n - 1 - tail] == b->c[b->n - 1 - tail]) tail++;
    size_t left = longer->n - head - tail;
    return left <= 1 || (d == 0 && left == 2 && a->c[head] == b->c[head + 1] && a->c[head + 1] == b->c[head]);
}

static const struct {
    unsigned fold;
    enum reason reason;
    bool slip;
} steps[KANA_FOLDS] = {
    {KANA_SPACING, REASON_SPACING, false},       {KANA_WIDTH, REASON_WIDTH, false},
    {KANA_HIRAGANA, REASON_HIRAGANA, false},     {KANA_SMALL, REASON_SMALL, false},
    {KANA_SAME_SOUND, REASON_SAME_SOUND, false}, {KANA_LONG, REASON_LONG_VOWEL, true},
    {KANA_VOICED, REASON_VOICED, true},          {KANA_SHAPE, REASON_SHAPE, true},
};
enum { ALL_FOLDS = KANA_ALL, PLAIN_FOLDS = KANA_PLAIN };

static bool equal_folded(const struct text *a, const struct text *b, unsigned folds) {
    struct text fa = kana_fold(a, folds), fb = kana_fold(b, folds);
    return text_eq(&fa, &fb);
}

/* The fewest foldings under which they are equal, the boldest given up first; 0 when none makes them so. */
static unsigned folds_needed(const struct text *a, const struct text *b) {
    unsigned folds = ALL_FOLDS;
    if (!equal_folded(a, b, folds)) folds = KANA_HEARD; /* ソウ is long, but taken for ンウ it is not */
    if (!equal_folded(a, b, folds)) return 0;
    for (size_t i = KANA_FOLDS; i-- > 0;)
        if (equal_folded(a, b, folds & ~steps[i].fold)) folds &= ~steps[i].fold;
    return folds;
}

/* Where the first space stands; t->n without one. */
static size_t first_space(const struct text *t) {
    size_t i = 0;
    while (i < t->n && !is_space(t->c[i])) i++;
    return i;
}

static void compare_parts(const struct text *a, const struct text *b, struct comparison *out) {
    size_t sa = first_space(a), sb = first_space(b);
    if (sa == a->n || sb == b->n) return;
    struct text fa = text_part(a, 0, sa), fb = text_part(b, 0, sb);
    struct text ga = text_part(a, sa, a->n - sa), gb = text_part(b, sb, b->n - sb);
    bool family = equal_folded(&fa, &fb, PLAIN_FOLDS), given = equal_folded(&ga, &gb, PLAIN_FOLDS);
    if (!family && !given) {
        if (!equal_folded(&fa, &gb, PLAIN_FOLDS) || !equal_folded(&ga, &fb, PLAIN_FOLDS)) return;
        out->level = LEVEL_NEAR;
        return comparison_find(out, REASON_ORDER, (struct str){0}, (struct str){0});
    }
    /* One kana apart in the given name is what tells twins apart; it is never a slip here. */
    if (family || out->level == LEVEL_DIFFERENT) out->level = LEVEL_PART;
    comparison_find(out, family ? REASON_FAMILY_SAME : REASON_GIVEN_SAME, (struct str){0}, (struct str){0});
    if (family) comparison_find(out, REASON_GIVEN_DIFFERS, text_original(&ga, 1, ga.n), text_original(&gb, 1, gb.n));
    else comparison_find(out, REASON_FAMILY_DIFFERS, text_original(&fa, 0, fa.n), text_original(&fb, 0, fb.n));
}

/* Letters against kana: long vowels are lost in letters (SATO, SATOH), so at best near. */
static bool compare_romanised(const struct text *a, const struct text *b, struct comparison *out) {
    struct text ka, kb;
    bool la = romaji_read(a, &ka), lb = romaji_read(b, &kb);
    if (la == lb || !equal_folded(la ? &ka : a, lb ? &kb : b, PLAIN_FOLDS | KANA_SAME_SOUND | KANA_LONG)) return false;
    out->level = LEVEL_NEAR;
    comparison_find(out, REASON_ROMANISED, a->whole, b->whole);
    return true;
}

static void compare_unlike(const struct text *a, const struct text *b, struct comparison *out) {
    if (compare_romanised(a, b, out)) return;
    struct text fa = kana_fold(a, PLAIN_FOLDS), fb = kana_fold(b, PLAIN_FOLDS);
    if (kana_one_apart(&fa, &fb)) {
        out->level = LEVEL_NEAR;
        comparison_find(out, REASON_ONE_KANA, a->whole, b->whole);
    } else comparison_find(out, REASON_OTHER_KANA, a->whole, b->whole);
    compare_parts(a, b, out);
}

enum err kana_compare(struct str a, struct str b, struct comparison *out, struct diag *d) {
    struct text ta, tb;
    *out = comparison_of(FACT_KANA);
    TRY(text_read(a, &ta, "A", d));
    TRY(text_read(b, &tb, "B", d));
    if (ta.n == 0 || tb.n == 0) {
        out->level = LEVEL_UNKNOWN;
        comparison_find(out, REASON_EMPTY, a, b);
    } else if (text_eq(&ta, &tb)) {
        out->level = LEVEL_SAME;
        comparison_find(out, REASON_ALL, a, b);
    } else {
        unsigned folds = folds_needed(&ta, &tb);
        if (folds == 0) return compare_unlike(&ta, &tb, out), ERR_OK;
        out->level = LEVEL_VARIANT;
        for (size_t i = 0; i < KANA_FOLDS; i++) {
            if (!(folds & steps[i].fold)) continue;
            comparison_find(out, steps[i].reason, (struct str){0}, (struct str){0});
            if (steps[i].slip) out->level = LEVEL_NEAR;
        }
    }
    return ERR_OK;
}
