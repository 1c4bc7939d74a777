/* kana: names in kana as people and systems write them, brought to one form for comparing. The folded form is a key and is never shown
 * or stored in place of the original. */
#ifndef RULES_IDENTITY_KANA_H
#define RULES_IDENTITY_KANA_H

#include "rules/identity/text.h"

/* What may be taken for the same. Each is one way in which lists of one name come to differ. */
enum kana_fold {
    KANA_SPACING = 1 << 0,
    KANA_WIDTH = 1 << 1,
    KANA_HIRAGANA = 1 << 2,
    KANA_SMALL = 1 << 3,      /* ショウコ, シヨウコ: old systems had no small kana */
    KANA_SAME_SOUND = 1 << 4, /* ヅ/ズ, ヂ/ジ, ヲ/オ, ヰ/イ, ヱ/エ */
    KANA_LONG = 1 << 5,       /* オオノ, オウノ, オーノ, オノ */
    KANA_VOICED = 1 << 6,     /* ヤマサキ, ヤマザキ */
    KANA_SHAPE = 1 << 7,      /* ソ/ン, シ/ツ: read from handwriting */
    KANA_FOLDS = 8,
    KANA_ALL = (1 << KANA_FOLDS) - 1,
    KANA_HEARD = KANA_ALL & ~KANA_SHAPE,
    KANA_PLAIN = KANA_SPACING | KANA_WIDTH | KANA_HIRAGANA | KANA_SMALL, /* the same kana, written another way */
    KANA_SOUND = KANA_PLAIN | KANA_SAME_SOUND,                           /* and no slip yet */
};

/* One character with what needs no neighbour: not KANA_SPACING, KANA_LONG, or half-width marks. */
uint32_t kana_fold_character(uint32_t c, unsigned folds);
/* The text with that folding; its characters still point into the original. */
struct text kana_fold(const struct text *t, unsigned folds);
/* Whether one kana changed, was left out, was added, or two neighbours changed places. */
bool kana_one_apart(const struct text *a, const struct text *b);

#endif
