/* reading: is this kana a reading of this name? Whole words (words.def), characters as names read them (readings.def), Unihan's readings,
 * and what happens where they meet: voiced firsts (山崎 ヤマザキ), ツ become ッ (服部), ノ and ガ put between (井上), 々.
 *
 * The score is 100 less the cost of the cheapest way through; from READING_ACCEPTED on, the kana passes. A character none of whose
 * readings fits costs so much that a name with one never passes. */
#ifndef RULES_IDENTITY_READING_H
#define RULES_IDENTITY_READING_H

#include "base/err.h"

enum { READING_ACCEPTED = 50 };

enum reading_how { READING_KNOWN, READING_USUAL, READING_UNUSUAL, READING_NOT_FOUND, READING_EMPTY };

struct reading {
    unsigned score; /* 0 to 100 */
    enum reading_how how;
};

/* ERR_UTF8 or ERR_LIMIT with d->where "A" (the kanji) or "B" (the kana). With a space in both, family and given name are read apart. */
MUST_USE enum err reading_judge(struct str kanji, struct str kana, struct reading *out, struct diag *d);
/* The words for it. */
const char *reading_how_ja(enum reading_how h);
const char *reading_how_en(enum reading_how h);

#endif
