/* doubt: how likely a link is wrong, from how the member agrees with the resident and with whoever else is within reach. Learned from the
 * registry and the insurer's data themselves, without anybody saying which links are right (Fellegi and Sunter 1969; EM as in Winkler 1988):
 *
 * What a right link looks like is taken trait by trait from the links that are there, nearly all of which are right. What a wrong one looks like
 * is not guessed: each way of going wrong is acted out on the registry (a member beside the twin's, a family member's, a namesake's, a stranger's record,
 * with the own record within reach) and counted. How often each way happens is what EM then finds. Of it only a table of whole numbers is
 * kept, under the run's id. A doubt ranks what people look at; it never links and never unlinks (link.h). */
#ifndef RULES_IDENTITY_DOUBT_H
#define RULES_IDENTITY_DOUBT_H

#include "rules/identity/link.h"

#define WRONG_KIND(name, code, ja, en) WRONG_##name,
enum wrong_kind {
#include "rules/identity/wrong_kind.def"
    WRONG_KINDS,
};
#undef WRONG_KIND
const struct trait_info *wrong_kind_info(enum wrong_kind k);

/* The best of the others: nobody; within reach; of the same name; the same in everything. */
enum other_state { OTHER_NONE, OTHER_REACH, OTHER_FITS, OTHER_FITS_WHOLLY, OTHER_STATES };
enum { PATTERNS = ACCORD_COUNT * ACCORD_COUNT * ACCORD_COUNT * ACCORD_COUNT * ACCORD_COUNT * OTHER_STATES };

/* Where a link stands among all that two people and one more can look like. f->holder is there. */
unsigned doubt_pattern(const struct link_facts *f);

struct doubt_counts {
    uint64_t links[PATTERNS];              /* as they are */
    uint64_t wrong[WRONG_KINDS][PATTERNS]; /* acted out */
};

enum { DOUBT_CERTAIN = 1000000, DOUBT_ID_BYTES = 8 };

struct doubt_model {
    uint64_t id;                    /* of the run: a hash of what it learned from */
    uint32_t wrong[PATTERNS];       /* in a million links that look like this, so many are wrong */
    uint8_t kind[PATTERNS];         /* enum wrong_kind: most likely how */
    uint64_t links;                 /* learned from */
    uint64_t expected[WRONG_KINDS]; /* wrong links of each kind among them, in thousandths */
};

/* The same counts give the same model. */
void doubt_learn(const struct doubt_counts *counts, struct doubt_model *out);

#endif
