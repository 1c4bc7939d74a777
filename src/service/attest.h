/* attest: an answer that was settled, signed for the institution that asked, so that its window can go on when the line does not.
 *
 * How long it lasts: a confirmation RECALL_DAYS_MAX days, as an insured card was shown once a month; whatever denies (attestation_denial())
 * to the end of the day it is about, in Japan: what can harm is short-lived. */
#ifndef SERVICE_ATTEST_H
#define SERVICE_ATTEST_H

#include "service/verify.h"

/* Whether this process can sign: the keys of its server have an attestation key. */
bool attest_can(const struct verify_desk *desk);
/* Appends the attestation of a->verdict with `message`, the answer as it is shown (JSON). */
MUST_USE enum err attest_answer(struct verify_desk *desk, const struct answer *a, struct institution_code institution,
                                struct str message, struct buf *out, struct diag *d);

#endif
