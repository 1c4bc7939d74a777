/* The window's half: checking. The only file that knows what a signed_denial is. */
#include "state/trust/attestation.h"

#include "base/json.h"
#include "state/trust/certificate.h"
#include "state/trust/es256.h"

#include <openssl/x509v3.h>
#include <sodium.h>
#include <stdlib.h>

enum { HEADER_MAX = 8 << 10, ARENA_MAX = 16 << 20 };
#define SECONDS_MAX UINT64_C(253402300799) /* the year 9999 */

struct signed_denial {
    struct day on;
    int64_t until_us;
};

struct attestation_check {
    EVP_PKEY *authority;
    X509 *authority_certificate;
    EVP_MD_CTX *digest;
    X509 *signer; /* whose chain was checked last, and its DER: a bulk result has ten thousand of the same */
    struct buf signer_der, header, payload;
    struct arena arena;
    bool denies; /* the attestation verified last */
    struct signed_denial denial;
};

enum err attestation_check_open(struct attestation_check **out, struct world *w, const char *ca, struct diag *d) {
    struct attestation_check *c = calloc(1, sizeof *c);
    if (c == NULL) return diag_set(d, ERR_MEMORY, "attestation", NULL);
    buf_init(&c->signer_der, HEADER_MAX), buf_init(&c->header, HEADER_MAX), buf_init(&c->payload, ATTESTATION_MAX);
    arena_init(&c->arena, ARENA_MAX);
    enum err e = certificate_read(w, ca, &c->authority_certificate, d);
    if (e == ERR_OK &&
        ((c->authority = X509_get_pubkey(c->authority_certificate)) == NULL || (c->digest = EVP_MD_CTX_new()) == NULL))
        e = crypto_failed(d, ca);
    if (e == ERR_OK) *out = c;
    else attestation_check_close(c);
    return e;
}

void attestation_check_close(struct attestation_check *c) {
    if (c == NULL) return;
    X509_free(c->signer), X509_free(c->authority_certificate);
    EVP_PKEY_free(c->authority);
    EVP_MD_CTX_free(c->digest);
    if (c->payload.p) sodium_memzero(c->payload.p, c->payload.cap);
    buf_fini(&c->signer_der), buf_fini(&c->header), buf_fini(&c->payload);
    arena_fini(&c->arena);
    free(c);
}

/* ---- text ---- */

/* libsodium 1.0.18 reads some bytes above 0x7f as '-' and '_': one form alone may stand for one attestation. */
static bool is_ascii(struct str text) {
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] > 0x7e) return false;
    return true;
}

static bool put_decoded(struct buf *out, struct str text, int variant) {
    size_t n = 0;
    char *to = buf_room(out, text.n / 4 * 3 + 3);
    if (to == NULL || text.n == 0 || !is_ascii(text) ||
        sodium_base642bin((unsigned char *)to, text.n / 4 * 3 + 3, text.p, text.n, NULL, &n, NULL, variant) != 0)
        return false;
    out->n += n;
    return true;
}

static enum err bad(struct diag *d, enum err e, const char *what) { return diag_set(d, e, "attestation", "%s", what); }

/* ---- who signed ---- */

static bool named_for_this(X509 *x) {
    char name[64];
    int n = X509_NAME_get_text_by_NID(X509_get_subject_name(x), NID_commonName, name, sizeof name);
    return n > 0 && str_eq(str_of(name, (size_t)n), S(ATTESTATION_NAME));
}

static bool within(X509 *x, int64_t now_us) {
    time_t now = (time_t)(now_us / 1000000);
    return X509_cmp_time(X509_get0_notBefore(x), &now) < 0 && X509_cmp_time(X509_get0_notAfter(x), &now) > 0;
}

static bool issued_here(struct attestation_check *c, X509 *x) {
    return X509_check_issued(c->authority_certificate, x) == X509_V_OK && X509_verify(x, c->authority) == 1;
}

static enum err take_signer(struct attestation_check *c, struct str der, struct diag *d) {
    const unsigned char *at = (const unsigned char *)der.p;
    if (c->signer && str_eq(der, buf_str(&c->signer_der))) return ERR_OK;
    X509_free(c->signer);
    c->signer = NULL;
    X509 *x = d2i_X509(NULL, &at, (long)der.n);
    bool ours = x && at == (const unsigned char *)der.p + der.n && named_for_this(x) && issued_here(c, x) &&
                EVP_PKEY_is_a(X509_get0_pubkey(x), "EC") && EVP_PKEY_get_bits(X509_get0_pubkey(x)) == 256;
    buf_reset(&c->signer_der), buf_put(&c->signer_der, der);
    if (ours && buf_ok(&c->signer_der)) c->signer = x;
    else X509_free(x);
    if (c->signer) return ERR_OK;
    (void)!crypto_failed(d, "attestation"); /* OpenSSL's queue is emptied */
    return bad(d, ERR_CRYPTO, "not signed by whom the authority names for it");
}

