#include "rules/review/review.h"

#define REVIEW_STATE(name, code, ja, en) {code, ja, en},
static const struct review_word states[] = {
#include "rules/review/review_state.def"
};
#undef REVIEW_STATE

struct review_word review_state_word(enum review_state s) {
    invariant(s < REVIEW_STATE_COUNT);
    return states[s];
}

enum review_state review_state_of(struct str code) {
    unsigned s = 0;
    while (s < REVIEW_STATE_COUNT && !str_eq(code, str_c(states[s].code))) s++;
    return s;
}

bool review_settled(const struct review_case *c) {
    return c->state == REVIEW_STATE_RIGHT || c->state == REVIEW_STATE_UNLINKED;
}

static bool is(const char *name, struct str reviewer) { return str_eq(str_c(name), reviewer); }
static bool judges(enum review_decision d) { return d == DECISION_RIGHT || d == DECISION_UNLINK; }

enum err review_may(const struct review_case *c, enum review_decision d, struct str reviewer, struct str reason) {
    if (d == DECISION_UNLINK && str_trim(reason).n == 0) return ERR_MISSING;
    if (c->state == REVIEW_STATE_UNLINKED) return ERR_CONFLICT;
    if (c->state == REVIEW_STATE_RIGHT && d != DECISION_UNLINK) return ERR_CONFLICT;
    if (c->state == REVIEW_STATE_PROPOSED && d == DECISION_UNLINK && is(c->proposer, reviewer)) return ERR_FORBIDDEN;
    if (c->state == REVIEW_STATE_SPLIT && judges(d) && (is(c->proposer, reviewer) || is(c->opposer, reviewer)))
        return ERR_FORBIDDEN;
    return ERR_OK;
}

static void remember(char to[REVIEWER_NAME_MAX + 1], struct str reviewer) {
    invariant(str_to_c(reviewer, to, REVIEWER_NAME_MAX + 1));
}

static enum review_state unlink_from(struct review_case *c, struct str reviewer) {
    if (c->state == REVIEW_STATE_PROPOSED || c->state == REVIEW_STATE_SPLIT) return REVIEW_STATE_UNLINKED;
    remember(c->proposer, reviewer);
    return REVIEW_STATE_PROPOSED;
}

static enum review_state right_from(struct review_case *c, struct str reviewer) {
    if (c->state != REVIEW_STATE_PROPOSED || is(c->proposer, reviewer)) return REVIEW_STATE_RIGHT;
    remember(c->opposer, reviewer);
    return REVIEW_STATE_SPLIT;
}

void review_apply(struct review_case *c, enum review_decision d, struct str reviewer) {
    switch (d) {
    case DECISION_RIGHT: c->state = right_from(c, reviewer); break;
    case DECISION_UNLINK: c->state = unlink_from(c, reviewer); break;
    case DECISION_ASK_PERSON: c->state = REVIEW_STATE_ASKED_PERSON; break;
    case DECISION_ASK_INSURER: c->state = REVIEW_STATE_ASKED_INSURER; break;
    case DECISION_NONE: break;
    }
}

int review_records(const struct review_case *c, enum review_decision d, struct str reviewer) {
    struct review_case after = *c;
    if (d == DECISION_UNLINK) return c->closed ? 0 : REVIEW_RECORDS_CLOSED;
    if (d != DECISION_RIGHT || !c->closed) return 0;
    review_apply(&after, d, reviewer);
    return after.state == REVIEW_STATE_RIGHT ? REVIEW_RECORDS_OPENED : 0;
}
