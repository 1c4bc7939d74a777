#include "state/trust/certificate.h"

#include "base/buf.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <time.h>

enum { VERSION_3 = 2, CRL_VERSION_2 = 1, SERIAL_BYTES = 16 };

enum err crypto_failed(struct diag *d, const char *where) {
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    ERR_clear_error();
    return diag_set(d, ERR_CRYPTO, where, "%s", reason ? reason : "OpenSSL gave no reason");
}

enum err key_make(EVP_PKEY **out, struct diag *d) {
    *out = EVP_EC_gen("P-256");
    return *out ? ERR_OK : crypto_failed(d, "key");
}

static bool set_serial(X509 *c, struct world *w) {
    unsigned char bytes[SERIAL_BYTES];
    w->random(w, bytes, sizeof bytes);
    bytes[0] = (unsigned char)((bytes[0] & 0x7f) | 0x40); /* positive, and always of the same length */
    BIGNUM *n = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool ok = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(c));
    BN_free(n);
    return ok;
}

static bool set_subject(X509 *c, const struct certificate_plan *plan) {
    X509_NAME *name = X509_get_subject_name(c);
    const struct {
        int nid;
        const char *value;
    } parts[] = {
        {NID_organizationName, "Mado"}, {NID_commonName, plan->common_name}, {NID_serialNumber, plan->serial_number}};
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (parts[i].value == NULL) continue;
        if (!X509_NAME_add_entry_by_NID(name, parts[i].nid, MBSTRING_UTF8, (const unsigned char *)parts[i].value, -1,
                                        -1, 0))
            return false;
    }
    return true;
}

static bool set_times(X509 *c, const struct certificate_plan *plan) {
    time_t from = (time_t)plan->from_s, to = (time_t)plan->to_s;
    return ASN1_TIME_set(X509_getm_notBefore(c), from) && ASN1_TIME_set(X509_getm_notAfter(c), to);
}

static bool add_extension(X509 *c, X509V3_CTX *context, int nid, const char *value) {
    if (value == NULL) return true;
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, context, nid, value);
    bool ok = e && X509_add_ext(c, e, -1);
    X509_EXTENSION_free(e);
    return ok;
}

static bool add_extensions(X509 *c, X509 *issuer, const struct certificate_plan *plan) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, c, NULL, NULL, 0);
    return add_extension(c, &context, NID_basic_constraints, plan->basic) &&
           add_extension(c, &context, NID_key_usage, plan->usage) &&
           add_extension(c, &context, NID_ext_key_usage, plan->extended_usage) &&
           add_extension(c, &context, NID_subject_alt_name, plan->alternative_name) &&
           add_extension(c, &context, NID_subject_key_identifier, "hash") &&
           add_extension(c, &context, NID_authority_key_identifier, "keyid:always");
}

enum err certificate_make(X509 **out, struct world *w, EVP_PKEY *key, const struct certificate_plan *plan,
                          const struct authority *by, struct diag *d) {
    X509 *c = X509_new(), *issuer = by ? by->certificate : c;
    bool ok = c && X509_set_version(c, VERSION_3) && set_serial(c, w) && set_subject(c, plan) && set_times(c, plan) &&
              X509_set_pubkey(c, key) && X509_set_issuer_name(c, X509_get_subject_name(issuer)) &&
              add_extensions(c, issuer, plan) && X509_sign(c, by ? by->key : key, EVP_sha256()) > 0;
    if (ok) {
        *out = c;
        return ERR_OK;
    }
    X509_free(c);
    return crypto_failed(d, plan->common_name);
}

/* Takes the bio. */
static enum err write_bio(struct world *w, const char *path, BIO *bio, bool written, mode_t mode, struct diag *d) {
    char *p = NULL;
    long n = bio ? BIO_get_mem_data(bio, &p) : 0;
    enum err e = written && n > 0 ? world_replace_file(w, path, str_of(p, (size_t)n), mode, d) : crypto_failed(d, path);
    BIO_free(bio);
    return e;
}

enum err key_write(struct world *w, const char *path, EVP_PKEY *key, struct diag *d) {
    BIO *bio = BIO_new(BIO_s_secmem());
    return write_bio(w, path, bio, bio && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 0600, d);
}

enum err certificate_write(struct world *w, const char *path, X509 *certificate, struct diag *d) {
    BIO *bio = BIO_new(BIO_s_mem());
    return write_bio(w, path, bio, bio && PEM_write_bio_X509(bio, certificate), 0644, d);
}

/* The file's bytes as a bio that borrows `text`. */
static enum err read_bio(struct world *w, const char *path, struct buf *text, BIO **out, struct diag *d) {
    buf_init(text, PEM_MAX);
    TRY(world_read_file(w, path, text, d));
    *out = BIO_new_mem_buf(text->p, (int)text->n);
    return *out ? ERR_OK : crypto_failed(d, path);
}

