/* paper_lists: what the centre tells windows so that they can check papers with no line: each insurer's public keys and its list of void
 * papers, as they stand in KEYS/insurers/NUMBER/ (jwks.json, status.jws). Public; about no person. Windows check the signatures themselves.
 *
 * A process keeps them in memory and looks at the folder again at most once every PAPER_LISTS_LOOK_US, reading only files that changed. */
#ifndef SERVICE_PAPER_LISTS_H
#define SERVICE_PAPER_LISTS_H

#include "base/world.h"
#include "core/digits.h"

enum {
    PAPER_LISTS_LOOK_US = 30 * 1000 * 1000,
    PAPER_LISTS_MAX = 64 << 10, /* insurers */
};

struct paper_lists_entry {
    struct insurer_number insurer;
    struct str jwks, status; /* JSON as it is; a JWS, or empty */
};

struct paper_lists;

/* The folder need not be there. */
MUST_USE enum err paper_lists_open(struct paper_lists **out, struct world *w, const char *keys, struct diag *d);
void paper_lists_close(struct paper_lists *l);
/* In the order of their numbers; valid until the next call. A file that cannot be read leaves its insurer out. */
const struct paper_lists_entry *paper_lists_now(struct paper_lists *l, size_t *count);

#endif
