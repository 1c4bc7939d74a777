/* decided: where alarms stand by a log of decisions, to look at, also while `mado review` writes it: for reports and for inspections that leave out what is settled. */
#ifndef SERVICE_REVIEW_DECIDED_H
#define SERVICE_REVIEW_DECIDED_H

#include "base/world.h"
#include "rules/review/review.h"

struct decided;
/* Checks the whole log. ERR_CORRUPT with the place; a folder without a log has decided nothing. */
MUST_USE enum err decided_open(struct decided **out, struct world *w, const char *decisions, struct diag *d);
void decided_close(struct decided *d);
/* NULL: nobody has opened it. */
const struct review_case *decided_of(const struct decided *d, const uint8_t alarm[ALARM_ID_BYTES]);

#endif
