/* account: whose a bank account is, by the name it is held in: the bank has kana alone, cut off and without small letters; the registry has kanji and kana,
 * a 通称, a former name. Only a name is compared: an account of another person with the same name is not seen here. */
#ifndef RULES_IDENTITY_ACCOUNT_H
#define RULES_IDENTITY_ACCOUNT_H

#include "rules/identity/comparison.h"

enum { ACCOUNT_NAMES_MAX = 8 };

/* The best that any of the person's names gives; empty ones are passed over. LEVEL_SAME: the same in the bank's writing. LEVEL_VARIANT: but for spacing, kana
 * of one sound, or the end that was cut off. LEVEL_NEAR: one slip or another order, names left out (foreign names), or kana that is a reading of the kanji.
 * LEVEL_PART: one of family and given name: a family member's, or a former name that is not known. LEVEL_DIFFERENT: a stranger's, or an organisation's.
 * ERR_UTF8 and ERR_LIMIT with d->where "A" (the account) or "B". */
MUST_USE enum err account_names_compare(struct str account, const struct str *names, size_t count,
                                        struct comparison *out, struct diag *d);

#endif
