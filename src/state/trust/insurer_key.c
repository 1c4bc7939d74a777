#include "state/trust/insurer_key.h"

#include "base/buf.h"
#include "state/trust/certificate.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { COORDINATE_BYTES = 32, COORDINATE_TEXT = 43, JWKS_MAX = 1024 };

struct insurer_key {
    EVP_PKEY *key;
    EVP_MD_CTX *digest;
    char x[COORDINATE_TEXT + 1], y[COORDINATE_TEXT + 1], kid[KEY_KID_BYTES + 1];
};

static bool coordinate(EVP_PKEY *key, const char *name, char text[COORDINATE_TEXT + 1]) {
    unsigned char bytes[COORDINATE_BYTES];
    BIGNUM *n = NULL;
    bool ok = EVP_PKEY_get_bn_param(key, name, &n) == 1 && BN_bn2binpad(n, bytes, sizeof bytes) == sizeof bytes;
    if (ok) sodium_bin2base64(text, COORDINATE_TEXT + 1, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    BN_free(n);
    return ok;
}

/* RFC 7638 3: the required members alone, in the order of their names, without spaces. */
static bool name_key(struct insurer_key *k) {
    unsigned char sum[SHA256_DIGEST_LENGTH];
    char form[256];
    if (!coordinate(k->key, OSSL_PKEY_PARAM_EC_PUB_X, k->x) || !coordinate(k->key, OSSL_PKEY_PARAM_EC_PUB_Y, k->y))
        return false;
    int n = snprintf(form, sizeof form, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", k->x, k->y);
    SHA256((const unsigned char *)form, (size_t)n, sum);
    sodium_bin2base64(k->kid, sizeof k->kid, sum, sizeof sum, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return true;
}

static enum err in_folder(char path[PATH_MAX], const char *folder, struct insurer_number insurer, const char *name,
                          struct diag *d) {
    char number[16];
    struct buf b = buf_over(number, sizeof number - 1);
    insurer_number_put(&b, insurer);
    int n = snprintf(path, PATH_MAX, "%s/insurers/%.*s%s", folder, (int)b.n, number, name);
    return n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "DIR", NULL);
}

static enum err publish(struct world *w, const char *folder, struct insurer_number insurer, const struct insurer_key *k,
                        struct diag *d) {
    char path[PATH_MAX], text[JWKS_MAX];
    struct buf b = buf_over(text, sizeof text);
    buf_printf(&b,
               "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"%s\",\"use\":\"sig\",\"alg\":\"ES256\",\"crv\":\"P-256\","
               "\"x\":\"%s\",\"y\":\"%s\"}]}\n",
               k->kid, k->x, k->y);
    invariant(buf_ok(&b));
    TRY(in_folder(path, folder, insurer, "/jwks.json", d));
    return world_replace_file(w, path, buf_str(&b), 0644, d);
}

static enum err make_new(struct world *w, const char *folder, const char *path, struct diag *d) {
    EVP_PKEY *key = NULL;
    TRY(world_make_folder(folder, d));
    enum err e = key_make(&key, d);
    if (e == ERR_OK) e = key_write(w, path, key, d);
    EVP_PKEY_free(key);
    return e;
}

enum err insurer_key_make(struct world *w, const char *folder, struct insurer_number insurer, bool *made,
                          struct diag *d) {
    char own[PATH_MAX], path[PATH_MAX];
    struct insurer_key *k = NULL;
    TRY(in_folder(own, folder, insurer, "", d));
    TRY(in_folder(path, folder, insurer, "/key.pem", d));
    *made = access(path, F_OK) != 0;
    if (*made) TRY(make_new(w, own, path, d));
    TRY(insurer_key_open(&k, w, folder, insurer, d));
    enum err e = publish(w, folder, insurer, k, d);
    insurer_key_close(k);
    return e;
}

enum err insurer_key_open(struct insurer_key **out, struct world *w, const char *folder, struct insurer_number insurer,
                          struct diag *d) {
    char path[PATH_MAX];
    TRY(in_folder(path, folder, insurer, "/key.pem", d));
    struct insurer_key *k = calloc(1, sizeof *k);
    if (k == NULL) return diag_set(d, ERR_MEMORY, "key", NULL);
    enum err e = key_read(w, path, &k->key, d);
    if (e == ERR_NOT_FOUND)
        e = diag_set(d, e, path, "保険者の鍵がありません / the insurer has no key: mado keys insurer DIR NUMBER");
    if (e == ERR_OK && ((k->digest = EVP_MD_CTX_new()) == NULL || !name_key(k))) e = crypto_failed(d, path);
    if (e == ERR_OK) *out = k;
    else insurer_key_close(k);
    return e;
}

void insurer_key_close(struct insurer_key *k) {
    if (k == NULL) return;
    EVP_MD_CTX_free(k->digest);
    EVP_PKEY_free(k->key);
    free(k);
}

struct str insurer_key_kid(const struct insurer_key *k) {
    return str_of(k->kid, KEY_KID_BYTES);
}

enum err insurer_key_sign(struct insurer_key *k, struct str bytes, uint8_t signature[ES256_BYTES], struct diag *d) {
    return es256_sign(k->digest, k->key, bytes, signature) ? ERR_OK : crypto_failed(d, "signature");
}
