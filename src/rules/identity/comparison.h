/* comparison: how alike two ways of writing one fact are, with every agreement and difference in words (reason.def). Nothing here is
 * ever folded into "same": LEVEL_SAME means the same characters (for a birth date the same day, for an address the same parts, for sex and post code the same
 * code, for an account's name the same in the bank's writing).
 * Pure and integer: no clock, no I/O, no memory of its own. Findings borrow from the texts compared. */
#ifndef RULES_IDENTITY_COMPARISON_H
#define RULES_IDENTITY_COMPARISON_H

#include "base/buf.h"
#include "base/err.h"

#define LEVEL(name, code, ja, en) LEVEL_##name,
enum level {
#include "rules/identity/level.def"
    LEVEL_COUNT,
};
#undef LEVEL

#define REASON(name, agrees, best, ja, en) REASON_##name,
enum reason {
#include "rules/identity/reason.def"
    REASON_COUNT,
};
#undef REASON

enum fact { FACT_NAME, FACT_KANA, FACT_BIRTH, FACT_ADDRESS, FACT_SEX, FACT_POSTCODE, FACT_ACCOUNT, FACT_COUNT };

enum { FINDINGS_MAX = 24 }; /* more of the same say nothing new; the level does not depend on them */

struct remark {
    enum reason reason;
    struct str a, b; /* what stands on either side; both empty when the reason says it all */
};

struct comparison {
    enum fact fact;
    enum level level;
    struct remark findings[FINDINGS_MAX];
    size_t finding_count;
};

struct level_info {
    const char *code, *ja, *en;
};
struct reason_info {
    const char *name;
    bool agrees;
    enum level best; /* no comparison with this reason is better */
    const char *ja, *en;
};
const struct level_info *level_info(enum level l);
const struct reason_info *reason_info(enum reason r);

struct comparison comparison_of(enum fact fact);
void comparison_find(struct comparison *c, enum reason r, struct str a, struct str b);
bool comparison_has(const struct comparison *c, enum reason r);

/* Hundredths of a bit: log2 of how much likelier this level is for one person than for two (weight.def). An estimate from published
 * figures, not trained; a link never follows from it alone. 0 for LEVEL_UNKNOWN. */
int comparison_weight(const struct comparison *c);
int level_weight(enum fact fact, enum level level);

/* {"level","weight","why":[{"agrees","reason","a","b","ja","en"}]}, and lines for a person. */
void comparison_put_json(struct buf *b, const struct comparison *c);
void comparison_put_text(struct buf *b, const struct comparison *c);

/* The comparisons. ERR_UTF8, ERR_LIMIT (more than TEXT_MAX characters) and, for dates, ERR_DATE, for sex ERR_CODE, for post codes ERR_VALUE, with
 * d->where "A" or "B". An empty side is LEVEL_UNKNOWN. */
MUST_USE enum err name_compare(struct str a, struct str b, struct comparison *out, struct diag *d);
MUST_USE enum err kana_compare(struct str a, struct str b, struct comparison *out, struct diag *d);
MUST_USE enum err birth_compare(struct str a, struct str b, struct comparison *out, struct diag *d);
MUST_USE enum err address_compare(struct str a, struct str b, struct comparison *out, struct diag *d);
MUST_USE enum err sex_compare(struct str a, struct str b, struct comparison *out, struct diag *d);
MUST_USE enum err postcode_compare(struct str a, struct str b, struct comparison *out, struct diag *d);
/* The same with lists the operator brought (official.h); NULL: without. */
struct official;
MUST_USE enum err name_compare_by(const struct official *o, struct str a, struct str b, struct comparison *out,
                                  struct diag *d);
MUST_USE enum err address_compare_by(const struct official *o, struct str a, struct str b, struct comparison *out,
                                     struct diag *d);
/* The name a bank account is held in against a person's names with ; between (account.h). */
MUST_USE enum err account_compare(struct str a, struct str b, struct comparison *out, struct diag *d);

#endif
