/* Inside state/trust: what CRLs and an OCSP answer say of one certificate; and reading one with its issuer. */
#ifndef STATE_TRUST_CARD_REVOCATION_H
#define STATE_TRUST_CARD_REVOCATION_H

#include "state/trust/card_check.h"

/* Revoked by either is revoked; a responder that does not know it outweighs a CRL that does not name it; then good, stale, not checked.
 * False for want of memory. */
MUST_USE bool card_revocation(const struct card_anchors *a, X509 *certificate, X509 *issuer, struct str ocsp,
                              int64_t now_s, enum revocation_state *out);

/* NULL when it is none. The issuer is chosen by its key and borrowed from the anchors; NULL when none fits. */
X509 *card_certificate_read(struct str der);
X509 *card_issuer_find(const struct card_anchors *a, X509 *c);

#endif
