/* Inside state/trust: what CRLs and an OCSP answer say of one certificate. */
#ifndef STATE_TRUST_CARD_REVOCATION_H
#define STATE_TRUST_CARD_REVOCATION_H

#include "state/trust/card_check.h"

/* Revoked by either is revoked; a responder that does not know it outweighs a CRL that does not name it; then good, stale, not checked.
 * False for want of memory. */
MUST_USE bool card_revocation(const struct card_anchors *a, X509 *certificate, X509 *issuer, struct str ocsp,
                              int64_t now_s, enum revocation_state *out);

#endif
