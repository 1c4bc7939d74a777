/* review: what may be decided about an alarm, by whom, and what follows. Pure: decisions go in one after another, as the log has them.
 *
 * A link is undone only when two people, each alone, have said that it is wrong. One of them proposes, another concurs. Where the second says it is
 * right, a third decides, and what two of three say holds. Whoever decided cannot be the second or third. A link that is right, or about which
 * somebody is being asked, is said by one. */
#ifndef RULES_REVIEW_REVIEW_H
#define RULES_REVIEW_REVIEW_H

#include "base/err.h"
#include "core/review_event.h"

#define REVIEW_STATE(name, code, ja, en) REVIEW_STATE_##name,
enum review_state {
#include "rules/review/review_state.def"
    REVIEW_STATE_COUNT
};
#undef REVIEW_STATE

struct review_case {
    enum review_state state;
    bool closed; /* records are; eligibility never is */
    char proposer[REVIEWER_NAME_MAX + 1], opposer[REVIEWER_NAME_MAX + 1];
};

struct review_word review_state_word(enum review_state s);
/* REVIEW_STATE_COUNT when there is none of that code. */
enum review_state review_state_of(struct str code);
/* Whether nothing is left to decide: right, or unlinked. */
bool review_settled(const struct review_case *c);

/* ERR_CONFLICT: it is decided (a link said to be right may still be proposed for unlinking). ERR_FORBIDDEN: this reviewer has decided already, and another one
 * is needed. ERR_MISSING: unlinking needs a reason. */
MUST_USE enum err review_may(const struct review_case *c, enum review_decision d, struct str reviewer,
                             struct str reason);
/* The state after it. It must have been allowed. */
void review_apply(struct review_case *c, enum review_decision d, struct str reviewer);
/* What this decision does to the person's records beside the state: REVIEW_RECORDS_CLOSED as soon as one reviewer believes the link wrong,
 * REVIEW_RECORDS_OPENED when it is right, 0: nothing. To be asked before review_apply(). */
int review_records(const struct review_case *c, enum review_decision d, struct str reviewer);

#endif
