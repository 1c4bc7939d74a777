/* eligibility: from the facts known of a question to the answer. Pure: no clock, no I/O, no memory of its own. The rules and
 * their sources: docs/format/answer.md. */
#ifndef RULES_ELIGIBILITY_ELIGIBILITY_H
#define RULES_ELIGIBILITY_ELIGIBILITY_H

#include "core/verdict.h"

enum { ELIGIBILITY_MEMBERS_MAX = 16, ELIGIBILITY_SPANS_MAX = 64 };

/* A period, of any insurer, that a confirmed link joins to the member; none of the member's own. */
struct coverage_span {
    struct insurer_number insurer;
    struct day start, lost; /* lost DAY_NONE: open */
};

struct eligibility_facts {
    const struct member *members; /* all with the question's insurer, symbol, number and birth date */
    size_t member_count;
    const struct coverage_span *linked; /* of the one member meant; empty when not linked */
    size_t linked_count;
};

/* The verdict points into the facts. */
struct verdict eligibility_decide(const struct question *q, const struct eligibility_facts *facts);

/* The member meant, as far as the branch tells; NULL when none or several (count says which). For gathering linked spans. */
const struct member *eligibility_member(const struct question *q, const struct member *members, size_t count,
                                        size_t *matches);

#endif
