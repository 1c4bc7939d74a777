/* card_person: from a certificate and a signature over a challenge to the member they stand for. The certificate's serial number becomes the
 * vault's pseudonym at once and is wiped; what is looked up, kept and answered knows the pseudonym alone. Used by the desk's process, and by
 * `mado check --card` and `mado cards` at the centre itself. */
#ifndef SERVICE_CARD_PERSON_H
#define SERVICE_CARD_PERSON_H

#include "rules/card/card.h"
#include "service/card_watch.h"
#include "service/verify.h"
#include "state/store/rows.h"
#include "state/trust/card_trust.h"
#include "state/vault/vault.h"

/* What knows cards; one a process. */
struct card_room {
    struct world *world;
    struct card_trust *trust;
    struct card_watch *watch; /* NULL: nothing is fetched */
    struct store *cards;      /* NULL: no card has ever been registered */
    struct vault_client vault;
    char store[4096];
};
struct card_room_settings {
    const char *store, *keys; /* folders */
    const char *program;      /* this one, to start the vault's process */
    bool write;               /* `mado cards`: opens cards/ to write, and makes it */
    bool watch;               /* the desk: fetches CRLs and asks responders, as DIR/cards/sources says */
};
/* ERR_NOT_SUPPORTED when no authority is believed (mado keys trust). */
MUST_USE enum err card_room_open(struct card_room *out, struct world *w, const struct card_room_settings *s,
                                 struct diag *d);
void card_room_close(struct card_room *r);
/* About once a second: authorities and CRLs that changed; what is due to be fetched. */
void card_room_tick(struct card_room *r);
/* Before each question of a long-lived process: cards/ may have been made since. */
void card_room_find_cards(struct card_room *r);

struct card_person {
    struct card_decision decision;
    enum revocation_state revocation;
    uint8_t certificate[CARD_NAME_BYTES]; /* its pseudonym; zeros when its issuer is not known */
    struct day until;                     /* last day of the certificate; DAY_NONE without one */
    const struct member *member; /* in the arena; NULL: nobody. Also without an answer: the log says who it was about */
    struct str member_key;
};

/* Whom the certificate stands for on the day `on` (DAY_NONE: today). `ways` may be NULL: then only what stands in cards/ ends a card's use. An answer whatever came; errors are the machine's own.
 * ERR_UNAVAILABLE: the vault is gone. */
MUST_USE enum err card_person_find(struct card_room *r, struct store *coverage, struct store *ways, struct arena *arena,
                                   const struct card_claim *claim, struct day on, struct card_person *out,
                                   struct diag *d);

/* A certificate that a window shows before the PIN: whether it is revoked is asked about meanwhile. Never waits. */
void card_person_expect(struct card_room *r, struct str certificate);

/* The certificate alone, for registering it: out->certificate, until, revocation; *fault says what is wrong with it. */
MUST_USE enum err card_person_name(struct card_room *r, struct str certificate, struct card_person *out,
                                   enum card_fault *fault, struct diag *d);

#endif
