#include "state/trust/card_revocation.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <time.h>

/* ---- CRLs: OpenSSL chooses the one whose issuer and distribution point fit (RFC 5280, 6.3.3) ---- */

struct seen {
    bool checked, revoked, stale, absent;
};

static int note(int ok, X509_STORE_CTX *x) {
    struct seen *s = X509_STORE_CTX_get_app_data(x);
    if (ok) return ok;
    switch (X509_STORE_CTX_get_error(x)) {
    case X509_V_ERR_CRL_HAS_EXPIRED: s->stale = true; return 1; /* it may still name the certificate */
    case X509_V_ERR_CERT_REVOKED: s->revoked = true; return 1;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: return 1; /* card_check's own business */
    default: s->absent = true; return 0;
    }
}

static struct str extension(const STACK_OF(X509_EXTENSION) * all, int nid) {
    int at = X509v3_get_ext_by_NID(all, nid, -1);
    const ASN1_OCTET_STRING *v = at < 0 ? NULL : X509_EXTENSION_get_data(X509v3_get_ext(all, at));
    return v ? str_of(ASN1_STRING_get0_data(v), (size_t)ASN1_STRING_length(v)) : S("");
}

/* Whether a CRL may speak of the certificate: its distribution point's name, as it stands (DER: tag A0), is among the certificate's. Only to
 * leave out the other 1,900: OpenSSL decides. A form that is not understood is left to it too. */
static bool may_speak_of(X509_CRL *crl, struct str points) {
    struct str scope = extension(X509_CRL_get0_extensions(crl), NID_issuing_distribution_point);
    const unsigned char *p = (const unsigned char *)scope.p;
    if (scope.n < 4 || p[0] != 0x30) return true;
    size_t at = p[1] < 0x80 ? 2 : p[1] == 0x81 ? 3 : p[1] == 0x82 ? 4 : scope.n;
    if (at + 2 > scope.n || p[at] != 0xa0) return true;
    size_t head = p[at + 1] < 0x80 ? 2 : p[at + 1] == 0x81 ? 3 : 0;
    if (head == 0 || at + head > scope.n) return true;
    size_t n = head + p[at + head - 1];
    return at + n > scope.n || memmem(points.p, points.n, p + at, n) != NULL;
}

static bool ask_crls(const struct card_anchors *a, X509 *c, X509 *issuer, int64_t now_s, enum revocation_state *out) {
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *x = X509_STORE_CTX_new();
    struct seen seen = {0};
    bool ok = store && x && X509_STORE_add_cert(store, issuer);
    struct str points = extension(X509_get0_extensions(c), NID_crl_distribution_points);
    for (size_t i = 0; ok && i < a->crl_count; i++)
        if (may_speak_of(a->crls[i], points)) ok = X509_STORE_add_crl(store, a->crls[i]);
    ok = ok && X509_STORE_CTX_init(x, store, c, NULL) && X509_STORE_CTX_set_app_data(x, &seen);
    if (ok) {
        X509_VERIFY_PARAM *p = X509_STORE_CTX_get0_param(x);
        X509_VERIFY_PARAM_set_time(p, (time_t)now_s);
        X509_VERIFY_PARAM_set_flags(p, X509_V_FLAG_CRL_CHECK);
        X509_STORE_CTX_set_verify_cb(x, note);
        seen.checked = X509_verify_cert(x) == 1 && !seen.absent;
    }
    X509_STORE_CTX_free(x);
    X509_STORE_free(store);
    *out = seen.revoked    ? REVOCATION_REVOKED
           : !seen.checked ? REVOCATION_NOT_CHECKED
           : seen.stale    ? REVOCATION_STALE
                           : REVOCATION_GOOD;
    return ok;
}

/* ---- an OCSP answer ---- */

static bool seconds(const ASN1_GENERALIZEDTIME *at, int64_t *out) {
    struct tm parts;
    if (at == NULL || ASN1_TIME_to_tm(at, &parts) != 1) return false;
    *out = (int64_t)timegm(&parts);
    return true;
}

static bool is_fresh(const ASN1_GENERALIZEDTIME *from, const ASN1_GENERALIZEDTIME *to, int64_t now_s) {
    int64_t begins, ends;
    if (!seconds(from, &begins) || begins > now_s + CARD_OCSP_SLACK_S) return false;
    if (to == NULL) return now_s <= begins + CARD_OCSP_AGE_S;
    return seconds(to, &ends) && now_s <= ends;
}

/* Signed by the issuer, or by whom the issuer lets sign (RFC 6960, 4.2.2.2). */
static bool is_signed(OCSP_BASICRESP *basic, X509 *issuer, int64_t now_s) {
    X509_STORE *store = X509_STORE_new();
    bool ok = store && X509_STORE_add_cert(store, issuer);
    if (ok) X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)now_s);
    ok = ok && OCSP_basic_verify(basic, NULL, store, 0) == 1;
    X509_STORE_free(store);
    return ok;
}

static enum revocation_state read_status(OCSP_BASICRESP *basic, X509 *c, X509 *issuer, int64_t now_s) {
    int status = V_OCSP_CERTSTATUS_UNKNOWN, reason;
    ASN1_GENERALIZEDTIME *revoked = NULL, *from = NULL, *to = NULL;
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), c, issuer); /* what responders know certificates by */
    bool found = id && OCSP_resp_find_status(basic, id, &status, &reason, &revoked, &from, &to) == 1;
    OCSP_CERTID_free(id);
    if (!found) return REVOCATION_NOT_CHECKED; /* it speaks of another certificate */
    if (status == V_OCSP_CERTSTATUS_REVOKED) return REVOCATION_REVOKED;
    if (!is_fresh(from, to, now_s)) return REVOCATION_STALE;
    return status == V_OCSP_CERTSTATUS_GOOD ? REVOCATION_GOOD : REVOCATION_UNKNOWN;
}

static enum revocation_state ask_ocsp(struct str der, X509 *c, X509 *issuer, int64_t now_s) {
    const unsigned char *p = (const unsigned char *)der.p;
    enum revocation_state state = REVOCATION_NOT_CHECKED;
    if (str_empty(der) || der.n > CARD_OCSP_MAX) return state;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &p, (long)der.n);
    OCSP_BASICRESP *basic = response && OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL
                                ? OCSP_response_get1_basic(response)
                                : NULL;
    if (basic && is_signed(basic, issuer, now_s)) state = read_status(basic, c, issuer, now_s);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    ERR_clear_error();
    return state;
}

enum revocation_state revocation_both(enum revocation_state a, enum revocation_state b) {
    static const enum revocation_state by_weight[] = {REVOCATION_REVOKED, REVOCATION_UNKNOWN, REVOCATION_GOOD,
                                                      REVOCATION_STALE};
    for (size_t i = 0; i < ARRAY_LEN(by_weight); i++)
        if (a == by_weight[i] || b == by_weight[i]) return by_weight[i];
    return REVOCATION_NOT_CHECKED;
}

bool card_revocation(const struct card_anchors *a, X509 *certificate, X509 *issuer, struct str ocsp, int64_t now_s,
                     enum revocation_state *out) {
    enum revocation_state crl, online = ask_ocsp(ocsp, certificate, issuer, now_s);
    if (!ask_crls(a, certificate, issuer, now_s, &crl)) return false;
    *out = revocation_both(crl, online);
    return true;
}
