/* member_walk: every member of a store, or of one insurer, in the order of keys: for what is made for people one by one. The walk sees
 * what is committed when it comes there, and holds no view while the caller works. */
#ifndef SERVICE_MEMBER_WALK_H
#define SERVICE_MEMBER_WALK_H

#include "base/arena.h"
#include "core/coverage.h"
#include "state/store/store.h"
#include "state/store/store_key.h"

struct member_walk {
    struct store *coverage;
    struct arena rows; /* of the step at hand */
    struct store_row step[STORE_ROWS_MAX];
    size_t count, next;
    bool more, whole;
    char prefix[8], after[STORE_MEMBER_KEY_MAX];
    size_t prefix_n, after_n;
};

/* insurer 0: all. `after`: the key behind which to begin, or empty. */
void member_walk_begin(struct member_walk *w, struct store *coverage, uint32_t insurer, struct str after);
void member_walk_end(struct member_walk *w);
/* The next member and its key, both valid until the next call; *found false at the end. */
MUST_USE enum err member_walk_next(struct member_walk *w, struct member *out, struct str *key, bool *found,
                                   struct diag *d);

#endif
