/* notice_queue: whom to tell of a use of disaster mode. A row is there, durable, before the institution has its answer; it waits for the channel that the person
 * chose (mission E4), which is not built yet: `mado disaster notices` lists the queue. The person stands there by the pseudonym of the log, so
 * that the queue says no more than the log does. */
#ifndef SERVICE_NOTICE_QUEUE_H
#define SERVICE_NOTICE_QUEUE_H

#include "service/verify.h"

struct use_notice {
    int64_t at_us;
    uint8_t person[AUDIT_SUBJECT_BYTES], event[AUDIT_ID_BYTES]; /* the pseudonym; the log's record */
    struct institution_code institution;
    uint8_t kind; /* enum audit_kind */
};

/* In the desk's store; durable when it returns ERR_OK. */
MUST_USE enum err use_notice_put(struct store *desk, const struct use_notice *n, struct diag *d);
/* The oldest first, until `each` returns false. */
MUST_USE enum err use_notices_walk(struct store *desk, bool (*each)(void *context, const struct use_notice *n),
                                   void *context, struct diag *d);

#endif
