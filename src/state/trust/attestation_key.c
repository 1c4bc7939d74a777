/* The centre's half: signing. */
#include "state/trust/attestation.h"

#include "state/trust/certificate.h"
#include "state/trust/es256.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEADER_MAX = 8 << 10 };

struct attestation_key {
    EVP_PKEY *key;
    EVP_MD_CTX *digest;
    char header[HEADER_MAX]; /* base64url, the same for all */
    size_t header_n;
    struct buf payload; /* of the one in hand */
};

static bool put_base64url(struct buf *out, struct str s) {
    size_t room = sodium_base64_encoded_len(s.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *to = buf_room(out, room);
    if (to == NULL) return false;
    (void)sodium_bin2base64(to, room, (const unsigned char *)s.p, s.n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    out->n += room - 1;
    return true;
}

/* RFC 7515 4.1.6: the certificate as base64, not base64url, of its DER. */
static enum err make_header(struct attestation_key *k, X509 *certificate, struct diag *d) {
    char text[HEADER_MAX], json_room[HEADER_MAX];
    unsigned char *der = NULL;
    int n = i2d_X509(certificate, &der);
    struct buf json = buf_over(json_room, sizeof json_room), header = buf_over(k->header, sizeof k->header);
    bool fits = n > 0 && sodium_base64_encoded_len((size_t)n, sodium_base64_VARIANT_ORIGINAL) <= sizeof text;
    if (fits) {
        (void)sodium_bin2base64(text, sizeof text, der, (size_t)n, sodium_base64_VARIANT_ORIGINAL);
        buf_printf(&json, "{\"alg\":\"ES256\",\"typ\":\"mado-attestation+jwt\",\"x5c\":[\"%s\"]}", text);
        fits = buf_ok(&json) && put_base64url(&header, buf_str(&json));
    }
    OPENSSL_free(der);
    k->header_n = header.n;
    return fits ? ERR_OK : crypto_failed(d, "certificate");
}

enum err attestation_key_open(struct attestation_key **out, struct world *w, const char *folder, struct diag *d) {
    char key[PATH_MAX], certificate_path[PATH_MAX];
    X509 *certificate = NULL;
    if (snprintf(key, sizeof key, "%s/key.pem", folder) >= (int)sizeof key ||
        snprintf(certificate_path, sizeof certificate_path, "%s/cert.pem", folder) >= (int)sizeof certificate_path)
        return diag_set(d, ERR_LIMIT, "attestation", NULL);
    struct attestation_key *k = calloc(1, sizeof *k);
    if (k == NULL) return diag_set(d, ERR_MEMORY, "attestation", NULL);
    buf_init(&k->payload, ATTESTATION_MAX);
    enum err e = key_read(w, key, &k->key, d);
    if (e == ERR_OK) e = certificate_read(w, certificate_path, &certificate, d);
    if (e == ERR_OK && (k->digest = EVP_MD_CTX_new()) == NULL) e = crypto_failed(d, "attestation");
    if (e == ERR_OK) e = make_header(k, certificate, d);
    X509_free(certificate);
    if (e == ERR_OK) *out = k;
    else attestation_key_close(k);
    return e;
}

void attestation_key_close(struct attestation_key *k) {
    if (k == NULL) return;
    EVP_MD_CTX_free(k->digest);
    EVP_PKEY_free(k->key);
    buf_fini(&k->payload);
    free(k);
}

static void put_claims(struct buf *b, const struct attestation *a) {
    buf_printf(b, "{\"iat\":%lld,\"exp\":%lld,\"aud\":\"", (long long)(a->told_us / 1000000),
               (long long)(a->until_us / 1000000));
    institution_code_put(b, a->institution), buf_puts(b, "\",\"on\":\"");
    day_put_basic(b, a->on), buf_printf(b, "\",\"validity\":%d", (int)a->validity);
    if (a->ratio != RATIO_NONE) buf_printf(b, ",\"ratio\":%d", a->ratio);
    buf_puts(b, ",\"msg\":"), buf_put(b, a->message), buf_putc(b, '}');
}

enum err attestation_sign(struct attestation_key *k, const struct attestation *a, struct buf *out, struct diag *d) {
    uint8_t signature[ES256_BYTES];
    size_t start = out->n;
    buf_reset(&k->payload);
    put_claims(&k->payload, a);
    buf_put(out, str_of(k->header, k->header_n)), buf_putc(out, '.');
    if (!buf_ok(&k->payload) || !put_base64url(out, buf_str(&k->payload)) || !buf_ok(out))
        return diag_set(d, ERR_LIMIT, "attestation", NULL);
    if (!es256_sign(k->digest, k->key, str_skip(buf_str(out), start), signature))
        return crypto_failed(d, "attestation");
    buf_putc(out, '.');
    return put_base64url(out, str_of(signature, sizeof signature)) ? ERR_OK
                                                                   : diag_set(d, ERR_LIMIT, "attestation", NULL);
}
