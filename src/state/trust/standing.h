/* standing: whether a certificate that was good when its TLS session began is still good now. TLS looks at the CRL only in a
 * full handshake: a resumed session and a connection kept open do not. So the app asks here with every request.
 *
 * The list is DIR/revoked of trust.h: a line a certificate, "FINGERPRINT SERIAL UNIX-SECONDS CODE", lower-case hex. It is
 * looked at again at most once a second, and read only when it has changed. Not for several threads at once. */
#ifndef STATE_TRUST_STANDING_H
#define STATE_TRUST_STANDING_H

#include "base/world.h"

enum {
    STANDING_FINGERPRINT = 32,     /* SHA-256 of the certificate */
    STANDING_LIST_MAX = 64 << 20,  /* 400,000 revocations: more than there are institutions in Japan (about 230,000) */
    STANDING_LOOK_US = 1000 * 1000 /* how long after `mado keys revoke` a worker may still answer */
};

struct standing;

/* A missing list is an empty one. ERR_CORRUPT for a list that does not parse, ERR_LIMIT for one too long. */
MUST_USE enum err standing_open(struct standing **out, struct world *w, const char *path, struct diag *d);
void standing_close(struct standing *s);
/* False when it is revoked. When the list has changed and does not parse, the old one goes on counting and `broken` of
 * standing_figures tells. */
bool standing_good(struct standing *s, const uint8_t fingerprint[STANDING_FINGERPRINT]);

struct standing_figures {
    size_t revoked;
    bool broken; /* the list on disk could not be read the last time */
};
struct standing_figures standing_figures(const struct standing *s);

/* ---- the list itself, for trust.c, the CRL and tests ---- */

struct revocation {
    uint8_t fingerprint[STANDING_FINGERPRINT];
    char serial[48]; /* hex, at most 20 bytes (RFC 5280 4.1.2.2) */
    int64_t at_s;
    char code[16];
};
/* Calls `each` for every line; stops with its error. */
MUST_USE enum err revocations_read(struct str text, enum err (*each)(void *ctx, const struct revocation *r), void *ctx,
                                   struct diag *d);
void revocation_put(struct buf *out, const struct revocation *r);

#endif
