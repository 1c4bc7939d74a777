/* ways_list: which members are due a certificate on a day, as the next `mado issue certificates` will find it. What is listed is in the
 * log before it is shown. */
#ifndef SERVICE_WAYS_LIST_H
#define SERVICE_WAYS_LIST_H

#include "service/paper_due.h"

enum { WAYS_LIST_BATCH = 1000, WAYS_LIST_BYTES = 4 << 20 };

struct ways_list {
    struct day on;
    uint32_t insurer; /* 0: all */
    /* One member's line, into the batch at hand. */
    void (*put)(struct buf *batch, const struct member *m, const struct paper_due *due);
    /* A batch that the log has taken. */
    void (*show)(void *context, struct str batch);
    void *context;
    uint64_t count; /* out: members listed */
};
MUST_USE enum err ways_list_due(struct verify_desk *v, const struct asker *asker, struct ways_list *l, struct diag *d);

#endif
