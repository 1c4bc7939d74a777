/* One member being looked at, and how a finding of it is told; shared by the files of this room. */
#ifndef RULES_PLAUSIBILITY_LOOK_H
#define RULES_PLAUSIBILITY_LOOK_H

#include "rules/plausibility/plausibility.h"

struct look {
    const struct member *m;
    struct day on;
    const struct finding_sink *out;
};

static inline void tell(const struct look *l, enum finding_kind kind, const struct coverage *period) {
    const struct finding f = {.kind = kind, .member = l->m, .period = period};
    l->out->found(l->out->context, &f);
}

/* The period that covers the day, or NULL. */
const struct coverage *period_on(const struct member *m, struct day on);

/* shares.c: what a person pays wrongly. */
void look_at_shares(const struct look *l, const struct coverage *c);
/* times.c: days, ages and names that cannot be. */
void look_at_times(const struct look *l);
void look_at_names(const struct look *l, const struct coverage *c);

#endif
