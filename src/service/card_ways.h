/* card_ways: whether what was said of a member's ways (ways.h) ends the use of a card that is registered for it: taken back, returned, revoked
 * or expired on or after the day of the registration. A list that knows no card says nothing: it may be older than the registration. */
#ifndef SERVICE_CARD_WAYS_H
#define SERVICE_CARD_WAYS_H

#include "service/ways.h"
#include "state/store/rows.h"

/* `ways` NULL: nothing was said. */
MUST_USE enum err card_ways_ended(struct store *ways, const struct card_registration *r, bool *ended, struct diag *d);

#endif