enum err key_read(struct world *w, const char *path, EVP_PKEY **out, struct diag *d) {
    struct buf text;
    BIO *bio = NULL;
    enum err e = read_bio(w, path, &text, &bio, d);
    if (e == ERR_OK && (*out = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL)) == NULL) e = crypto_failed(d, path);
    BIO_free(bio);
    if (text.p) OPENSSL_cleanse(text.p, text.cap);
    buf_fini(&text);
    return e;
}

enum err certificate_read(struct world *w, const char *path, X509 **out, struct diag *d) {
    struct buf text;
    BIO *bio = NULL;
    enum err e = read_bio(w, path, &text, &bio, d);
    if (e == ERR_OK && (*out = PEM_read_bio_X509(bio, NULL, NULL, NULL)) == NULL) e = crypto_failed(d, path);
    BIO_free(bio);
    buf_fini(&text);
    return e;
}

enum err certificate_end(X509 *certificate, int64_t *not_after_s, struct diag *d) {
    struct tm end;
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return crypto_failed(d, "notAfter");
    *not_after_s = (int64_t)timegm(&end);
    return ERR_OK;
}

enum err certificate_name(X509 *certificate, struct revocation *r, struct diag *d) {
    unsigned n = 0;
    BIGNUM *serial = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *hex = serial ? BN_bn2hex(serial) : NULL;
    bool ok = hex && strlen(hex) < sizeof r->serial && X509_digest(certificate, EVP_sha256(), r->fingerprint, &n) == 1;
    for (size_t i = 0; ok && i <= strlen(hex); i++)
        r->serial[i] = (char)(hex[i] >= 'A' && hex[i] <= 'F' ? hex[i] + 32 : hex[i]);
    OPENSSL_free(hex);
    BN_free(serial);
    return ok ? ERR_OK : crypto_failed(d, "certificate");
}

static enum err add_revoked(void *context, const struct revocation *r) {
    X509_CRL *crl = context;
    X509_REVOKED *row = X509_REVOKED_new();
    BIGNUM *serial = NULL;
    ASN1_INTEGER *number = BN_hex2bn(&serial, r->serial) ? BN_to_ASN1_INTEGER(serial, NULL) : NULL;
    ASN1_TIME *at = ASN1_TIME_set(NULL, (time_t)r->at_s);
    bool ok = row && number && at && X509_REVOKED_set_serialNumber(row, number) &&
              X509_REVOKED_set_revocationDate(row, at) && X509_CRL_add0_revoked(crl, row);
    if (!ok) X509_REVOKED_free(row);
    ASN1_TIME_free(at);
    ASN1_INTEGER_free(number);
    BN_free(serial);
    return ok ? ERR_OK : ERR_CRYPTO;
}

static bool number_crl(X509_CRL *crl, int64_t now_s) {
    ASN1_INTEGER *n = ASN1_INTEGER_new();
    bool ok = n && ASN1_INTEGER_set_int64(n, now_s) && X509_CRL_add1_ext_i2d(crl, NID_crl_number, n, 0, 0);
    ASN1_INTEGER_free(n);
    return ok;
}

static bool begin_crl(X509_CRL *crl, struct world *w, const struct authority *by) {
    time_t now = (time_t)(w->now_us(w) / 1000000);
    ASN1_TIME *from = ASN1_TIME_set(NULL, now - 3600);
    /* As long as the authority: the door reads the authority's own file, and must not close because nobody wrote it anew. */
    bool ok = crl && from && X509_CRL_set_version(crl, CRL_VERSION_2) &&
              X509_CRL_set_issuer_name(crl, X509_get_subject_name(by->certificate)) &&
              X509_CRL_set1_lastUpdate(crl, from) &&
              X509_CRL_set1_nextUpdate(crl, X509_get0_notAfter(by->certificate)) && number_crl(crl, now);
    ASN1_TIME_free(from);
    return ok;
}

static bool end_crl(X509_CRL *crl, const struct authority *by) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, by->certificate, NULL, NULL, crl, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &context, NID_authority_key_identifier, "keyid:always");
    bool ok = e && X509_CRL_add_ext(crl, e, -1) && X509_CRL_sort(crl) && X509_CRL_sign(crl, by->key, EVP_sha256()) > 0;
    X509_EXTENSION_free(e);
    return ok;
}

enum err crl_write(struct world *w, const char *path, const struct authority *by, struct str list, struct diag *d) {
    X509_CRL *crl = X509_CRL_new();
    enum err e = begin_crl(crl, w, by) ? revocations_read(list, add_revoked, crl, d) : ERR_CRYPTO;
    if (e == ERR_OK && !end_crl(crl, by)) e = ERR_CRYPTO;
    if (e == ERR_CRYPTO) e = crypto_failed(d, path);
    if (e == ERR_OK) {
        BIO *bio = BIO_new(BIO_s_mem());
        e = write_bio(w, path, bio, bio && PEM_write_bio_X509_CRL(bio, crl), 0644, d);
    }
    X509_CRL_free(crl);
    return e;
}
