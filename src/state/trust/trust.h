/* trust: the small authority that names institutions, and what the door needs to stand on it.
 *
 *   DIR/authority/ca.key ca.pem           the authority; its key never leaves this folder and no server reads it
 *   DIR/ca.pem crl.pem revoked            public: its certificate, its revocations as a CRL (RFC 5280) and as a plain list
 *   DIR/server/key.pem cert.pem           the door's own name
 *   DIR/attestation/key.pem cert.pem      what the server signs answers with (attestation.h)
 *   DIR/institutions/CODE/key.pem cert.pem ca.pem     all a window needs
 *
 * Keys are P-256 (RFC 5480; P-384 costs ten times more a handshake), in files of mode 0600 in folders of mode 0700. An
 * existing key is never written over: every function here may be repeated, and says in `made` what it did. An institution's
 * certificate names it by its 10-digit code in the subject's serialNumber (X.520), which is all the door goes by. */
#ifndef STATE_TRUST_TRUST_H
#define STATE_TRUST_TRUST_H

#include "base/world.h"
#include "core/digits.h"

enum {
    TRUST_HOSTS_MAX = 16,
    TRUST_AUTHORITY_DAYS =
        3653, /* ten years, and the CRL as long: its copy here is the authority's own, never a cached one */
    TRUST_SERVER_DAYS = 825, /* the longest that browsers accept (CA/Browser Forum, ballot 193) */
    TRUST_INSTITUTION_DAYS = 730,
    TRUST_DAYS_MAX = 3650,
};

struct trust_host {
    struct str name; /* a DNS name or an IP address */
};

struct trust_made {
    bool authority, server, attestation, institution; /* made now; false: it was there already */
    bool revoked;
    int64_t not_after_s; /* of the certificate asked for, Unix seconds */
    char moved_to[512];  /* where a revoked institution's folder went, "" otherwise */
};

/* Makes what is missing of the authority, the server's key (for localhost, 127.0.0.1, ::1 and `hosts`), the key that signs answers and an
 * empty CRL. */
MUST_USE enum err trust_init(struct world *w, const char *folder, const struct trust_host *hosts, size_t count,
                             struct trust_made *made, struct diag *d);
/* ERR_NOT_FOUND without an authority. A code without a right check digit is taken: test environments have them. `days`
 * 1 … TRUST_DAYS_MAX, and never past the authority's own end. */
MUST_USE enum err trust_institution(struct world *w, const char *folder, struct institution_code code, unsigned days,
                                    struct trust_made *made, struct diag *d);
/* Adds the institution's certificate to the list (effective at the next request), writes the CRL anew (effective at the next
 * reload) and moves its folder aside, so that a new key can be made. Repeatable after a crash at any point.
 * ERR_NOT_FOUND when the institution has no certificate here. */
MUST_USE enum err trust_revoke(struct world *w, const char *folder, struct institution_code code,
                               struct trust_made *made, struct diag *d);

#endif
