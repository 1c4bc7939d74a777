/* ways: what a store knows of how a member can prove being insured, and the one place that changes it. A change is in the log before it is
 * in the store, and in the store before anyone is told: the next question of any process sees it. */
#ifndef SERVICE_WAYS_H
#define SERVICE_WAYS_H

#include "service/verify.h"
#include "service/ways_facts.h"
#include "state/store/ways_row.h"

/* By the member's key. `ways` NULL: nothing is known of anyone. */
MUST_USE enum err ways_of(struct store *ways, struct str member_key, struct ways_facts *out, struct diag *d);

/* Who is meant, as it stands on a card; without a birth date or a branch any fits. */
struct ways_who {
    struct insurer_number insurer;
    struct insured_id id;
    struct day birth; /* DAY_NONE: not said */
};
enum { WAYS_WHO_MAX = 256 }; /* members of one number that are looked through */
/* The member's key. ERR_NOT_FOUND, ERR_SEVERAL. */
MUST_USE enum err ways_find(struct store *coverage, const struct ways_who *who, struct buf *member_key, struct diag *d);

/* One change, said on a day: into the log, then into the store. *changed: how many ways it ended; 0 when there was none to end (nothing
 * is written then). ERR_NOT_FOUND when there is no such member. The desk has ways/ open to write. */
MUST_USE enum err ways_say(struct verify_desk *v, const struct asker *asker, struct str member_key,
                           const struct way_change *change, struct day on, size_t *changed, struct diag *d);

/* Inside service/ways*: the row as the transaction sees it, and writing one that keeps the old as history. */
MUST_USE enum err ways_row_in(struct store_txn *t, struct str member_key, bool *known, struct ways *out,
                              struct diag *d);
MUST_USE enum err ways_row_set(struct store_txn *t, struct str member_key, const struct ways *before,
                               const struct ways *after, int64_t at_us, struct diag *d);

#endif
