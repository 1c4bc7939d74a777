#include "state/trust/es256.h"

#include <openssl/ecdsa.h>

enum { HALF = ES256_BYTES / 2, DER_MAX = 80 };

/* OpenSSL gives and takes the DER pair of RFC 3279; a JWS wants the two numbers side by side. */
static bool side_by_side(const unsigned char *der, size_t n, uint8_t out[ES256_BYTES]) {
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, (long)n);
    bool ok = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), out, HALF) == HALF &&
              BN_bn2binpad(ECDSA_SIG_get0_s(pair), out + HALF, HALF) == HALF;
    ECDSA_SIG_free(pair);
    return ok;
}

static int as_der(const uint8_t signature[ES256_BYTES], unsigned char der[DER_MAX]) {
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, HALF, NULL), *s = BN_bin2bn(signature + HALF, HALF, NULL);
    int n = -1;
    if (pair && r && s && ECDSA_SIG_set0(pair, r, s) == 1) {
        r = s = NULL; /* the pair's now */
        n = i2d_ECDSA_SIG(pair, &der);
    }
    BN_free(r), BN_free(s);
    ECDSA_SIG_free(pair);
    return n;
}

bool es256_sign(EVP_MD_CTX *digest, EVP_PKEY *key, struct str bytes, uint8_t signature[ES256_BYTES]) {
    unsigned char der[DER_MAX];
    size_t n = sizeof der;
    bool ok = EVP_DigestSignInit(digest, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestSign(digest, der, &n, (const unsigned char *)bytes.p, bytes.n) == 1 &&
              side_by_side(der, n, signature);
    EVP_MD_CTX_reset(digest);
    return ok;
}

bool es256_verify(EVP_MD_CTX *digest, EVP_PKEY *key, struct str bytes, const uint8_t signature[ES256_BYTES]) {
    unsigned char der[DER_MAX];
    int n = as_der(signature, der);
    bool ok = n > 0 && EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key) == 1 &&
              EVP_DigestVerify(digest, der, (size_t)n, (const unsigned char *)bytes.p, bytes.n) == 1;
    EVP_MD_CTX_reset(digest);
    return ok;
}
