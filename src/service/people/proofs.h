/* proofs: how each of the made-up people can prove being insured with a certificate, drawn from a stream of the person's own: nothing
 * else of the nation changes by it. Shares: proofs.def. */
#ifndef SERVICE_PEOPLE_PROOFS_H
#define SERVICE_PEOPLE_PROOFS_H

#include "core/ways.h"
#include "service/people/household.h"

/* As the nation's day finds it. */
struct ways person_ways(const struct nation *n, const struct person *p);
/* The line of a list (docs/format/ways-file.md) for the member whom this period covers on the nation's day. */
void put_ways_line(struct buf *b, const struct nation *n, const struct household *h, const struct period *p);

#endif
