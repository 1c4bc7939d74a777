#include "state/trust/jpki_profile.h"

#include "base/buf.h"

#include <openssl/conf.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <time.h>

enum {
    CRL_VERSION_2 = 1,
    SLACK_S = 3600,
    DAY_S = 86400,
    STAMP = 13,
    CENTURY = 2,
    SERIAL_HEX_MAX = 40,
    CONFIG_MAX = 1024,
    SUBJECT_MAX = 256
};

/* ---- index.txt: standing, end, revocation, serial, file, subject, with tabs between ---- */

static bool put_stamp(struct buf *out, int64_t at_s) {
    char text[24];
    time_t t = (time_t)at_s;
    struct tm parts;
    if (gmtime_r(&t, &parts) == NULL || strftime(text, sizeof text, "%Y%m%d%H%M%SZ", &parts) != CENTURY + STAMP)
        return false;
    buf_puts(out, text + CENTURY);
    return true;
}

enum err jpki_index_put(struct buf *out, X509 *certificate, bool revoked, int64_t at_s, struct diag *d) {
    int64_t end;
    struct revocation name;
    TRY(certificate_end(certificate, &end, d));
    TRY(certificate_name(certificate, &name, d));
    buf_puts(out, revoked ? "R\t" : "V\t");
    bool ok = put_stamp(out, end);
    buf_putc(out, '\t');
    if (revoked) ok = put_stamp(out, at_s) && ok;
    buf_putc(out, '\t');
    for (const char *p = name.serial; *p; p++) buf_putc(out, (char)(*p >= 'a' && *p <= 'f' ? *p - 32 : *p));
    /* openssl(1) refuses an index with one subject twice. */
    char subject[SUBJECT_MAX];
    if (X509_NAME_oneline(X509_get_subject_name(certificate), subject, sizeof subject) == NULL) ok = false;
    else buf_printf(out, "\tunknown\t%s\n", subject);
    return ok && buf_ok(out) ? ERR_OK : diag_set(d, ERR_LIMIT, "index.txt", NULL);
}

struct index_row {
    bool revoked;
    char serial[SERIAL_HEX_MAX + 1], at[CENTURY + STAMP + 1]; /* with the century, as GeneralizedTime */
};

static bool is_hex(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'A' && s.p[i] <= 'F'))) return false;
    return s.n > 0 && s.n <= SERIAL_HEX_MAX;
}

static bool read_row(struct str line, struct index_row *r) {
    struct str standing = str_cut(&line, '\t'), end = str_cut(&line, '\t'), at = str_cut(&line, '\t');
    struct str serial = str_cut(&line, '\t');
    *r = (struct index_row){.revoked = str_eq(standing, S("R"))};
    if (!r->revoked && !str_eq(standing, S("V")) && !str_eq(standing, S("E"))) return false;
    if (end.n != STAMP || !is_hex(serial) || !str_to_c(serial, r->serial, sizeof r->serial)) return false;
    if (!r->revoked) return str_empty(at);
    at = str_cut(&at, ','); /* a reason may stand behind it */
    struct buf century = buf_over(r->at, sizeof r->at - 1);
    buf_puts(&century, "20"), buf_put(&century, at);
    return at.n == STAMP && buf_ok(&century);
}

/* ---- the CRL ---- */

static bool revoke(X509_CRL *crl, const struct index_row *r) {
    X509_REVOKED *row = X509_REVOKED_new();
    BIGNUM *n = NULL;
    ASN1_INTEGER *serial = BN_hex2bn(&n, r->serial) ? BN_to_ASN1_INTEGER(n, NULL) : NULL;
    ASN1_TIME *at = ASN1_TIME_new();
    bool ok = row && serial && at && ASN1_TIME_set_string_X509(at, r->at) &&
              X509_REVOKED_set_serialNumber(row, serial) && X509_REVOKED_set_revocationDate(row, at) &&
              X509_CRL_add0_revoked(crl, row);
    if (!ok) X509_REVOKED_free(row);
    ASN1_TIME_free(at);
    ASN1_INTEGER_free(serial);
    BN_free(n);
    return ok;
}

