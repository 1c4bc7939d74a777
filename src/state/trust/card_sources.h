/* card_sources: where the state of revocation is to be had, as the operator wrote it into DIR/cards/sources. The law lets only registered
 * verifiers ask the real authorities (公的個人認証法 17条), so nothing is asked that does not stand there.
 *
 *   # a comment
 *   ocsp<TAB>certificate                    the address in each certificate (authorityInfoAccess)
 *   ocsp<TAB>http://127.0.0.1:2560/         or one for all
 *   crl<TAB>DIRECTORY NAME<TAB>ADDRESS      of a distribution point; "*" for a CRL of the whole authority. http, https, file
 *
 * Directory names as RFC 4514 writes them: "CN=…,OU=…,O=JPKI,C=JP". Certificates name their CRL by directory name alone, so this table is what
 * leads to it. */
#ifndef STATE_TRUST_CARD_SOURCES_H
#define STATE_TRUST_CARD_SOURCES_H

#include "base/arena.h"
#include "base/err.h"

enum { CARD_SOURCES_MAX = 4096, CARD_SOURCES_TEXT_MAX = 4 << 20, CARD_ADDRESS_MAX = 1000, CARD_POINT_MAX = 1000 };

struct card_source {
    struct str point, address; /* of a CRL */
};
struct card_sources {
    bool ocsp;
    struct str ocsp_address; /* "": the one in the certificate */
    struct card_source *crls;
    size_t crl_count;
};
/* Everything in the arena. ERR_SYNTAX, ERR_VALUE, ERR_DUPLICATE, ERR_LIMIT with the line. */
MUST_USE enum err card_sources_read(struct arena *arena, struct str text, struct card_sources *out, struct diag *d);

#endif
