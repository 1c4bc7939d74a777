/* Names in kanji (and what else stands in that field): compared character by character, graded, never folded into "same". */
#include "rules/identity/name.h"

#include "rules/identity/official.h"
#include "rules/identity/reading.h"

static const struct str nothing = {0};

void name_plain(const struct text *t, struct plain_name *out) {
    *out = (struct plain_name){0}, out->text.whole = t->whole;
    for (size_t i = 0; i < t->n; i++) {
        uint32_t c = t->c[i], kept = c;
        if (is_space(c)) {
            out->spaces = true;
            continue;
        }
        if (is_selector(c)) {
            out->selectors = true;
            continue;
        }
        if (c >= 0xff01 && c <= 0xff5e && !is_lost(c)) kept = c - 0xfee0;
        if (kept >= 'a' && kept <= 'z') kept -= 32;
        out->letters |= kept != c;
        if (c == 0x3005 && out->text.n) kept = out->text.c[out->text.n - 1], out->repeated = true;
        text_add(&out->text, kept, t->from[i], t->until[i]);
    }
}

static enum level worse(enum level a, enum level b) { return a > b ? a : b; }

enum level name_character_level(const struct official *o, uint32_t a, uint32_t b, enum reason *r) {
    if (a == b) return LEVEL_SAME;
    if (is_lost(a) || is_lost(b)) return *r = REASON_LOST, LEVEL_NEAR;
    if (kana_fold_character(a, NAME_KANA_FOLDS) == kana_fold_character(b, NAME_KANA_FOLDS))
        return *r = REASON_KANA_WORD, LEVEL_VARIANT;
    switch (official_kanji(o, a, b)) {
    case KANJI_SAME: return LEVEL_SAME;
    case KANJI_COMPATIBILITY: return *r = REASON_COMPATIBILITY, LEVEL_VARIANT;
    case KANJI_REGISTER: return *r = REASON_REGISTER, LEVEL_VARIANT;
    case KANJI_DICTIONARY: return *r = REASON_DICTIONARY, LEVEL_NEAR;
    case KANJI_DIFFERENT: break;
    }
    return *r = REASON_CHARACTER, LEVEL_DIFFERENT;
}

/* One character against another: its reason goes to out when there is one. */
static enum level compare_character(const struct official *o, const struct text *a, const struct text *b, size_t i,
                                    struct comparison *out) {
    enum reason r = REASON_ALL;
    enum level l = name_character_level(o, a->c[i], b->c[i], &r);
    if (r != REASON_ALL) comparison_find(out, r, text_original(a, i, 1), text_original(b, i, 1));
    return l;
}

/* All of it, at best as good as its worst character. */
static enum level compare_plain(const struct official *o, const struct text *a, const struct text *b,
                                struct comparison *out) {
    enum level l = LEVEL_SAME;
    if (a->n != b->n) return comparison_find(out, REASON_LENGTH, a->whole, b->whole), LEVEL_DIFFERENT;
    size_t lost = 0;
    for (size_t i = 0; i < a->n; i++) {
        l = worse(l, compare_character(o, a, b, i, out));
        lost += is_lost(a->c[i]) || is_lost(b->c[i]);
    }
    return l == LEVEL_NEAR && lost * 2 > a->n ? LEVEL_UNKNOWN : l; /* more lost than left */
}

static size_t first_space(const struct text *t) {
    size_t i = 0;
    while (i < t->n && !is_space(t->c[i])) i++;
    return i;
}

static bool alike(const struct official *o, const struct text *a, const struct text *b) {
    struct comparison unused = comparison_of(FACT_NAME);
    struct plain_name pa, pb;
    name_plain(a, &pa), name_plain(b, &pb);
    return pa.text.n > 0 && compare_plain(o, &pa.text, &pb.text, &unused) <= LEVEL_VARIANT;
}

