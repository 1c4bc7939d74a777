/* unlink: what follows when a link is undone: everyone who looked under it is listed, from the log of accesses, and those concerned are told.
 *
 *   DECISIONS/unlinked/ALARM.ndjson   the link, and one line for each access
 *   DECISIONS/notices/ALARM.ndjson    notices (docs/format/notices.md): to the resident, the member, the insurer, and each institution that looked
 *
 * Both are written whole or not at all, the notices last, and made again from the same log they are the same but for what was asked since. */
#ifndef SERVICE_REVIEW_UNLINK_H
#define SERVICE_REVIEW_UNLINK_H

#include "base/world.h"
#include "core/audit_event.h"
#include "service/review/alarm.h"

enum { UNLINK_ACCESSES_MAX = 1 << 20, UNLINK_INSTITUTIONS_MAX = 64 * 1024 };

struct unlink_link {
    uint8_t alarm[ALARM_ID_BYTES];
    uint8_t pseudonym[REVIEW_PSEUDONYM_BYTES]; /* zeros: the member was not in the store, and nothing can be listed */
    struct str member, resident;
    struct insurer_number insurer;
    int64_t at_us; /* when it was undone */
};

/* Reads the whole log of accesses: not for a loop's thread. ERR_LIMIT beyond UNLINK_ACCESSES_MAX; errors of the ledger and the disk. */
MUST_USE enum err unlink_list(struct world *w, const char *ledger, const char *decisions, const struct unlink_link *l,
                              uint32_t *accesses, struct diag *d);

#endif
