#include "edge/card/virtual_sign.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

enum { DIGEST = 32, PADDING_MIN = 11 }; /* RFC 8017, 7.2.1 and 9.2: at least 8 bytes of padding and 3 of frame */

#define VIRTUAL_SIGN(p1, hashes, form) {p1, hashes, SIGN_##form},
static const struct virtual_sign ways[] = {
#include "edge/card/virtual_sign.def"
};
#undef VIRTUAL_SIGN

const struct virtual_sign *virtual_sign_find(uint8_t p1) {
    for (size_t i = 0; i < ARRAY_LEN(ways); i++)
        if (ways[i].p1 == p1) return &ways[i];
    return NULL;
}

bool virtual_sign_takes(const struct virtual_sign *way, size_t key_bytes, size_t n) {
    if (way->hashes) return n > 0;
    return way->form == SIGN_VERBATIM ? n > 0 && n + PADDING_MIN <= key_bytes : n == DIGEST;
}

static bool set_form(EVP_PKEY_CTX *k, enum virtual_sign_form form) {
    if (form == SIGN_PSS)
        return EVP_PKEY_CTX_set_rsa_padding(k, RSA_PKCS1_PSS_PADDING) > 0 &&
               EVP_PKEY_CTX_set_signature_md(k, EVP_sha256()) > 0 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(k, RSA_PSS_SALTLEN_DIGEST) > 0;
    return EVP_PKEY_CTX_set_rsa_padding(k, RSA_PKCS1_PADDING) > 0 &&
           (form == SIGN_VERBATIM || EVP_PKEY_CTX_set_signature_md(k, EVP_sha256()) > 0);
}

bool virtual_sign(const struct virtual_sign *way, EVP_PKEY *key, struct str data, struct buf *out) {
    unsigned char hash[DIGEST];
    size_t n = (size_t)EVP_PKEY_get_size(key);
    char *room = buf_room(out, n);
    if (room == NULL) return false;
    if (way->hashes) {
        if (!EVP_Q_digest(NULL, "SHA256", NULL, data.p, data.n, hash, NULL)) return false;
        data = str_of(hash, sizeof hash);
    }
    EVP_PKEY_CTX *k = EVP_PKEY_CTX_new(key, NULL);
    bool ok = k && EVP_PKEY_sign_init(k) > 0 && set_form(k, way->form) &&
              EVP_PKEY_sign(k, (unsigned char *)room, &n, (const unsigned char *)data.p, data.n) > 0;
    EVP_PKEY_CTX_free(k);
    ERR_clear_error();
    if (ok) out->n += n;
    return ok;
}
