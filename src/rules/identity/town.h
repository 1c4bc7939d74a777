/* town: names of towns and municipalities as they are written one way or another: ヶ/ケ/が, ノ/之/の, ッ/ツ, 大字 and 字, variants of kanji. The folded form is a key and is never shown. */
#ifndef RULES_IDENTITY_TOWN_H
#define RULES_IDENTITY_TOWN_H

#include "rules/identity/text.h"

struct official;

/* Nothing of it when the text is none (not UTF-8, too long). A 町 at the end is left out when more than one character stands before it. */
struct text town_key(struct str s);
/* Equal but for such differences. */
bool town_same(const struct official *o, struct str a, struct str b);
/* The text begins with that town, or is the town without its last 町. */
bool town_begins(const struct official *o, struct str text, struct str town);
/* How many characters of t from i on are that town; 0 when they are not. */
size_t town_at(const struct official *o, const struct text *t, size_t i, struct str town);

#endif
