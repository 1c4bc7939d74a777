/* paper_due: which paper a member is due on a day, from coverage and ways together; and what the store then remembers of it. */
#ifndef SERVICE_PAPER_DUE_H
#define SERVICE_PAPER_DUE_H

#include "core/verdict.h"
#include "rules/eligibility/paper_span.h"
#include "service/outbox.h"
#include "service/ways.h"

struct paper_due {
    struct verdict verdict; /* of the paper's first day; points into the member */
    struct paper_span span;
    enum certificate_why why; /* of a certificate */
};
/* False: none. Ask again after each paper that was made (papers_add to the facts): a short span may want the next one too. */
bool paper_due(const struct member *m, const struct ways_facts *f, enum paper_kind kind, struct day on,
               struct paper_due *out);

/* A paper's id as printed (22 characters, base64url) as bytes; false for anything else. */
MUST_USE bool paper_id_read(struct str printed, uint8_t out[PAPER_ID_BYTES]);
/* A paper stopped counting, and `made` (NULL: none) stands for it: the store no longer takes the old one for held. May be said again. */
MUST_USE enum err paper_stopped(struct store *ways, struct str member_key, enum paper_kind kind,
                                const uint8_t id[PAPER_ID_BYTES], const struct paper_made *made, struct diag *d);

/* The outbox of papers: its entries are papers made. */
struct outbox paper_outbox(struct world *w, struct store *ways);
void paper_outbox_add(struct buf *entries, struct str member_key, enum paper_kind kind, const struct paper_made *made);

#endif
