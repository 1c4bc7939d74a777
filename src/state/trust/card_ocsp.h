/* card_ocsp: the question to an OCSP responder about one certificate, and whether a response is to that question (RFC 6960, 4.1 and 4.4.1).
 * What the response says is card_check()'s to read. A question names the certificate by its serial number: it is for the responder alone, and
 * is wiped when it was answered. */
#ifndef STATE_TRUST_CARD_OCSP_H
#define STATE_TRUST_CARD_OCSP_H

#include "state/trust/card_check.h"

enum { CARD_OCSP_REQUEST_MAX = 1024 };

/* Appends the request, with a nonce, and fills `url` from the certificate when it holds "" (at most url_max bytes with the zero). ERR_NOT_FOUND
 * when no authority we believe issued it, or the certificate names no http address. */
MUST_USE enum err card_ocsp_request(const struct card_anchors *a, struct str certificate, struct buf *request,
                                    char *url, size_t url_max, struct diag *d);
/* False when the response carries another nonce than the request; one without any is taken (responders that answer from a store). */
bool card_ocsp_fits(struct str request, struct str response);

#endif
