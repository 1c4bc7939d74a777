/* identity_pairs: any number of made-up pairs of names, kana, birth dates or addresses, the same for the same seed: strangers, one person written twice,
 * one part exchanged, order turned, and one to three characters changed, put in, left out or exchanged. */
#ifndef TESTS_LIB_IDENTITY_PAIRS_H
#define TESTS_LIB_IDENTITY_PAIRS_H

#include "rules/identity/comparison.h"

enum { PAIR_TEXT_MAX = 512 };

struct identity_pairs {
    enum fact fact; /* not FACT_SEX, FACT_POSTCODE */
    uint64_t state;
    char a_room[PAIR_TEXT_MAX], b_room[PAIR_TEXT_MAX];
};

struct identity_pairs identity_pairs_of(enum fact fact, uint64_t seed);
/* Both live until the next call. */
void identity_pairs_next(struct identity_pairs *p, struct str *a, struct str *b);

#endif