static enum err add_rows(X509_CRL *crl, struct str index, struct diag *d) {
    for (unsigned line = 1; !str_empty(index); line++) {
        struct index_row r;
        struct str text = str_cut(&index, '\n');
        if (read_row(text, &r) && (!r.revoked || revoke(crl, &r))) continue;
        enum err e = diag_set(d, ERR_CORRUPT, "index.txt", NULL);
        if (d) d->line = line;
        return e;
    }
    return ERR_OK;
}

static bool set_frame(X509_CRL *crl, int64_t now, const struct authority *by) {
    ASN1_TIME *from = ASN1_TIME_set(NULL, (time_t)(now - SLACK_S));
    ASN1_TIME *to = ASN1_TIME_set(NULL, (time_t)(now + (int64_t)JPKI_CRL_DAYS * DAY_S));
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    bool ok = from && to && number && X509_CRL_set_version(crl, CRL_VERSION_2) &&
              X509_CRL_set_issuer_name(crl, X509_get_subject_name(by->certificate)) &&
              X509_CRL_set1_lastUpdate(crl, from) && X509_CRL_set1_nextUpdate(crl, to) &&
              ASN1_INTEGER_set_int64(number, now) && X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0);
    ASN1_INTEGER_free(number);
    ASN1_TIME_free(to);
    ASN1_TIME_free(from);
    return ok;
}

/* Which municipality's certificates the list speaks of: the same name as in the certificates (RFC 5280, 5.2.5). */
static bool add_scope(X509_CRL *crl, enum jpki_kind kind, const struct authority *by) {
    char room[CONFIG_MAX];
    struct buf text = buf_over(room, sizeof room);
    X509V3_CTX context;
    buf_puts(&text,
             "[extensions]\nauthorityKeyIdentifier = keyid:always\nissuingDistributionPoint = critical,@point\n");
    jpki_point_put(&text, kind);
    CONF *conf = NCONF_new(NULL);
    BIO *bio = buf_ok(&text) ? BIO_new_mem_buf(text.p, (int)text.n) : NULL;
    X509V3_set_ctx(&context, by->certificate, NULL, NULL, crl, 0);
    bool ok = conf && bio && NCONF_load_bio(conf, bio, NULL) > 0;
    if (ok) X509V3_set_nconf(&context, conf);
    ok = ok && X509V3_EXT_CRL_add_nconf(conf, &context, "extensions", crl);
    BIO_free(bio);
    NCONF_free(conf);
    return ok;
}

static bool put_pem(X509_CRL *crl, struct buf *out) {
    BIO *bio = BIO_new(BIO_s_mem());
    char *p = NULL;
    bool ok = bio && PEM_write_bio_X509_CRL(bio, crl);
    long n = ok ? BIO_get_mem_data(bio, &p) : 0;
    if (n > 0) buf_put(out, str_of(p, (size_t)n));
    BIO_free(bio);
    return ok && buf_ok(out);
}

enum err jpki_crl_put(struct world *w, enum jpki_kind kind, const struct authority *by, struct str index,
                      struct buf *out, struct diag *d) {
    X509_CRL *crl = X509_CRL_new();
    bool begun = crl && set_frame(crl, w->now_us(w) / 1000000, by) && add_scope(crl, kind, by);
    enum err e = begun ? add_rows(crl, index, d) : crypto_failed(d, "crl.pem");
    if (e == ERR_OK && !(X509_CRL_sort(crl) && X509_CRL_sign(crl, by->key, EVP_sha256()) > 0 && put_pem(crl, out)))
        e = crypto_failed(d, "crl.pem");
    X509_CRL_free(crl);
    return e;
}