/* Where the whole differs and both sides have a space: which part agrees. */
static void compare_parts(const struct official *o, const struct text *a, const struct text *b,
                          struct comparison *out) {
    size_t sa = first_space(a), sb = first_space(b);
    if (sa == a->n || sb == b->n) return;
    struct text fa = text_part(a, 0, sa), fb = text_part(b, 0, sb);
    struct text ga = text_part(a, sa + 1, a->n - sa), gb = text_part(b, sb + 1, b->n - sb);
    if (alike(o, &fa, &gb) && alike(o, &ga, &fb)) {
        out->level = LEVEL_NEAR;
        return comparison_find(out, REASON_ORDER, a->whole, b->whole);
    }
    bool family = alike(o, &fa, &fb), given = alike(o, &ga, &gb);
    if (!family && !given) return;
    out->level = LEVEL_PART;
    comparison_find(out, family ? REASON_FAMILY_SAME : REASON_GIVEN_SAME, nothing, nothing);
    if (family) comparison_find(out, REASON_GIVEN_DIFFERS, text_original(&ga, 0, ga.n), text_original(&gb, 0, gb.n));
    else comparison_find(out, REASON_FAMILY_DIFFERS, text_original(&fa, 0, fa.n), text_original(&fb, 0, fb.n));
}

bool name_all_kana(const struct text *t) {
    for (size_t i = 0; i < t->n; i++) {
        uint32_t c = t->c[i];
        if (!is_space(c) && !is_hiragana(c) && !is_katakana(c) && !is_half_kana(c)) return false;
    }
    return true;
}

bool name_some_kanji(const struct text *t) {
    for (size_t i = 0; i < t->n; i++)
        if (is_kanji(t->c[i])) return true;
    return false;
}

/* Kanji on one side and kana on the other: as far as a reading can tell. */
static enum err compare_reading(struct str a, struct str b, bool a_is_kana, struct comparison *out, struct diag *d) {
    struct reading r;
    TRY(reading_judge(a_is_kana ? b : a, a_is_kana ? a : b, &r, d));
    bool passes = r.score >= READING_ACCEPTED;
    out->level = passes ? LEVEL_NEAR : LEVEL_DIFFERENT;
    comparison_find(out, passes ? REASON_READING : REASON_NO_READING, a, b);
    return ERR_OK;
}

static void tell_plain(const struct plain_name *a, const struct plain_name *b, struct comparison *out) {
    size_t before = out->finding_count;
    if (a->selectors || b->selectors) comparison_find(out, REASON_SELECTOR, nothing, nothing);
    if (a->repeated != b->repeated) comparison_find(out, REASON_REPETITION, nothing, nothing);
    if (a->letters || b->letters) comparison_find(out, REASON_LETTER_CASE, nothing, nothing);
    if (out->finding_count == before && out->level == LEVEL_SAME)
        comparison_find(out, REASON_SPACING, nothing, nothing);
}

enum err name_compare_by(const struct official *o, struct str a, struct str b, struct comparison *out, struct diag *d) {
    struct text ta, tb;
    *out = comparison_of(FACT_NAME);
    TRY(text_read(a, &ta, "A", d));
    TRY(text_read(b, &tb, "B", d));
    struct plain_name pa, pb;
    name_plain(&ta, &pa), name_plain(&tb, &pb);
    if (pa.text.n == 0 || pb.text.n == 0) {
        out->level = LEVEL_UNKNOWN;
        return comparison_find(out, REASON_EMPTY, a, b), ERR_OK;
    }
    if (text_eq(&ta, &tb)) {
        out->level = LEVEL_SAME;
        return comparison_find(out, REASON_ALL, a, b), ERR_OK;
    }
    if (name_all_kana(&ta) && name_some_kanji(&tb)) return compare_reading(a, b, true, out, d);
    if (name_all_kana(&tb) && name_some_kanji(&ta)) return compare_reading(a, b, false, out, d);
    out->level = compare_plain(o, &pa.text, &pb.text, out);
    if (out->level <= LEVEL_VARIANT) tell_plain(&pa, &pb, out), out->level = LEVEL_VARIANT;
    else if (out->level == LEVEL_DIFFERENT) compare_parts(o, &ta, &tb, out);
    return ERR_OK;
}

enum err name_compare(struct str a, struct str b, struct comparison *out, struct diag *d) {
    return name_compare_by(NULL, a, b, out, d);
}
