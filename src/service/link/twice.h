/* twice: which keys were seen more than once, among more than fit in memory. Three bits in each of two bit arrays: "no" is always true, "yes"
 * is wrong for one key in about a thousand when there are as many as were foreseen; a wrong "yes" only asks for a person. */
#ifndef SERVICE_LINK_TWICE_H
#define SERVICE_LINK_TWICE_H

#include "base/err.h"

struct twice {
    uint64_t *once, *again; /* bit arrays */
    uint64_t mask;          /* bits less one; a power of two */
};

MUST_USE enum err twice_init(struct twice *t, uint64_t keys_foreseen, struct diag *d);
void twice_fini(struct twice *t);
void twice_add(struct twice *t, uint64_t key);
bool twice_seen(const struct twice *t, uint64_t key);

#endif
