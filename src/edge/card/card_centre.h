/* card_centre: the centre over HTTPS as service/card_asking.h wants it (docs/format/card-question.md). The answer is the centre's reply as it
 * came: JSON with what came of the card and, with an answer, the field's own message in "message". */
#ifndef EDGE_CARD_CARD_CENTRE_H
#define EDGE_CARD_CARD_CENTRE_H

#include "service/card_asking.h"

/* Asks and waits, on the asking's thread: net/client.h, wired by a command. An error: there is no reply. */
struct card_post {
    enum err (*post)(void *context, const char *path, struct str json, int *status, struct str *reply, struct diag *d);
    void *context;
    bool limit_consent;
};
/* `p` lives as long as the asking. */
struct card_centre card_centre_of(struct card_post *p);

/* What a reply to a question says came of it; REFUSED when it is none we know. */
enum card_verdict card_centre_outcome(int status, struct str reply);

#endif
