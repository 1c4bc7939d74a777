/* attested: replies of a centre, signed with a key made at test time: what `mado serve` does to them, in little. */
#ifndef TESTS_LIB_ATTESTED_H
#define TESTS_LIB_ATTESTED_H

#include "lib/scratch.h"
#include "state/trust/attestation.h"

struct attested {
    struct scratch keys;
    char ca[SCRATCH_PATH_MAX];
    struct attestation_key *key;
};

/* Keys good for some years around `now_us`. */
void attested_make(struct attested *a, int64_t now_us);
void attested_remove(struct attested *a);
/* Appends `reply` (a field message as JSON, single or bulk) with an Attestation in each place where the centre puts one: told at `told_us`, over
 * 31 days later for a confirmation, at the end of its day otherwise. A reply that is no message stays as it is. */
void attested_put(struct attested *a, struct str reply, int64_t told_us, struct buf *out);

#endif
