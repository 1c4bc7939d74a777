/* issuers: whose papers can be checked here: the public keys of insurers and their lists of void papers, as `mado keys insurer` and
 * `mado issue status` publish them and as a window keeps what it fetched. All that is needed without a network.
 *
 *   DIR/insurers/NUMBER/jwks.json     a JSON Web Key Set; of it, P-256 keys whose kid is their thumbprint (RFC 7638)
 *   DIR/insurers/NUMBER/status.jws    void_list.h
 *
 * What is read proves itself: a list counts only with its insurer's signature. Not for threads. */
#ifndef STATE_TRUST_ISSUERS_H
#define STATE_TRUST_ISSUERS_H

#include "state/trust/jws.h"
#include "state/trust/void_list.h"

enum {
    ISSUER_JWKS_MAX = 16 << 10,
    ISSUER_KEYS_MAX = 8,   /* of one insurer: the present one and those of papers still in use */
    ISSUERS_MAX = 64 << 10 /* Japan has about 3,400 insurers */
};

struct issuer; /* one key */
struct issuers;

/* ERR_NOT_FOUND when the folder holds no insurers/. An insurer whose jwks.json cannot be read is counted in issuers_damaged(). */
MUST_USE enum err issuers_open(struct issuers **out, struct world *w, const char *folder, struct diag *d);
void issuers_close(struct issuers *s);
size_t issuers_count(const struct issuers *s); /* keys */
size_t issuers_damaged(const struct issuers *s);

/* NULL: nobody's that is known. */
const struct issuer *issuers_find(const struct issuers *s, const char *kid);
struct insurer_number issuer_insurer(const struct issuer *i);
/* Whether this key made the signature. */
bool issuer_signed(const struct issuer *i, const struct jws *j);

/* MISSING: no file. DAMAGED: it cannot be read, or is not this insurer's own. STALE: its time is over. */
enum void_list_state { VOID_LIST_CURRENT, VOID_LIST_STALE, VOID_LIST_MISSING, VOID_LIST_DAMAGED };
const char *void_list_state_name(enum void_list_state s); /* "current", "stale", "missing", "damaged" */

struct void_status {
    enum void_list_state state;
    bool holds;            /* the paper is void, also by a stale list: what is void stays so */
    int64_t at_s, until_s; /* of the list; 0 when it is missing or damaged */
    uint64_t ctr;
};
/* ERR_MEMORY, ERR_IO alone: everything else is a state. */
MUST_USE enum err issuers_void(const struct issuers *s, const struct issuer *i, struct str rid, int64_t nbf_s,
                               int64_t now_s, struct void_status *out, struct diag *d);
/* The same of a list's text that was not yet kept. `rid` may be empty. */
MUST_USE enum err issuer_void_text(const struct issuer *i, struct str jws, struct str rid, int64_t nbf_s, int64_t now_s,
                                   struct void_status *out, struct diag *d);
/* The list of one insurer below DIR, MISSING also without a key; for whoever makes the next one. */
MUST_USE enum err issuer_status_of(struct world *w, const char *folder, struct insurer_number insurer,
                                   struct void_status *out, struct diag *d);

/* One insurer's key set alone, from text. ERR_SYNTAX and the others of json_read(); ERR_MISSING without a usable key. */
MUST_USE enum err issuers_read(struct issuers *s, struct insurer_number insurer, struct str jwks, struct diag *d);
MUST_USE enum err issuers_new(struct issuers **out, struct world *w, const char *folder, struct diag *d);

/* 1 to 24 characters of base64url. */
bool void_rid_good(struct str rid);

#endif
