/* es256: ES256 (RFC 7518 3.4): r ‖ s of ECDSA on P-256 over SHA-256 of the bytes, with OpenSSL's keys. The room's own. */
#ifndef STATE_TRUST_ES256_H
#define STATE_TRUST_ES256_H

#include "base/str.h"

#include <openssl/evp.h>

enum { ES256_BYTES = 64 };

/* False when OpenSSL fails. `digest` is any context; it is left reset. */
MUST_USE bool es256_sign(EVP_MD_CTX *digest, EVP_PKEY *key, struct str bytes, uint8_t signature[ES256_BYTES]);
/* False for anything but that key's signature over those bytes. */
MUST_USE bool es256_verify(EVP_MD_CTX *digest, EVP_PKEY *key, struct str bytes, const uint8_t signature[ES256_BYTES]);

#endif
