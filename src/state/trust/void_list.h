/* void_list: which papers of an insurer are void, as the insurer says for a short while: the Card Revocation List of SMART Health Cards
 * (spec.smarthealth.cards, "Revocation"; its kid, method, ctr and rids) with iss, iat and exp beside them, signed as a jws.
 *
 *   DIR/insurers/NUMBER/status.jws            what windows fetch and papers are checked with
 *   DIR/insurers/NUMBER/crl/KID.json          the standard's own form, unsigned, for other verifiers (there: .well-known/crl/KID.json)
 *   DIR/insurers/NUMBER/jwks.json             its key says with "crlVersion" that there is one
 *
 * A list says nothing about why. Papers that have ended by themselves are left out. */
#ifndef STATE_TRUST_VOID_LIST_H
#define STATE_TRUST_VOID_LIST_H

#include "base/json.h"
#include "state/trust/insurer_key.h"

enum {
    VOID_LIST_JWS_MAX = 8 << 20, /* 260,000 papers void before their end: of an insurer with ten million members */
    VOID_LIST_JSON_MAX = 8 << 20,
    VOID_RID_MAX = 24, /* the standard's */
    VOID_LIST_HOURS_MAX = 7 * 24,
};

struct void_list {
    int64_t at_s, until_s; /* iat, exp */
    uint64_t ctr;          /* grows with every list */
    struct str kid;        /* whose papers */
    struct json rids;
};

/* Everything in the list has its form, or ERR_SYNTAX, ERR_MISSING, ERR_VALUE. `json` lives as long as the arena. */
MUST_USE enum err void_list_read(struct arena *a, struct str json, struct void_list *out, struct diag *d);
/* An entry "RID.SECONDS" voids papers whose nbf is before that moment, "RID" every one. */
bool void_list_holds(const struct void_list *l, struct str rid, int64_t nbf_s);

struct void_list_plan {
    struct world *world;
    const char *folder; /* DIR */
    struct insurer_number insurer;
    struct str issuer; /* "https://HOST", as printed in papers */
    int64_t now_s;
    unsigned hours;         /* how long it is current */
    const struct str *rids; /* base64url, at most VOID_RID_MAX */
    size_t count;
};
/* Signs and publishes both forms; what was there is replaced whole. ctr is greater than that of any list before. ERR_NOT_FOUND without a
 * key, ERR_LIMIT for too many. */
MUST_USE enum err void_list_publish(const struct void_list_plan *p, struct diag *d);

#endif
