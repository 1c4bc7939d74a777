/* inspect: the plausibility of all insured data in a store, an insurer at a time. Reads every card in key order, has rules/plausibility look at
 * it, and hands an insurer's findings on only when the log has the record that this insurer's data was inspected.
 *
 * Memory is one card's and does not grow with the store; importing and answering go on beside it (each look-up sees what was last
 * committed, so a card is whole, and a run is no snapshot). */
#ifndef SERVICE_INSPECT_H
#define SERVICE_INSPECT_H

#include "rules/plausibility/plausibility.h"
#include "service/changes.h"
#include "service/verify.h"

struct inspection {
    struct day on;
    struct insurer_number only; /* n 0: every insurer */
    struct asker asker;
    struct changes
        *changes; /* joined and decided: what is found between insurers comes with each insurer's own. NULL: none */
    struct finding_sink found;
    /* After the last finding of an insurer, its record durable. Any error ends the inspection. */
    enum err (*insurer_done)(void *context, struct insurer_number insurer, uint64_t members, struct diag *d);
    void (*progress)(void *context, uint64_t members, uint64_t all); /* now and then; may be NULL */
    void *context;                                                   /* of insurer_done and progress */
};

/* ERR_CORRUPT with the place when a row cannot be read; ERR_LIMIT when a card has more members than MEMBERS_PER_CARD_MAX; errors of the
 * store, the log and insurer_done. */
MUST_USE enum err inspect_run(struct verify_desk *desk, const struct inspection *i, struct diag *d);

#endif
