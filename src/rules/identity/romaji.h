/* romaji: a name in letters as katakana, for comparing with kana: Hepburn, Kunrei and passport spelling, in any case and width. */
#ifndef RULES_IDENTITY_ROMAJI_H
#define RULES_IDENTITY_ROMAJI_H

#include "rules/identity/text.h"

/* False when the text holds no letters or anything that is no Japanese syllable (SMITH). The kana points into the original. */
MUST_USE bool romaji_read(const struct text *t, struct text *out);

#endif
