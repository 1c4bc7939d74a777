/* virtual_sign: the virtual card's signatures (virtual_sign.def), made by OpenSSL. */
#ifndef EDGE_CARD_VIRTUAL_SIGN_H
#define EDGE_CARD_VIRTUAL_SIGN_H

#include "base/buf.h"

#include <openssl/evp.h>

enum virtual_sign_form { SIGN_VERBATIM, SIGN_DIGEST_INFO, SIGN_PSS };
struct virtual_sign {
    uint8_t p1;
    bool hashes;
    enum virtual_sign_form form;
};

/* NULL for a P1 that the card does not know. */
const struct virtual_sign *virtual_sign_find(uint8_t p1);
/* Whether it signs so many bytes with a key of that many. */
bool virtual_sign_takes(const struct virtual_sign *way, size_t key_bytes, size_t n);
/* Appends the signature; false (and nothing appended) when OpenSSL would not. */
MUST_USE bool virtual_sign(const struct virtual_sign *way, EVP_PKEY *key, struct str data, struct buf *out);

#endif
