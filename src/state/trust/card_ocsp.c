#include "state/trust/card_ocsp.h"

#include "state/trust/card_revocation.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

static bool take_address(X509 *c, char *url, size_t url_max) {
    STACK_OF(OPENSSL_STRING) *all = X509_get1_ocsp(c);
    bool found = false;
    for (int i = 0; all && !found && i < sk_OPENSSL_STRING_num(all); i++) {
        struct str one = str_c(sk_OPENSSL_STRING_value(all, i));
        if (str_starts(one, S("http://")) || str_starts(one, S("https://"))) found = str_to_c(one, url, url_max);
    }
    X509_email_free(all);
    return found;
}

static bool put_request(X509 *c, X509 *issuer, struct buf *out) {
    OCSP_REQUEST *r = OCSP_REQUEST_new();
    OCSP_CERTID *id = OCSP_cert_to_id(EVP_sha1(), c, issuer); /* what responders know certificates by */
    bool ok = r && id && OCSP_request_add0_id(r, id);
    if (!ok) OCSP_CERTID_free(id);
    ok = ok && OCSP_request_add1_nonce(r, NULL, -1);
    int n = ok ? i2d_OCSP_REQUEST(r, NULL) : -1;
    unsigned char *at = n > 0 && n <= CARD_OCSP_REQUEST_MAX ? (unsigned char *)buf_room(out, (size_t)n) : NULL;
    ok = at != NULL && i2d_OCSP_REQUEST(r, &at) == n;
    if (ok) out->n += (size_t)n;
    OCSP_REQUEST_free(r);
    return ok;
}

enum err card_ocsp_request(const struct card_anchors *a, struct str certificate, struct buf *request, char *url,
                           size_t url_max, struct diag *d) {
    X509 *c = card_certificate_read(certificate);
    X509 *issuer = c ? card_issuer_find(a, c) : NULL;
    enum err e = ERR_OK;
    if (issuer == NULL || (url[0] == 0 && !take_address(c, url, url_max))) e = diag_set(d, ERR_NOT_FOUND, "ocsp", NULL);
    else if (!put_request(c, issuer, request)) e = diag_set(d, ERR_MEMORY, "ocsp", NULL);
    X509_free(c);
    ERR_clear_error();
    return e;
}

bool card_ocsp_fits(struct str request, struct str response) {
    const unsigned char *q = (const unsigned char *)request.p, *p = (const unsigned char *)response.p;
    if (request.n > CARD_OCSP_REQUEST_MAX || response.n > CARD_OCSP_MAX) return false;
    OCSP_REQUEST *asked = d2i_OCSP_REQUEST(NULL, &q, (long)request.n);
    OCSP_RESPONSE *told = d2i_OCSP_RESPONSE(NULL, &p, (long)response.n);
    OCSP_BASICRESP *basic = told ? OCSP_response_get1_basic(told) : NULL;
    bool fits = asked && basic && OCSP_check_nonce(asked, basic) != 0;
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(told);
    OCSP_REQUEST_free(asked);
    ERR_clear_error();
    return fits;
}
