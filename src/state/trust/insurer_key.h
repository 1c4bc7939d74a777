/* insurer_key: the key with which an insurer signs what it prints, and the public half for whoever checks a paper.
 *
 *   DIR/insurers/NUMBER/key.pem       P-256, mode 0600; NUMBER is 8 or 6 digits
 *   DIR/insurers/NUMBER/jwks.json     public: a JSON Web Key Set (RFC 7517) with that one key, as SMART Health Cards want it
 *                                     (spec.smarthealth.cards, "Determining keys associated with an issuer")
 *
 * The key's name (kid) is its thumbprint: SHA-256 of the RFC 7638 form, base64url. */
#ifndef STATE_TRUST_INSURER_KEY_H
#define STATE_TRUST_INSURER_KEY_H

#include "base/world.h"
#include "core/digits.h"
#include "state/trust/es256.h"

#include <limits.h>

enum { KEY_KID_BYTES = 43 };

struct insurer_key;

/* Makes the key, or leaves the one that is there, and writes jwks.json unless that key stands in it. *made says which. */
MUST_USE enum err insurer_key_make(struct world *w, const char *folder, struct insurer_number insurer, bool *made,
                                   struct diag *d);
/* ERR_NOT_FOUND when the insurer has no key here; the diag says how to make one. */
MUST_USE enum err insurer_key_open(struct insurer_key **out, struct world *w, const char *folder,
                                   struct insurer_number insurer, struct diag *d);
void insurer_key_close(struct insurer_key *k);
/* Writes jwks.json anew; crl_version: the ctr of the standard's list of void papers ("crlVersion", by which other verifiers learn that there is
 * one), 0: there is none. */
MUST_USE enum err insurer_key_publish(const struct insurer_key *k, struct world *w, const char *folder,
                                      struct insurer_number insurer, uint64_t crl_version, struct diag *d);
/* KEY_KID_BYTES characters. */
struct str insurer_key_kid(const struct insurer_key *k);
/* ES256 (RFC 7518 3.4): r ‖ s of ECDSA on P-256 over SHA-256 of the bytes. */
MUST_USE enum err insurer_key_sign(struct insurer_key *k, struct str bytes, uint8_t signature[ES256_BYTES],
                                   struct diag *d);

/* The thumbprint of the key with these coordinates: its kid, with a zero at the end. */
void insurer_key_name(const uint8_t x[32], const uint8_t y[32], char kid[KEY_KID_BYTES + 1]);
/* "FOLDER/insurers/NUMBER" and what follows it ("/jwks.json"). ERR_LIMIT. */
MUST_USE enum err insurer_file(char path[PATH_MAX], const char *folder, struct insurer_number insurer, const char *name,
                               struct diag *d);

#endif
