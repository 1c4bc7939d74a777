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

static bool coordinate(EVP_PKEY *key, const char *name, uint8_t bytes[COORDINATE_BYTES]) {
    BIGNUM *n = NULL;
    bool ok = EVP_PKEY_get_bn_param(key, name, &n) == 1 && BN_bn2binpad(n, bytes, COORDINATE_BYTES) == COORDINATE_BYTES;
    BN_free(n);
    return ok;
}

static void coordinate_text(const uint8_t bytes[COORDINATE_BYTES], char text[COORDINATE_TEXT + 1]) {
    sodium_bin2base64(text, COORDINATE_TEXT + 1, bytes, COORDINATE_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

/* RFC 7638 3: the required members alone, in the order of their names, without spaces. */
void insurer_key_name(const uint8_t x[32], const uint8_t y[32], char kid[KEY_KID_BYTES + 1]) {
    unsigned char sum[SHA256_DIGEST_LENGTH];
    char form[256], x_text[COORDINATE_TEXT + 1], y_text[COORDINATE_TEXT + 1];
    coordinate_text(x, x_text), coordinate_text(y, y_text);
    int n = snprintf(form, sizeof form, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}", x_text, y_text);
    SHA256((const unsigned char *)form, (size_t)n, sum);
    sodium_bin2base64(kid, KEY_KID_BYTES + 1, sum, sizeof sum, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool name_key(struct insurer_key *k) {
    uint8_t x[COORDINATE_BYTES], y[COORDINATE_BYTES];
    if (!coordinate(k->key, OSSL_PKEY_PARAM_EC_PUB_X, x) || !coordinate(k->key, OSSL_PKEY_PARAM_EC_PUB_Y, y))
        return false;
    coordinate_text(x, k->x), coordinate_text(y, k->y);
    insurer_key_name(x, y, k->kid);
    return true;
}

enum err insurer_file(char path[PATH_MAX], const char *folder, struct insurer_number insurer, const char *name,
                      struct diag *d) {
    char number[16];
    struct buf b = buf_over(number, sizeof number - 1);
    insurer_number_put(&b, insurer);
    int n = snprintf(path, PATH_MAX, "%s/insurers/%.*s%s", folder, (int)b.n, number, name);
    return n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "DIR", NULL);
}

enum err insurer_key_publish(const struct insurer_key *k, struct world *w, const char *folder,
                             struct insurer_number insurer, uint64_t crl_version, struct diag *d) {
    char path[PATH_MAX], text[JWKS_MAX];
    struct buf b = buf_over(text, sizeof text);
    buf_printf(&b,
               "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"%s\",\"use\":\"sig\",\"alg\":\"ES256\",\"crv\":\"P-256\","
               "\"x\":\"%s\",\"y\":\"%s\"",
               k->kid, k->x, k->y);
    if (crl_version) buf_printf(&b, ",\"crlVersion\":%llu", (unsigned long long)crl_version);
    buf_puts(&b, "}]}\n");
    invariant(buf_ok(&b));
    TRY(insurer_file(path, folder, insurer, "/jwks.json", d));
    return world_replace_file(w, path, buf_str(&b), 0644, d);
}

/* Under its name already: then what else stands there (crlVersion) stays. */
static bool is_published(const struct insurer_key *k, struct world *w, const char *folder,
                         struct insurer_number insurer) {
    char path[PATH_MAX], room[JWKS_MAX];
    struct buf text = buf_over(room, sizeof room);
    return insurer_file(path, folder, insurer, "/jwks.json", NULL) == ERR_OK &&
           world_read_file(w, path, &text, NULL) == ERR_OK && str_find(buf_str(&text), str_c(k->kid)) < text.n;
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
    TRY(insurer_file(own, folder, insurer, "", d));
    TRY(insurer_file(path, folder, insurer, "/key.pem", d));
    *made = access(path, F_OK) != 0;
    if (*made) TRY(make_new(w, own, path, d));
    TRY(insurer_key_open(&k, w, folder, insurer, d));
    enum err e = is_published(k, w, folder, insurer) ? ERR_OK : insurer_key_publish(k, w, folder, insurer, 0, d);
    insurer_key_close(k);
    return e;
}

enum err insurer_key_open(struct insurer_key **out, struct world *w, const char *folder, struct insurer_number insurer,
                          struct diag *d) {
    char path[PATH_MAX];
    TRY(insurer_file(path, folder, insurer, "/key.pem", d));
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
