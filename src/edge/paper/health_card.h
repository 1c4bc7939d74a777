/* health_card: the signed content of a paper's 2D code, a SMART Health Card (spec.smarthealth.cards 1.4): a compact JWS (RFC 7515)
 * signed ES256 over a raw DEFLATE (RFC 1951) of a JWT with a FHIR R4 bundle of one Patient and one Coverage, and nothing in it that the
 * paper does not say in words. nbf and exp are the paper's first and last moment in Japan's time; vc.rid is the paper's own id, by
 * which it is voided. As text for a code: "shc:/" and two digits for each character of the JWS, its byte less 45.
 * The form, field by field: docs/format/paper.md. */
#ifndef EDGE_PAPER_HEALTH_CARD_H
#define EDGE_PAPER_HEALTH_CARD_H

#include "base/buf.h"
#include "service/issue.h"
#include "state/trust/insurer_key.h"

enum {
    HEALTH_CARD_JSON_MAX = 16 << 10,
    HEALTH_CARD_JWS_MAX =
        3000, /* what the largest code (version 40, level L) can hold is 3,530 digits, two a character */
};

/* The JWT's payload. */
void health_card_put_json(struct buf *out, const struct paper *p, struct str issuer_base);
/* The JWS. issuer_base: an https address without a slash at its end, below which /insurers/NUMBER/.well-known/jwks.json stands. */
MUST_USE enum err health_card_put_jws(struct buf *out, const struct paper *p, struct str issuer_base,
                                      struct insurer_key *key, struct diag *d);
/* The digits that follow "shc:/". */
void health_card_put_digits(struct buf *out, struct str jws);

#endif
