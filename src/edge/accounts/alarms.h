/* alarms: what an inspection of accounts found, FOLDER/alarms.ndjson, ranked, and FOLDER/summary.json. Account numbers are hidden but for their last three digits. The form:
 * docs/format/accounts.md. */
#ifndef EDGE_ACCOUNTS_ALARMS_H
#define EDGE_ACCOUNTS_ALARMS_H

#include "base/buf.h"
#include "base/world.h"
#include "service/accounts.h"

enum { ALARMS_MAX_BYTES = 1 << 30 };

struct account_alarms {
    struct world *world;
    const char *folder;
    struct buf lines;
    uint64_t rank;
};

/* Makes the folder and removes the summary of an earlier run. */
MUST_USE enum err account_alarms_open(struct account_alarms *a, struct world *w, const char *folder, struct diag *d);
void account_alarms_close(struct account_alarms *a);
MUST_USE enum err account_alarms_take(void *alarms, const struct account_finding *f, struct diag *d);
/* Writes both files, whole or not at all, the summary last. */
MUST_USE enum err account_alarms_finish(struct account_alarms *a, const struct account_result *r, struct diag *d);
/* For a person: a line for each kind that was found. */
void account_alarms_put_text(struct buf *out, const struct account_result *r);

#endif
