/* jws: the compact signed text (RFC 7515) of health cards and lists of void papers: ES256 alone, its payload raw DEFLATE ("zip":"DEF",
 * SMART Health Cards) of JSON. Whoever reads one checks the signature (issuers.h) before the payload is looked at. */
#ifndef STATE_TRUST_JWS_H
#define STATE_TRUST_JWS_H

#include "base/buf.h"
#include "state/trust/insurer_key.h"

enum { JWS_HEADER_MAX = 512 };

struct jws {
    char kid[KEY_KID_BYTES + 1];
    struct str signed_part; /* "header.payload", borrowed */
    struct str payload;     /* base64url, borrowed */
    uint8_t signature[ES256_BYTES];
};

/* Appends the payload, packed and signed. ERR_LIMIT when out is full. */
MUST_USE enum err jws_put(struct buf *out, struct str payload, struct insurer_key *key, struct diag *d);
/* Takes the text apart; nothing is proven yet. ERR_SYNTAX; ERR_NOT_SUPPORTED for another algorithm, another packing, or a header that
 * demands something (crit); ERR_VALUE for a key's name that is none. */
MUST_USE enum err jws_split(struct str text, struct jws *out, struct diag *d);
/* Unpacks the payload into `out`: ERR_LIMIT when it grows beyond out->limit (a bomb), ERR_SYNTAX when it is no DEFLATE or more follows. */
MUST_USE enum err jws_unpack(const struct jws *j, struct buf *out, struct diag *d);

/* base64url without padding. */
void base64url_put(struct buf *out, struct str bytes);
/* ERR_SYNTAX for anything else, also for bits that count for nothing; ERR_LIMIT. */
MUST_USE enum err base64url_read(struct str text, struct buf *out, struct diag *d);

#endif
