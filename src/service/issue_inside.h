/* What printing everyone's papers (issue.c) and replacing one (paper_void.c) share. */
#ifndef SERVICE_ISSUE_INSIDE_H
#define SERVICE_ISSUE_INSIDE_H

#include "service/issue.h"
#include "service/paper_queue.h"
#include "state/store/store.h"

enum { ISSUE_NAME_BYTES = 1024 };

/* A new paper with an id of its own for the member; false when the member is not covered on that day. Everything in it is borrowed. */
MUST_USE bool issue_paper(struct paper *out, struct world *w, enum paper_kind kind, const struct member *m,
                          struct str insurer_name, struct day on);
/* What the queue says of it; borrowed. */
struct queued_paper issue_queued(const struct paper *p);
/* As registered; an insurer without a name of its own in the store has its number. */
MUST_USE enum err issue_insurer_name(struct store *store, struct insurer_number insurer, struct buf *name,
                                     struct diag *d);

#endif
