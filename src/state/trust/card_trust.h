/* card_trust: whom the centre believes about cards, and the CRLs at hand: files in PEM that the operator puts there, or `mado keys trust`.
 *
 *   DIR/cards/authorities/NAME.pem    authorities whose certificates are believed; no keys
 *   DIR/cards/crls/NAME.pem           what they revoked, a file a distribution point
 *   STORE/crls/NAME.pem               the same, as fetched by the centre (service/card_watch.h)
 *
 * DIR/jpki, the test hierarchy, is not believed by being there: who can make cards and who believes them are kept apart. A file that is no
 * certificate or CRL is left out and counted; the rest serves on. */
#ifndef STATE_TRUST_CARD_TRUST_H
#define STATE_TRUST_CARD_TRUST_H

#include "state/trust/card_check.h"

enum { CARD_TRUST_FILE_MAX = 16 << 20 /* the CRL of a city of millions */ };

struct card_trust;

/* ERR_OK also when there is nothing yet: card_trust_empty() says so. `fetched` is the folder of fetched CRLs, or NULL. */
MUST_USE enum err card_trust_open(struct card_trust **out, struct world *w, const char *keys_folder,
                                  const char *fetched, struct diag *d);
void card_trust_close(struct card_trust *t);
/* Looks whether files have changed and reads all anew then. Cheap otherwise; when reading fails, what was there stays. */
void card_trust_refresh(struct card_trust *t);
/* Holds until the next refresh. */
struct card_anchors card_trust_anchors(const struct card_trust *t);
bool card_trust_empty(const struct card_trust *t);
size_t card_trust_left_out(const struct card_trust *t);

enum card_trust_kind { CARD_TRUST_AUTHORITY, CARD_TRUST_CRL };
/* Takes an authority's certificate, or a CRL signed by one that is believed already, into the folder; a newer CRL of the same distribution
 * point takes the place of the older. ERR_VALUE for anything else, ERR_CONFLICT for a CRL that is older than the one there. */
MUST_USE enum err card_trust_add(struct world *w, const char *keys_folder, const char *file, enum card_trust_kind *kind,
                                 struct diag *d);

/* Takes a CRL that was fetched (PEM or DER) into the folder of fetched ones. `point` is the directory name of the distribution point it was
 * fetched for (RFC 4514), "*" for one of the whole authority: another one's is ERR_CONFLICT, so that a mixed-up table is noticed. */
MUST_USE enum err card_trust_take_crl(struct card_trust *t, struct str bytes, struct str point, struct diag *d);

#endif
