/* text: a name as an array of characters, each remembering where it stands in the original, so that findings can show it. */
#ifndef RULES_IDENTITY_TEXT_H
#define RULES_IDENTITY_TEXT_H

#include "base/err.h"

enum { TEXT_MAX = 200 }; /* the registry's longest names, of foreign residents, stay below 100; addresses below 200 */

struct text {
    struct str whole;
    uint32_t c[TEXT_MAX];
    uint16_t from[TEXT_MAX], until[TEXT_MAX]; /* bytes of the original this character was made of */
    size_t n;
};

/* ERR_UTF8, ERR_LIMIT. The text borrows s. */
MUST_USE enum err text_read(struct str s, struct text *out, const char *where, struct diag *d);
void text_add(struct text *t, uint32_t c, size_t from, size_t until);
/* What stands in the original for characters i to i + n - 1. */
struct str text_original(const struct text *t, size_t i, size_t n);
bool text_eq(const struct text *a, const struct text *b);
/* Characters i to i + n - 1 as a text of its own. */
struct text text_part(const struct text *t, size_t i, size_t n);

static inline bool is_space(uint32_t c) { return c == ' ' || c == 0x3000 || c == 0xa0; }
static inline bool is_selector(uint32_t c) { return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef); }
static inline bool is_hiragana(uint32_t c) { return c >= 0x3041 && c <= 0x3096; }
static inline bool is_katakana(uint32_t c) { return (c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc; }
static inline bool is_half_kana(uint32_t c) { return c >= 0xff66 && c <= 0xff9f; }
static inline bool is_kanji(uint32_t c) {
    return c == 0x3005 || c == 0x3006 || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
           (c >= 0x20000 && c <= 0x323af);
}
/* What systems write for a character they cannot hold. */
static inline bool is_lost(uint32_t c) {
    return c == 0x25cf || c == 0x3013 || c == '?' || c == 0xff1f || c == 0x25a1 || c == 0x25a0 || c == 0xfffd ||
           c == '*' || c == 0xff0a;
}

#endif
