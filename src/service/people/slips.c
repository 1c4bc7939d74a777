#include "service/people/slips.h"

#include "base/utf8.h"

enum where { PLAIN, BEYOND };
struct variant {
    uint32_t registry, common;
    enum where where;
};
#define VARIANT(registry, common, where) {registry, common, where},
static const struct variant variants[] = {
#include "service/people/variants.def"
};
#undef VARIANT

enum { SPACE_WIDE = 0x3000, VOICED = 0xff9e, HALF_VOICED = 0xff9f, KANA_TSU = 0xff82, KANA_SU = 0xff7d };

/* Variation selectors choose one shape of the character in front (Unicode, Ideographic Variation Database). */
static bool is_selector(uint32_t c) { return (c >= 0xe0100 && c <= 0xe01ef) || (c >= 0xfe00 && c <= 0xfe0f); }
static bool is_kanji(uint32_t c) { return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x3ffff); }

static uint32_t peek(struct str rest) {
    uint32_t c = utf8_next(&rest);
    return c == UTF8_BAD ? 0 : c;
}

bool slip_common(struct str name, struct buf *out) {
    bool changed = false;
    for (uint32_t c; (c = utf8_next(&name)) != UTF8_BAD;) {
        uint32_t to = is_selector(c) ? 0 : c;
        for (size_t i = 0; i < ARRAY_LEN(variants); i++)
            if (variants[i].registry == c) to = variants[i].common;
        if (to) utf8_put(out, to);
        changed = changed || to != c;
    }
    return changed;
}

bool slip_older(struct str name, struct buf *out) {
    bool changed = false;
    for (uint32_t c; (c = utf8_next(&name)) != UTF8_BAD;) {
        uint32_t to = c;
        for (size_t i = 0; i < ARRAY_LEN(variants) && !changed && to == c; i++)
            if (variants[i].common == c) to = variants[i].registry;
        utf8_put(out, to);
        changed = changed || to != c;
    }
    return changed;
}

static bool is_beyond(uint32_t c, uint32_t next) {
    if (c >= 0x20000 || is_selector(next)) return true;
    for (size_t i = 0; i < ARRAY_LEN(variants); i++)
        if (variants[i].where == BEYOND && variants[i].registry == c) return true;
    return false;
}

bool slip_lost(struct str name, struct buf *out) {
    bool changed = false;
    for (uint32_t c; (c = utf8_next(&name)) != UTF8_BAD;) {
        if (is_selector(c)) continue;
        bool lost = is_beyond(c, peek(name));
        utf8_put(out, lost ? 0x25cf : c); /* ● */
        changed = changed || lost;
    }
    return changed;
}

bool slip_no_space(struct str name, struct buf *out) {
    size_t before = name.n, from = out->n;
    for (uint32_t c; (c = utf8_next(&name)) != UTF8_BAD;)
        if (c != SPACE_WIDE) utf8_put(out, c);
    return out->n - from != before;
}

/* ｧ…ｫ and ｬｭｮｯ, JIS X 0201's small letters. */
static uint32_t large_kana(uint32_t c) {
    if (c >= 0xff67 && c <= 0xff6b) return c + 10;
    if (c >= 0xff6c && c <= 0xff6e) return c - 0xff6c + 0xff94;
    return c == 0xff6f ? KANA_TSU : c;
}

bool slip_large(struct str kana, struct buf *out) {
    bool changed = false;
    for (uint32_t c; (c = utf8_next(&kana)) != UTF8_BAD;) {
        utf8_put(out, large_kana(c));
        changed = changed || large_kana(c) != c;
    }
    return changed;
}

bool slip_unvoiced(struct str kana, struct buf *out) {
    bool changed = false;
    for (uint32_t c; (c = utf8_next(&kana)) != UTF8_BAD;) {
        if (!changed && (c == VOICED || c == HALF_VOICED)) changed = true;
        else utf8_put(out, c);
    }
    return changed;
}

