/* attestation: what the centre answered about one person, signed, so that it can be believed where the line that brought it is gone.
 *
 * A compact JWS (RFC 7515), ES256, with the signing certificate in its header (x5c), which the authority that names institutions has
 * issued to "Mado attestations" and to nobody else. Its payload:
 *
 *   {"iat":S,"exp":S,"aud":"0110113719","on":"20260601","validity":1,"ratio":30,"msg":{…}}
 *
 * iat, exp: Unix seconds; aud: the institution that was answered; on: the day asked about; validity: OQSCD006; ratio: percent, left out when
 * none was told; msg: the answer's message as it is shown. docs/format/attestation.md.
 *
 *   DIR/attestation/key.pem cert.pem     made by trust_init(); the server alone reads the key */
#ifndef STATE_TRUST_ATTESTATION_H
#define STATE_TRUST_ATTESTATION_H

#include "base/buf.h"
#include "base/world.h"
#include "core/signed_denial.h"
#include "core/verdict.h"

#define ATTESTATION_NAME "Mado attestations" /* the certificate's common name */
enum { ATTESTATION_MAX = 192 << 10 };        /* bytes of one; a usual one has 3 KB */

struct attestation {
    struct institution_code institution;
    int64_t told_us, until_us; /* UTC, whole seconds */
    struct day on;
    enum validity validity;
    uint8_t ratio;      /* percent or RATIO_NONE */
    struct str message; /* JSON */
};

/* ---- signing: the centre ---- */

struct attestation_key;
/* `folder` has key.pem and cert.pem. ERR_NOT_FOUND without them. */
MUST_USE enum err attestation_key_open(struct attestation_key **out, struct world *w, const char *folder,
                                       struct diag *d);
void attestation_key_close(struct attestation_key *k);
/* Appends the JWS. The message is not looked at. */
MUST_USE enum err attestation_sign(struct attestation_key *k, const struct attestation *a, struct buf *out,
                                   struct diag *d);

/* ---- checking: the window ---- */

struct attestation_check;
/* `ca` is the authority's certificate as PEM. */
MUST_USE enum err attestation_check_open(struct attestation_check **out, struct world *w, const char *ca,
                                         struct diag *d);
void attestation_check_close(struct attestation_check *c);
/* Chain, name, times of the certificate, signature, claims; not yet over. *out borrows from the check until its next use.
 * ERR_SYNTAX, ERR_VALUE: no attestation; ERR_CRYPTO: not signed by whom it should be; ERR_TIMEOUT: it is over. */
MUST_USE enum err attestation_verify(struct attestation_check *c, struct str jws, int64_t now_us,
                                     struct attestation *out, struct diag *d);
/* The denial that the attestation verified last is, for exactly that day: not covered though the person is known (VALIDITY_NOT), or everything
 * to be paid (ratio 100). NULL for every other answer: "nobody by that number", "several" and "a newer coverage exists" deny nobody.
 * Borrowed from the check until its next use. */
const struct signed_denial *attestation_denial(const struct attestation_check *c, struct day on, int64_t now_us);

#endif
