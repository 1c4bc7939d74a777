#include "rules/eligibility/paper_standing.h"

#define STANDING(name, word, ja, en) {word, ja, en},
static const struct paper_standing_info infos[] = {
#include "rules/eligibility/paper_standing.def"
};
#undef STANDING

const struct paper_standing_info *paper_standing_info(enum paper_standing s) {
    invariant(s < PAPER_STANDING_COUNT);
    return &infos[s];
}

enum paper_standing paper_standing_decide(struct day from, struct day until, bool voided, struct day on) {
    if (voided) return PAPER_VOIDED;
    if (day_before(on, from)) return PAPER_NOT_YET;
    return day_until(on, until) ? PAPER_VALID : PAPER_EXPIRED;
}
