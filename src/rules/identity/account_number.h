/* account_number: which account, as it is written. ゆうちょ銀行's 記号 and 番号 become the branch, kind and number by which other banks know the same account, so that
 * both ways of writing are one account. */
#ifndef RULES_IDENTITY_ACCOUNT_NUMBER_H
#define RULES_IDENTITY_ACCOUNT_NUMBER_H

#include "base/buf.h"
#include "base/err.h"

enum { ACCOUNT_ORDINARY = '1', ACCOUNT_CURRENT = '2', ACCOUNT_SAVINGS = '4' }; /* 普通 当座 貯蓄: 全銀協's 預金種目 */

struct account_number {
    char bank[4], branch[3], kind, number[7]; /* digits */
};

/* 0001-234-1234567 (bank, branch, number of at most seven digits; 普通), 0001-234-2-1234567 with the kind between, and 10120-12345671 or 10120-1-12345671
 * (記号, a digit of a reissued passbook that says nothing, 番号). Spaces for dashes, full width. ゆうちょ: the branch is the second and third digit of the 記号 and 8
 * for one that begins with 1 (総合口座; the 番号 without its last digit, which is 1), 9 for one that begins with 0 (振替口座; 当座).
 * ERR_SYNTAX; ERR_VALUE for a 記号 or 番号 that cannot be. */
MUST_USE enum err account_number_parse(struct str s, struct account_number *out, struct diag *d);
/* 9900-018-1-1234567 */
void account_number_put(struct buf *b, const struct account_number *a);
/* The same with all but the last three digits of the number hidden: for reports. */
void account_number_put_masked(struct buf *b, const struct account_number *a);
static inline bool account_number_eq(const struct account_number *a, const struct account_number *b) {
    return memcmp(a, b, sizeof *a) == 0;
}

#endif
