/* name: what comparing names (name.c) and preparing them (name_key.c) share. */
#ifndef RULES_IDENTITY_NAME_H
#define RULES_IDENTITY_NAME_H

#include "rules/identity/comparison.h"
#include "rules/identity/kana.h"

/* Without spaces and variation selectors, 々 written out, letters in half-width capitals: what was done is told. */
struct plain_name {
    struct text text;
    bool spaces, selectors, repeated, letters;
};
void name_plain(const struct text *t, struct plain_name *out);

/* One character of a plain name against another; *r is why, when the level is not LEVEL_SAME. */
enum level name_character_level(const struct official *o, uint32_t a, uint32_t b, enum reason *r);

bool name_all_kana(const struct text *t);
bool name_some_kanji(const struct text *t);

/* What may be a kana of another kind for another: in a name, of these foldings. */
enum { NAME_KANA_FOLDS = KANA_WIDTH | KANA_HIRAGANA | KANA_SMALL };

#endif
