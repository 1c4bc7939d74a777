/* twice: which keys were seen more than once, among more than fit in memory. Counters that stop at two, three for each key (a counting filter): "no" is
 * always true, "yes" is wrong for one key in about five hundred when there are as many as were foreseen; a wrong "yes" only asks for a person. The order in
 * which keys come changes nothing, so that no thread decides. */
#ifndef SERVICE_LINK_TWICE_H
#define SERVICE_LINK_TWICE_H

#include "base/err.h"

struct twice {
    uint8_t *cells; /* four counters a byte */
    uint64_t mask;  /* counters less one; a power of two */
};

MUST_USE enum err twice_init(struct twice *t, uint64_t keys_foreseen, struct diag *d);
void twice_fini(struct twice *t);
void twice_add(struct twice *t, uint64_t key);
bool twice_seen(const struct twice *t, uint64_t key);

#endif
