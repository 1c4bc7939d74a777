/* card_check: what a card's signature over a challenge proves. The certificate comes from a stranger; what it is measured against comes from
 * us: the authorities, and CRLs or an OCSP answer that somebody else fetched (nothing here waits for a network). The issuer is chosen by its
 * key, for all generations of the real authorities share one name, and never is the authority that the card brings.
 *
 * The certificate's serial number leaves only as a keyed pseudonym, which names issuer and serial number, so one certificate and not a
 * person: re-issue gives another. Sources: RFC 5280 6.1 and 6.3, RFC 6960 3.2, docs/format/card.md. */
#ifndef STATE_TRUST_CARD_CHECK_H
#define STATE_TRUST_CARD_CHECK_H

#include "state/trust/jpki.h"

#include <openssl/ocsp.h>

enum {
    CARD_AUTHORITIES_MAX = 16, /* two kinds, three generations so far */
    CARD_CRLS_MAX = 64,        /* of the municipalities at hand; 1,900 in all would come from a store */
    CARD_CERTIFICATE_MAX = 8192,
    CARD_OCSP_MAX = 16384,
    CARD_OCSP_AGE_S = 86400, /* an answer that names no end is stale after a day */
    CARD_OCSP_SLACK_S = 300, /* clocks differ */
    CARD_PSEUDONYM_BYTES = 16,
    CARD_PSEUDONYM_KEY_BYTES = 32,
};

#define CARD_FAULT(name, ja, en) CARD_FAULT_##name,
enum card_fault {
#include "state/trust/card_fault.def"
    CARD_FAULTS,
};
#undef CARD_FAULT

#define REVOCATION_STATE(name, ja, en) REVOCATION_##name,
enum revocation_state {
#include "state/trust/revocation_state.def"
    REVOCATION_STATES,
};
#undef REVOCATION_STATE

/* What we stand on. Borrowed. */
struct card_anchors {
    X509 *const *authorities;
    size_t authority_count;
    X509_CRL *const *crls;
    size_t crl_count;
    const uint8_t *pseudonym_key; /* CARD_PSEUDONYM_KEY_BYTES */
};

/* What came from the window. Borrowed. */
struct card_claim {
    enum jpki_kind kind;
    struct str certificate; /* DER, nothing behind it */
    struct str challenge, signature;
    struct str ocsp; /* an OCSP response in DER; empty: none */
};

struct card_checked {
    enum card_fault fault;
    enum revocation_state revocation;        /* NOT_CHECKED when the issuer is not known */
    int64_t not_after_s;                     /* 0 when there is no certificate */
    uint8_t pseudonym[CARD_PSEUDONYM_BYTES]; /* zeros when the issuer is not known */
};

/* An answer whatever came; an error only for want of memory. At the moment now_s. */
MUST_USE enum err card_check(const struct card_anchors *a, const struct card_claim *claim, int64_t now_s,
                             struct card_checked *out, struct diag *d);
/* The one combination that proves who holds the card. */
static inline bool card_proved(const struct card_checked *c) {
    return c->fault == CARD_FAULT_NONE && c->revocation == REVOCATION_GOOD;
}
struct str card_fault_ja(enum card_fault f);
struct str card_fault_en(enum card_fault f);

#endif
