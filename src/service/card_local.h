/* card_local: the store itself as the centre of a card_asking, for `mado check --card` where no server runs, or beside one. The challenge is
 * made here and never leaves the process, so it needs no table to serve once. The answer and its record are those of a question by number. */
#ifndef SERVICE_CARD_LOCAL_H
#define SERVICE_CARD_LOCAL_H

#include "service/card_asking.h"
#include "service/verify_desk.h"

struct card_local {
    /* in */
    struct card_room *room;
    struct verify_desk *desk;
    struct asker asker;
    struct arena *arena;
    bool limit_consent;
    struct day on;
    /* out */
    struct verify_call call; /* call.answer holds when the verdict is one with an answer */
    struct card_person person;
    enum err err; /* of the machine's own; the verdict is REFUSED then */
    struct diag diag;
    uint8_t challenge[CARD_CHALLENGE_BYTES];
    bool fresh;
};
/* `l` lives as long as the asking; its answer buffer stays empty. */
struct card_centre card_local_centre(struct card_local *l);

#endif
