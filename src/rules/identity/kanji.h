/* kanji: whether two characters are variants of one another, and how far. Only pairs a table names count; nothing follows from A~B and
 * B~C, because chains of variants soon join names that nobody takes for the same. Sources: variants.def, Unihan (see mk/identity.mk). */
#ifndef RULES_IDENTITY_KANJI_H
#define RULES_IDENTITY_KANJI_H

#include "base/base.h"

enum kanji_grade {
    KANJI_DIFFERENT,
    KANJI_SAME,
    KANJI_COMPATIBILITY, /* U+FA19 神: a compatibility ideograph of the same character */
    KANJI_REGISTER,      /* 髙/高: by family-register practice */
    KANJI_DICTIONARY,    /* 斎/斉: by dictionary or shape; names of their own */
};

enum kanji_grade kanji_compare(uint32_t a, uint32_t b);
/* Two characters of different kinds are never variants. Those of one kind need not be: a kind is all that chains of pairs lead to, good for passing over
 * what differs and for nothing else. */
uint32_t kanji_kind(uint32_t c);

#endif
