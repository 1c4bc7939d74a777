#include "state/trust/card_check.h"

#include "state/trust/card_revocation.h"
#include "state/trust/certificate.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <time.h>

enum { RSA_BITS_MIN = 2048 };

#define CARD_FAULT(name, ja, en) {{ja, sizeof ja - 1}, {en, sizeof en - 1}},
static const struct {
    struct str ja, en;
} faults[CARD_FAULTS] = {
#include "state/trust/card_fault.def"
};
#undef CARD_FAULT

struct str card_fault_ja(enum card_fault f) {
    return faults[f].ja;
}
struct str card_fault_en(enum card_fault f) {
    return faults[f].en;
}

X509 *card_certificate_read(struct str der) {
    const unsigned char *p = (const unsigned char *)der.p;
    if (str_empty(der) || der.n > CARD_CERTIFICATE_MAX) return NULL;
    X509 *c = d2i_X509(NULL, &p, (long)der.n);
    if (c && (p != (const unsigned char *)der.p + der.n ||
              ASN1_STRING_length(X509_get0_serialNumber(c)) > CARD_SERIAL_MAX)) {
        X509_free(c);
        return NULL;
    }
    return c;
}

/* By key: the name must fit too, but several authorities have it. */
X509 *card_issuer_find(const struct card_anchors *a, X509 *c) {
    for (size_t i = 0; i < a->authority_count; i++) {
        X509 *issuer = a->authorities[i];
        if (X509_NAME_cmp(X509_get_issuer_name(c), X509_get_subject_name(issuer)) != 0) continue;
        if (X509_verify(c, X509_get0_pubkey(issuer)) == 1) return issuer;
        ERR_clear_error();
    }
    return NULL;
}

static enum card_fault of_openssl(int error) {
    switch (error) {
    case X509_V_OK: return CARD_FAULT_NONE;
    case X509_V_ERR_CERT_NOT_YET_VALID: return CARD_FAULT_NOT_YET;
    case X509_V_ERR_CERT_HAS_EXPIRED: return CARD_FAULT_EXPIRED;
    case X509_V_ERR_NO_EXPLICIT_POLICY:
    case X509_V_ERR_INVALID_POLICY_EXTENSION: return CARD_FAULT_POLICY;
    default: return CARD_FAULT_CHAIN;
    }
}

/* Time, policy and what OpenSSL asks of any chain, with this one authority. False for want of memory. */
static bool verify_chain(X509 *c, X509 *issuer, enum jpki_kind kind, int64_t now_s, enum card_fault *out) {
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *x = X509_STORE_CTX_new();
    ASN1_OBJECT *policy = OBJ_txt2obj(kind == JPKI_AUTH ? JPKI_POLICY_AUTH : JPKI_POLICY_SIGN, 1);
    bool ok = store && x && policy && X509_STORE_add_cert(store, issuer) && X509_STORE_CTX_init(x, store, c, NULL);
    if (ok) {
        X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(x);
        X509_VERIFY_PARAM_set_time(p, (time_t)now_s);
        X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_POLICY_CHECK | X509_V_FLAG_EXPLICIT_POLICY);
        ok = X509_VERIFY_PARAM_add0_policy(p, policy) == 1;
        if (ok) policy = NULL;
    }
    if (ok) {
        bool good = X509_verify_cert(x) == 1;
        bool own = X509_STORE_CTX_get_error_depth(x) == 0; /* an authority that has ended is no fault of the card's */
        *out = good || own ? of_openssl(X509_STORE_CTX_get_error(x)) : CARD_FAULT_CHAIN;
        if (!good && *out == CARD_FAULT_NONE) *out = CARD_FAULT_CHAIN;
    }
    ASN1_OBJECT_free(policy);
    X509_STORE_CTX_free(x);
    X509_STORE_free(store);
    return ok;
}

