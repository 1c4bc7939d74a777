/* Keys and certificates as OpenSSL makes them: the room's own face to that library. */
#ifndef STATE_TRUST_CERTIFICATE_H
#define STATE_TRUST_CERTIFICATE_H

#include "state/trust/standing.h"
#include "state/trust/trust.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

enum { PEM_MAX = 64 << 10 };

struct authority {
    EVP_PKEY *key;
    X509 *certificate;
};

/* What a certificate says; strings are C strings for OpenSSL. */
struct certificate_plan {
    const char *common_name;
    const char *serial_number;    /* of the subject, NULL: none */
    const char *basic, *usage;    /* extensions, in the words of x509v3_config(5) */
    const char *extended_usage;   /* NULL: none */
    const char *alternative_name; /* NULL: none */
    int64_t from_s, to_s;
};

/* "OpenSSL's reason" in the diag's detail. */
MUST_USE enum err crypto_failed(struct diag *d, const char *where);
MUST_USE enum err key_make(EVP_PKEY **out, struct diag *d);
/* `by` NULL: signed by itself. The serial number is 127 random bits (RFC 5280 4.1.2.2: unpredictable, positive). */
MUST_USE enum err certificate_make(X509 **out, struct world *w, EVP_PKEY *key, const struct certificate_plan *plan,
                                   const struct authority *by, struct diag *d);
MUST_USE enum err key_write(struct world *w, const char *path, EVP_PKEY *key, struct diag *d);
MUST_USE enum err certificate_write(struct world *w, const char *path, X509 *certificate, struct diag *d);
MUST_USE enum err key_read(struct world *w, const char *path, EVP_PKEY **out, struct diag *d);
MUST_USE enum err certificate_read(struct world *w, const char *path, X509 **out, struct diag *d);
MUST_USE enum err certificate_end(X509 *certificate, int64_t *not_after_s, struct diag *d);
/* Fingerprint and serial of a revocation. */
MUST_USE enum err certificate_name(X509 *certificate, struct revocation *r, struct diag *d);
/* The list as a CRL, written beside and renamed. */
MUST_USE enum err crl_write(struct world *w, const char *path, const struct authority *by, struct str list,
                            struct diag *d);

#endif
