/* postcode: 郵便番号, the seven digits of today or the three or five of before 1998-02-02. Which town a code stands for is not known here
 * (rules/identity/town.h, with Japan Post's list). */
#ifndef RULES_IDENTITY_POSTCODE_H
#define RULES_IDENTITY_POSTCODE_H

#include "rules/identity/comparison.h"

struct postcode {
    char digits[7];
    uint8_t n; /* 7, 5 or 3; 0: none */
};

/* 〒, spaces, dashes and full-width digits are taken as they come. False for anything that is no post code; nothing is n = 0. A code filled up with
 * zeros, as systems did with the old ones (1980000 for 198, 1980100 for 198-01), stays seven digits. */
MUST_USE bool postcode_read(struct str s, struct postcode *out);
enum level postcode_level(const struct postcode *a, const struct postcode *b);

#endif
