#include "rules/identity/zengin.h"

#include "base/utf8.h"
#include "rules/identity/kana.h"

enum { VOICED_MARK = 0xff9e, SEMI_VOICED_MARK = 0xff9f, DOT = 0x30fb, HALF_DOT = 0xff65, HALF_LONG = 0xff70 };

/* Large katakana from ア to ン with their half-width form, dash for what has none of its own: voiced ones are two characters. */
static uint32_t half_width(uint32_t c) {
    static const uint16_t plain[] = {
        0x30f2, 0,      0,      0,      0,      0,      0,      0,      0,      0,      0,      0x30a2, 0x30a4, 0x30a6,
        0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1,
        0x30c4, 0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5, 0x30d8, 0x30db, 0x30de,
        0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8, 0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3};
    for (uint32_t i = 0; i < ARRAY_LEN(plain); i++)
        if (plain[i] == c) return 0xff66 + i;
    return c == 0x30f0 ? 0xff72 : c == 0x30f1 ? 0xff74 : 0; /* ヰ ヱ */
}

static bool is_dash(uint32_t c) {
    return c == '-' || c == 0x30fc || c == HALF_LONG || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xff0d;
}

/* What is no kana; 0 when the bank has no place for it. */
static uint32_t other(uint32_t c) {
    if (is_dash(c)) return '-';
    if (c == DOT || c == HALF_DOT || c == 0x2e || c == 0xff0e) return '.';
    if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
    if (c == 0x300c || c == 0xff62) return 0xff62;
    if (c == 0x300d || c == 0xff63) return 0xff63;
    if (c == 0xa5 || c == 0xffe5) return '\\';
    if (c >= 'a' && c <= 'z') c -= 32;
    bool listed = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '(' || c == ')' || c == '/' || c == '\\';
    return listed || c == VOICED_MARK || c == SEMI_VOICED_MARK ? c : 0;
}

static void add(struct text *out, uint32_t c, const struct text *from, size_t i) {
    if (out->n < TEXT_MAX) text_add(out, c, from->from[i], from->until[i]);
}

static bool write_one(struct text *out, const struct text *t, size_t i) {
    uint32_t c = t->c[i], plain = kana_fold_character(c, KANA_VOICED), half = half_width(plain);
    if (half == 0) {
        uint32_t kept = other(c);
        return add(out, kept ? kept : c, t, i), kept != 0;
    }
    add(out, half, t, i);
    bool semi = plain >= 0x30cf && plain <= 0x30db && c == plain + 2;
    if (c != plain) add(out, semi ? SEMI_VOICED_MARK : VOICED_MARK, t, i);
    return true;
}

bool zengin_write(const struct text *t, struct text *out) {
    struct text large = kana_fold(t, KANA_WIDTH | KANA_HIRAGANA | KANA_SMALL);
    bool writable = true, space = false;
    out->whole = t->whole, out->n = 0;
    for (size_t i = 0; i < large.n; i++) {
        if (is_space(large.c[i])) {
            space = out->n > 0;
            continue;
        }
        if (space) add(out, ' ', &large, i - 1);
        space = false;
        writable &= write_one(out, &large, i);
    }
    return writable;
}

void zengin_put(struct buf *b, const struct text *written) {
    for (size_t i = 0; i < written->n; i++) utf8_put(b, written->c[i]);
}