static enum err read_header(struct attestation_check *c, struct str part, struct diag *d) {
    struct json root, list;
    struct str alg = S(""), text = S("");
    struct buf der;
    char room[HEADER_MAX];
    buf_reset(&c->header);
    if (!put_decoded(&c->header, part, sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
        json_read(&c->arena, buf_str(&c->header), &root, NULL) != ERR_OK)
        return bad(d, ERR_SYNTAX, "header");
    list = json_get(root, "x5c");
    if (!json_str(json_get(root, "alg"), &alg) || !str_eq(alg, S("ES256")) || json_count(list) != 1 ||
        !json_str(json_first(list), &text))
        return bad(d, ERR_VALUE, "alg or x5c");
    der = buf_over(room, sizeof room);
    if (!put_decoded(&der, text, sodium_base64_VARIANT_ORIGINAL)) return bad(d, ERR_VALUE, "x5c");
    return take_signer(c, buf_str(&der), d);
}

/* ---- what was signed ---- */

static bool seconds(struct json root, const char *name, int64_t *us) {
    uint64_t s = 0;
    if (!json_uint(json_get(root, name), SECONDS_MAX, &s)) return false;
    *us = (int64_t)s * 1000000;
    return true;
}

static enum err read_claims(struct attestation_check *c, struct attestation *a, struct diag *d) {
    struct json root, ratio;
    struct str aud = S(""), on = S(""), whole = buf_str(&c->payload), name = S(",\"msg\":");
    uint64_t validity = 0, percent = RATIO_NONE;
    if (json_read(&c->arena, whole, &root, NULL) != ERR_OK) return bad(d, ERR_SYNTAX, "payload");
    ratio = json_get(root, "ratio");
    if (!seconds(root, "iat", &a->told_us) || !seconds(root, "exp", &a->until_us) ||
        !json_str(json_get(root, "aud"), &aud) || institution_code_parse(aud, &a->institution) != ERR_OK ||
        !json_str(json_get(root, "on"), &on) || !day_parse_basic(on, &a->on) ||
        !json_uint(json_get(root, "validity"), VALIDITY_NO_TICKET, &validity) || validity == 0 ||
        (!json_none(ratio) && !json_uint(ratio, 100, &percent)) || json_kind(json_get(root, "msg")) != JSON_OBJECT)
        return bad(d, ERR_VALUE, "claims");
    a->validity = (enum validity)validity, a->ratio = (uint8_t)percent;
    /* The message's own bytes: what stands before it holds no text that could look like its name. */
    size_t at = str_find(whole, name);
    if (at == whole.n || !str_ends(whole, S("}"))) return bad(d, ERR_VALUE, "msg");
    a->message = str_trim(str_skip(str_head(whole, whole.n - 1), at + name.n));
    bool last = json_read(&c->arena, a->message, &root, NULL) == ERR_OK && json_kind(root) == JSON_OBJECT;
    return last ? ERR_OK : bad(d, ERR_VALUE, "msg is not the last of it");
}

static enum err check_signature(struct attestation_check *c, struct str signed_part, struct str part, struct diag *d) {
    uint8_t signature[ES256_BYTES + 3];
    struct buf b = buf_over(signature, sizeof signature);
    if (!put_decoded(&b, part, sodium_base64_VARIANT_URLSAFE_NO_PADDING) || b.n != ES256_BYTES)
        return bad(d, ERR_SYNTAX, "signature");
    if (es256_verify(c->digest, X509_get0_pubkey(c->signer), signed_part, signature)) return ERR_OK;
    (void)!crypto_failed(d, "attestation");
    return bad(d, ERR_CRYPTO, "the signature is wrong");
}

static bool denies(const struct attestation *a) {
    bool pays_all = a->ratio == 100 && (a->validity == VALID || a->validity == VALIDITY_NO_TICKET);
    return a->validity == VALIDITY_NOT || pays_all;
}

enum err attestation_verify(struct attestation_check *c, struct str jws, int64_t now_us, struct attestation *out,
                            struct diag *d) {
    struct str rest = jws, header = str_cut(&rest, '.'), payload = str_cut(&rest, '.');
    *out = (struct attestation){.ratio = RATIO_NONE, .on = DAY_NONE};
    c->denies = false;
    if (jws.n > ATTESTATION_MAX) return bad(d, ERR_LIMIT, "too long");
    arena_reset(&c->arena);
    TRY(read_header(c, header, d));
    TRY(check_signature(c, str_head(jws, header.n + 1 + payload.n), rest, d));
    buf_reset(&c->payload);
    if (!put_decoded(&c->payload, payload, sodium_base64_VARIANT_URLSAFE_NO_PADDING))
        return bad(d, ERR_SYNTAX, "payload");
    TRY(read_claims(c, out, d));
    if (!within(c->signer, now_us) || out->until_us <= now_us) return bad(d, ERR_TIMEOUT, "it is over");
    c->denies = denies(out);
    c->denial = (struct signed_denial){out->on, out->until_us};
    return ERR_OK;
}

const struct signed_denial *attestation_denial(const struct attestation_check *c, struct day on, int64_t now_us) {
    bool holds = c->denies && day_is(on) && day_eq(c->denial.on, on) && now_us < c->denial.until_us;
    return holds ? &c->denial : NULL;
}
