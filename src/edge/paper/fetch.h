/* fetch: a window keeps what it fetched of serve.h's list in a folder of issuers.h, so that papers are checked without a line. A reply is taken
 * insurer by insurer; what does not hold (a key set without a key, a list that is not that insurer's own, or an older one than is kept)
 * leaves what is there. */
#ifndef EDGE_PAPER_FETCH_H
#define EDGE_PAPER_FETCH_H

#include "base/arena.h"
#include "base/world.h"
#include "core/digits.h"

enum { PAPER_FETCH_PARTS_MAX = 4096, PAPER_FETCH_ARENA_MAX = 64 << 20 };

struct paper_fetched {
    struct insurer_number last; /* the next part is asked for after it */
    bool more, keys_changed;
    unsigned insurers, refused; /* taken; not taken, at least in part */
};

/* One reply. ERR_SYNTAX and the others of json_read(), ERR_VALUE for a reply of another form; ERR_IO, ERR_DISK_FULL. */
MUST_USE enum err paper_fetch_take(struct world *w, const char *folder, struct str reply, struct paper_fetched *out,
                                   struct diag *d);

#endif
