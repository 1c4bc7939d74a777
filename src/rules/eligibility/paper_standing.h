/* paper_standing: what an eligibility certificate or notice is worth on a day, from what its code says and what the insurer's list of void
 * papers says. A paper that is not valid says nothing about the person's coverage: who holds it is asked about otherwise. */
#ifndef RULES_ELIGIBILITY_PAPER_STANDING_H
#define RULES_ELIGIBILITY_PAPER_STANDING_H

#include "core/day.h"

#define STANDING(name, word, ja, en) PAPER_##name,
enum paper_standing {
#include "rules/eligibility/paper_standing.def"
    PAPER_STANDING_COUNT
};
#undef STANDING

struct paper_standing_info {
    const char *word, *ja, *en;
};
const struct paper_standing_info *paper_standing_info(enum paper_standing s);

/* Of a paper whose signature is good. Void comes first: it holds on every day. */
enum paper_standing paper_standing_decide(struct day from, struct day until, bool voided, struct day on);

#endif
