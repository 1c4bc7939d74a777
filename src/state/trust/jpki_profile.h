/* Inside state/trust: the certificates and CRLs of jpki.h, made in memory. */
#ifndef STATE_TRUST_JPKI_PROFILE_H
#define STATE_TRUST_JPKI_PROFILE_H

#include "state/trust/certificate.h"
#include "state/trust/jpki.h"

MUST_USE enum err jpki_key_make(EVP_PKEY **out, struct diag *d);
MUST_USE enum err jpki_authority_make(struct world *w, enum jpki_kind kind, struct authority *out, struct diag *d);
MUST_USE enum err jpki_responder_make(struct world *w, enum jpki_kind kind, const struct authority *by, EVP_PKEY *key,
                                      X509 **out, struct diag *d);
MUST_USE enum err jpki_holder_check(const struct jpki_holder *h, struct diag *d);
MUST_USE enum err jpki_issue(struct world *w, enum jpki_kind kind, enum jpki_standing standing,
                             const struct authority *by, EVP_PKEY *key, const struct jpki_holder *holder, X509 **out,
                             struct diag *d);

/* The sections [point] and [point_name] of OpenSSL's config: the distribution point of certificates and of the CRL. */
void jpki_point_put(struct buf *out, enum jpki_kind kind);

/* index.txt of openssl-ca(1): a line a certificate. */
MUST_USE enum err jpki_index_put(struct buf *out, X509 *certificate, bool revoked, int64_t at_s, struct diag *d);
/* The CRL of the municipality all test cards come from, in PEM. ERR_CORRUPT with the line of an index that does not parse. */
MUST_USE enum err jpki_crl_put(struct world *w, enum jpki_kind kind, const struct authority *by, struct str index,
                               struct buf *out, struct diag *d);

#endif
