/* Who is at the other end, read from the certificate once a TLS connection. A resumed session brings the certificate of the
 * first one along. */
#include "net/nginx/worker.h"

#include <time.h>

/* Exactly one serialNumber (X.520), short and printable; anything else names nobody. */
static void read_serial(X509 *certificate, char *out) {
    X509_NAME *subject = X509_get_subject_name(certificate);
    int at = X509_NAME_get_index_by_NID(subject, NID_serialNumber, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_serialNumber, at) >= 0) return;
    const ASN1_STRING *s = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
    const unsigned char *p = ASN1_STRING_get0_data(s);
    int n = ASN1_STRING_length(s);
    if (n <= 0 || n > HTTP_SERIAL_MAX) return;
    for (int i = 0; i < n; i++)
        if (p[i] <= ' ' || p[i] > '~') return;
    memcpy(out, p, (size_t)n);
}

void door_peer_read(SSL *ssl, struct http_peer *p) {
    unsigned length = 0;
    struct tm end;
    X509 *certificate = SSL_get0_peer_certificate(ssl);
    if (certificate == NULL || SSL_get_verify_result(ssl) != X509_V_OK) return;
    if (X509_digest(certificate, EVP_sha256(), p->fingerprint, &length) != 1 || length != sizeof p->fingerprint) return;
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return;
    p->not_after_s = (int64_t)timegm(&end);
    read_serial(certificate, p->subject_serial);
    p->verified = true;
}
