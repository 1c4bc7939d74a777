/* card_challenge: what a card signs. Fresh, of one institution and one visit, good for two minutes and once. Kept in the desk's store, so that
 * a challenge that was used stays used, whatever ends the process. Only the desk's process calls this.
 *
 * Its bytes: "MADOCARD" ‖ institution u64 ‖ time of issue u64, microseconds (both big-endian) ‖ 16 bytes of SHA-256 of the visit ‖ 24 random
 * bytes. So a signature over it is good for nothing elsewhere. */
#ifndef SERVICE_CARD_CHALLENGE_H
#define SERVICE_CARD_CHALLENGE_H

#include "base/world.h"
#include "core/digits.h"
#include "state/store/store.h"

enum {
    CARD_CHALLENGE_BYTES = 64,
    CARD_CHALLENGE_LIFE_S = 120,    /* a PIN typed slowly, and typed again */
    CARD_CHALLENGE_SLACK_S = 5,     /* a clock set back a little */
    CARD_CHALLENGES_OPEN_MAX = 256, /* of one institution: more than any has counters */
    CARD_VISIT_MAX = 64,            /* bytes of the window's own name for the visit */
};

enum card_challenge_state {
    CHALLENGE_FRESH,
    CHALLENGE_STRANGE, /* never issued to this institution for this visit, or forgotten long since */
    CHALLENGE_USED,
    CHALLENGE_LATE,
};

/* Durable when it returns. ERR_BUSY when too many of the institution are open; ERR_LIMIT for a visit's name that is empty or too long. */
MUST_USE enum err card_challenge_issue(struct store *desk, struct world *w, struct institution_code institution,
                                       struct str visit, uint8_t out[CARD_CHALLENGE_BYTES], struct diag *d);
/* Uses it up, durably, before the answer is known; every try of its own institution does, also one with another visit's name. */
MUST_USE enum err card_challenge_use(struct store *desk, int64_t now_us, struct institution_code institution,
                                     struct str visit, struct str challenge, enum card_challenge_state *out,
                                     struct diag *d);
/* Forgets those that are late, a bounded number each time. */
MUST_USE enum err card_challenge_sweep(struct store *desk, int64_t now_us, struct diag *d);

#endif
