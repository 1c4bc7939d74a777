/* cards: all members of a store, a card (insurer, symbol, number) at a time, in the order of their keys. Memory is one card's. Importing and answering go on
 * beside it: each look-up sees what was last committed, so a card is whole, and a walk is no snapshot. */
#ifndef SERVICE_CARDS_H
#define SERVICE_CARDS_H

#include "core/coverage.h"
#include "state/store/store.h"

/* Valid during the call. */
struct card {
    struct str key; /* store_key_card(); a member's key goes on with its birth date and branch */
    struct insurer_number insurer;
    const struct member *members; /* in the order of birth dates and branches */
    size_t count;
};

struct cards {
    struct store *store;
    struct insurer_number only; /* n 0: every insurer */
    enum err (*card)(void *context, const struct card *c, struct diag *d);
    void (*progress)(void *context, uint64_t members, uint64_t all); /* now and then; may be NULL */
    void *context;
};

/* ERR_CORRUPT with the place when a row cannot be read; ERR_LIMIT when a card has more than MEMBERS_PER_CARD_MAX members; errors of the
 * store and of `card`, which end it. */
MUST_USE enum err cards_walk(const struct cards *c, struct diag *d);

#endif
