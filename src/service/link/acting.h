/* acting: what a batch looks like, and what it would look like gone wrong, for doubt_learn(). Each way of going wrong is acted out: a member of
 * whom the holder is known beside a family member of the holder, somebody within reach, or the holder of another member's number. */
#ifndef SERVICE_LINK_ACTING_H
#define SERVICE_LINK_ACTING_H

#include "rules/identity/doubt.h"
#include "service/link/registry.h"

/* Of one member, gathered for a decision. */
struct link_evidence {
    struct link_facts facts;
    struct likeness others[LINK_OTHERS_MAX]; /* facts.others */
    const struct found *holder;              /* the first holder, or NULL */
};
/* `found`: `count` of this member, as registry_search() leaves them. */
void evidence_of(const struct registry_found *all, const struct link_member *m, const struct found *found, size_t count,
                 struct link_evidence *out);

/* Adds a batch. */
MUST_USE enum err acting_count(const struct members *m, const struct registry_found *f, struct doubt_counts *counts,
                               struct diag *d);

#endif