static enum card_fault check_key(X509 *c, enum jpki_kind kind) {
    const uint32_t wanted = kind == JPKI_AUTH ? KU_DIGITAL_SIGNATURE : KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;
    EVP_PKEY *key = X509_get0_pubkey(c);
    if ((X509_get_extension_flags(c) & EXFLAG_KUSAGE) == 0 || (X509_get_key_usage(c) & wanted) != wanted)
        return CARD_FAULT_KEY_USAGE;
    bool known = key && EVP_PKEY_is_a(key, "RSA") && EVP_PKEY_get_bits(key) >= RSA_BITS_MIN;
    return known ? CARD_FAULT_NONE : CARD_FAULT_KEY_KIND;
}

static bool verify_signature(X509 *c, const struct card_claim *claim, enum card_fault *out) {
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    if (m == NULL) return false;
    bool good = EVP_DigestVerifyInit(m, NULL, EVP_sha256(), NULL, X509_get0_pubkey(c)) == 1 &&
                EVP_DigestVerify(m, (const unsigned char *)claim->signature.p, claim->signature.n,
                                 (const unsigned char *)claim->challenge.p, claim->challenge.n) == 1;
    EVP_MD_CTX_free(m);
    *out = good ? CARD_FAULT_NONE : CARD_FAULT_SIGNATURE;
    return true;
}

static void name_certificate(X509 *c, X509 *issuer, struct card_name *out) {
    unsigned n = 0;
    unsigned char digest[EVP_MAX_MD_SIZE];
    const ASN1_INTEGER *serial = X509_get0_serialNumber(c);
    size_t serial_n = (size_t)ASN1_STRING_length(serial);
    invariant(X509_pubkey_digest(issuer, EVP_sha256(), digest, &n) == 1 && n == CARD_ISSUER_BYTES);
    memcpy(out->bytes, digest, CARD_ISSUER_BYTES);
    memcpy(out->bytes + CARD_ISSUER_BYTES, ASN1_STRING_get0_data(serial), serial_n);
    out->n = CARD_ISSUER_BYTES + serial_n;
}

void card_name_forget(struct card_name *c) { OPENSSL_cleanse(c, sizeof *c); }

static enum err no_memory(struct diag *d) {
    ERR_clear_error();
    return diag_set(d, ERR_MEMORY, "card", NULL);
}

static enum err check(const struct card_anchors *a, const struct card_claim *claim, X509 *c, int64_t now_s,
                      struct card_checked *out, struct diag *d) {
    if (certificate_end(c, &out->not_after_s, NULL) != ERR_OK) return ERR_OK; /* a time that is none: no certificate */
    X509 *issuer = card_issuer_find(a, c);
    out->fault = CARD_FAULT_ISSUER;
    if (issuer == NULL) return ERR_OK;
    name_certificate(c, issuer, &out->name);
    if (!card_revocation(a, c, issuer, claim->ocsp, now_s, &out->revocation)) return no_memory(d);
    if (!verify_chain(c, issuer, claim->kind, now_s, &out->fault)) return no_memory(d);
    /* The rest is looked at as on its last day. */
    bool ended = out->fault == CARD_FAULT_EXPIRED;
    if (ended && !verify_chain(c, issuer, claim->kind, out->not_after_s - 1, &out->fault)) return no_memory(d);
    if (out->fault == CARD_FAULT_NONE) out->fault = check_key(c, claim->kind);
    if (out->fault == CARD_FAULT_NONE && !claim->certificate_only) {
        if (!verify_signature(c, claim, &out->fault)) return no_memory(d);
        out->is_signed = out->fault == CARD_FAULT_NONE;
    }
    if (out->fault == CARD_FAULT_NONE && ended) out->fault = CARD_FAULT_EXPIRED;
    return ERR_OK;
}

enum err card_check(const struct card_anchors *a, const struct card_claim *claim, int64_t now_s,
                    struct card_checked *out, struct diag *d) {
    invariant(a->authority_count <= CARD_AUTHORITIES_MAX && a->crl_count <= CARD_CRLS_MAX);
    *out = (struct card_checked){.fault = CARD_FAULT_CERTIFICATE, .revocation = REVOCATION_NOT_CHECKED};
    X509 *c = card_certificate_read(claim->certificate);
    enum err e = c ? check(a, claim, c, now_s, out, d) : ERR_OK;
    X509_free(c);
    ERR_clear_error();
    return e;
}