bool slip_zu(struct str kana, struct buf *out) {
    bool changed = false;
    for (uint32_t c; (c = utf8_next(&kana)) != UTF8_BAD;) {
        bool here = !changed && (c == KANA_TSU || c == KANA_SU) && peek(kana) == VOICED;
        utf8_put(out, !here ? c : c == KANA_TSU ? KANA_SU : KANA_TSU);
        changed = changed || here;
    }
    return changed;
}

/* Shapes that a reader takes for each other: ソ and ン, シ and ツ. */
static uint32_t alike(uint32_t c) {
    static const uint32_t pairs[][2] = {{0xff7f, 0xff9d}, {0xff7c, KANA_TSU}};
    for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
        if (pairs[i][0] == c) return pairs[i][1];
        if (pairs[i][1] == c) return pairs[i][0];
    }
    return c;
}

bool slip_alike(struct str kana, struct buf *out) {
    bool changed = false;
    for (uint32_t c; (c = utf8_next(&kana)) != UTF8_BAD;) {
        bool here = !changed && alike(c) != c && peek(kana) != VOICED;
        utf8_put(out, here ? alike(c) : c);
        changed = changed || here;
    }
    return changed;
}

bool slip_full_width(struct str kana, struct buf *out) {
    static const uint32_t letters[] =
        U"ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨ"
        U"ラリルレロワン"; /* U+FF66 … U+FF9D */
    bool changed = false;
    for (uint32_t c; (c = utf8_next(&kana)) != UTF8_BAD;) {
        uint32_t to = c == ' ' ? SPACE_WIDE : c, mark = peek(kana);
        if (c >= 0xff66 && c <= 0xff9d) to = letters[c - 0xff66];
        changed = changed || (to != c && c != ' ');
        if (to != c && mark == VOICED) to = c == 0xff73 ? 0x30f4 : to + 1; /* ヴ, ガ */
        if (to != c && mark == HALF_VOICED) to += 2;
        utf8_put(out, to);
        if (to != c && (mark == VOICED || mark == HALF_VOICED)) (void)utf8_next(&kana);
    }
    return changed;
}

static uint32_t other_ga(uint32_t c) {
    switch (c) {
    case 0x30f6: return 0x30b1; /* ヶ → ケ */
    case 0x30b1: return 0x304c; /* ケ → が */
    case 0x304c: return 0x30f6; /* が → ヶ */
    default: return c;
    }
}

bool slip_ga(struct str town, struct buf *out) {
    bool changed = false;
    uint32_t before = 0;
    for (uint32_t c; (c = utf8_next(&town)) != UTF8_BAD; before = c) {
        bool here = other_ga(c) != c && is_kanji(before) && is_kanji(peek(town));
        utf8_put(out, here ? other_ga(c) : c);
        changed = changed || here;
    }
    return changed;
}

/* First days of the eras and the year before their year 1 (JIS X 0301). */
static const struct {
    int32_t first;
    int zero;
} eras[] = {{-37231, 1867}, {-20974, 1911}, {-15713, 1925}, {6947, 1988}, {18017, 2018}};

static size_t era_of(struct day d) {
    size_t e = ARRAY_LEN(eras) - 1;
    while (e > 0 && d.n < eras[e].first) e--;
    return e;
}

bool slip_era(struct day birth, bool later, struct day *out) {
    size_t from = era_of(birth);
    if (later ? from + 1 == ARRAY_LEN(eras) : from == 0) return false;
    size_t to = later ? from + 1 : from - 1;
    struct civil c = day_civil(birth);
    struct day d;
    if (!day_from_civil(c.year - eras[from].zero + eras[to].zero, c.month, c.day, &d) || era_of(d) != to) return false;
    *out = d;
    return true;
}

bool slip_month_day(struct day birth, struct day *out) {
    struct civil c = day_civil(birth);
    struct day d;
    if (c.month == c.day || !day_from_civil(c.year, c.day, c.month, &d)) return false;
    *out = d;
    return true;
}
