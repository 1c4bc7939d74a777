/* reviewer: who may decide about links. A name and a passphrase; of the passphrase only its Argon2id hash is kept.
 *
 *   DIR/reviewers/NAME     libsodium's crypto_pwhash_str, mode 0600; NAME is 1 to 32 of a-z 0-9 . -
 *
 * The passphrase is made here and shown once: 25 letters and figures of Crockford's base 32, 125 random bits. Nobody chooses one, so
 * none is weak or used elsewhere. Taking the file away ends the reviewer's power at the next sign-in. */
#ifndef STATE_TRUST_REVIEWER_H
#define STATE_TRUST_REVIEWER_H

#include "base/world.h"
#include "core/review_event.h"

enum {
    PASSPHRASE_GROUPS = 5,
    PASSPHRASE_GROUP = 5,
    PASSPHRASE_CHARACTERS = PASSPHRASE_GROUPS * (PASSPHRASE_GROUP + 1) - 1
};

bool reviewer_name_valid(struct str name);
/* Makes the reviewer, unless one of that name is there: *made says which, and `passphrase` ("k7m2q-…") is filled when it was made. ERR_VALUE for a
 * name that is none; ERR_MEMORY where the 64 MiB of a hash are not to be had. */
MUST_USE enum err reviewer_make(struct world *w, const char *folder, struct str name,
                                char passphrase[PASSPHRASE_CHARACTERS + 1], bool *made, struct diag *d);
/* ERR_UNAUTHENTICATED, without saying which of the two was wrong and in the same time (a tenth of a second, 64 MiB). Upper case and
 * missing dashes are forgiven. */
MUST_USE enum err reviewer_check(struct world *w, const char *folder, struct str name, struct str passphrase);

#endif
