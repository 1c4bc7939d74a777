/* card_check: what a card's signature over a challenge proves. The certificate comes from a stranger; what it is measured against comes from
 * us: the authorities, and CRLs or an OCSP answer that somebody else fetched (nothing here waits for a network). The issuer is chosen by its
 * key, for all generations of the real authorities share one name, and never is the authority that the card brings.
 *
 * What names the certificate (issuer's key and serial number) comes out as a card_name, to be handed to the vault at once, which makes a
 * keyed pseudonym of it, and to be wiped: card_name_forget(). It names one certificate and not a person: re-issue gives another.
 * Sources: RFC 5280 6.1 and 6.3, RFC 6960 3.2, docs/format/card.md. */
#ifndef STATE_TRUST_CARD_CHECK_H
#define STATE_TRUST_CARD_CHECK_H

#include "state/trust/jpki.h"

#include <openssl/ocsp.h>

enum {
    CARD_AUTHORITIES_MAX = 16, /* two kinds, three generations so far */
    CARD_CRLS_MAX = 4096,      /* one a municipality, some 1,900, and authorities' generations */
    CARD_CERTIFICATE_MAX = 8192,
    CARD_OCSP_MAX = 16384,
    CARD_OCSP_AGE_S = 86400, /* an answer that names no end is stale after a day */
    CARD_OCSP_SLACK_S = 300, /* clocks differ */
    CARD_ISSUER_BYTES = 32,  /* SHA-256 of the issuer's key: all generations share a name */
    CARD_SERIAL_MAX = 20,    /* RFC 5280, 4.1.2.2 */
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
};

/* What came from the window. Borrowed. */
struct card_claim {
    enum jpki_kind kind;
    struct str certificate; /* DER, nothing behind it */
    struct str challenge, signature;
    struct str ocsp; /* an OCSP response in DER; empty: none */
    bool
        certificate_only; /* nothing was signed: what is known of the certificate, which proves nothing about who holds it */
};

/* Issuer and serial number: whoever has it can follow the card. Never stored, logged or kept beyond the call to the vault. */
struct card_name {
    uint8_t bytes[CARD_ISSUER_BYTES + CARD_SERIAL_MAX];
    size_t n; /* 0: the issuer is not known */
};
static inline struct str card_name_view(const struct card_name *c) { return str_of(c->bytes, c->n); }
void card_name_forget(struct card_name *c);

struct card_checked {
    enum card_fault fault;            /* EXPIRED: that alone; everything else was looked at and holds */
    enum revocation_state revocation; /* NOT_CHECKED when the issuer is not known */
    int64_t not_after_s;              /* 0 when there is no certificate */
    bool is_signed;                   /* by the certificate's key, over the challenge */
    struct card_name name;
};

/* An answer whatever came; an error only for want of memory. At the moment now_s. */
MUST_USE enum err card_check(const struct card_anchors *a, const struct card_claim *claim, int64_t now_s,
                             struct card_checked *out, struct diag *d);
/* The one combination that proves who holds the card. */
static inline bool card_proved(const struct card_checked *c) {
    return c->fault == CARD_FAULT_NONE && c->is_signed && c->revocation == REVOCATION_GOOD;
}
/* What two sources say together: revoked by either is revoked; then unknown, good, stale, not checked. */
enum revocation_state revocation_both(enum revocation_state a, enum revocation_state b);
struct str card_fault_ja(enum card_fault f);
struct str card_fault_en(enum card_fault f);

#endif
