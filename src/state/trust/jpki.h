/* jpki: a made-up public key infrastructure for cards (公的個人認証), with the profile of the real one: two authorities, one for
 * authentication (利用者証明用) and one for signatures (署名用), RSA-2048 with SHA-256. For tests and demonstrations: nobody's real
 * card was issued by it, and its names say JPKI-TEST.
 *
 *   DIR/jpki/auth/ca.key ca.pem            the authority
 *   DIR/jpki/auth/ocsp.key ocsp.pem        answers OCSP in its name (RFC 6960, 4.2.2.2)
 *   DIR/jpki/auth/index.txt crl.pem        what it issued and revoked, as `openssl ocsp -index` reads it; the CRL made of it
 *   DIR/jpki/sign/…                        the same
 *   DIR/jpki/people/ID/auth.key auth.pem auth-expired.pem auth-revoked.pem sign.key …      one card and the certificates it may have
 *
 * Files of keys have mode 0600. What is there already is never written over, the CRL excepted: every function may be repeated.
 * The profile: docs/format/card.md. */
#ifndef STATE_TRUST_JPKI_H
#define STATE_TRUST_JPKI_H

#include "base/world.h"
#include "core/day.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

enum jpki_kind { JPKI_AUTH, JPKI_SIGN, JPKI_KINDS };
enum jpki_standing { JPKI_GOOD, JPKI_EXPIRED, JPKI_REVOKED, JPKI_STANDINGS };

/* Certificate policies: 利用者証明用 and 署名用. Real ones have the same numbers; their authorities differ. */
#define JPKI_POLICY_AUTH "1.2.392.200149.8.5.1.3.30"
#define JPKI_POLICY_SIGN "1.2.392.200149.8.5.1.1.20"

enum {
    JPKI_ID_MAX = 32,    /* a card's name in DIR/jpki/people: letters, digits, - and _ */
    JPKI_TEXT_MAX = 400, /* bytes of a name or an address */
    JPKI_AUTHORITY_YEARS = 10,
    JPKI_CERTIFICATE_YEARS = 5,
    JPKI_CRL_DAYS = 7, /* a CRL older than that is stale */
};

/* What a signature certificate says of its holder (subjectAltName; UTF-8). */
struct jpki_holder {
    struct str name, address;
    char sex; /* JIS X 0303: '1', '2', '9' */
    struct day birth;
};
/* A holder who does not exist. */
struct jpki_holder jpki_nobody(void);

/* Two keys, and their certificates in one standing, with the authorities' own. Owned. */
struct jpki_card {
    EVP_PKEY *key[JPKI_KINDS];
    X509 *certificate[JPKI_KINDS], *authority[JPKI_KINDS];
};
void jpki_card_fini(struct jpki_card *c);

struct jpki_made {
    bool authorities, card; /* made now; false: there already */
};

/* Makes what is missing of the authorities and of the card `id` with all its certificates, and the CRLs anew. ERR_VALUE for an id or a
 * holder's text with characters that may not stand there. */
MUST_USE enum err jpki_make(struct world *w, const char *folder, struct str id, const struct jpki_holder *holder,
                            struct jpki_made *made, struct diag *d);
/* ERR_NOT_FOUND when there is no such card. */
MUST_USE enum err jpki_card_read(struct world *w, const char *folder, struct str id, enum jpki_standing standing,
                                 struct jpki_card *out, struct diag *d);
/* A card whose authorities nobody has: nothing is written. */
MUST_USE enum err jpki_card_throwaway(struct world *w, enum jpki_standing standing, struct jpki_card *out,
                                      struct diag *d);
/* Appends the certificate's DER. */
MUST_USE enum err jpki_put_der(X509 *certificate, struct buf *out, struct diag *d);

#endif
