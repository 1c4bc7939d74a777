/* card: questions by card over HTTPS, as JSON (docs/format/card-question.md). A worker's half: who asks and what the message says; the desk's
 * process knows challenges and cards (service/card_desk.h). The answer is the field's own message, the same as to a question by number; around
 * it stands what came of the card. */
#ifndef EDGE_RECEIPT_CARD_H
#define EDGE_RECEIPT_CARD_H

#include "service/card_desk.h"
#include "service/door.h"

/* POST /card/challenge, POST /card/question */
enum http_step receipt_card_challenge(struct door *d, struct http_exchange *x);
enum http_step receipt_card_question(struct door *d, struct http_exchange *x);

/* ---- shared with tests and fuzzing ---- */

struct card_message {
    struct card_question question; /* of a challenge: the visit alone */
    bool limit_consent;
};
/* Strictly; everything in the arena. ERR_SYNTAX, ERR_MISSING, ERR_UNKNOWN, ERR_VALUE, ERR_LIMIT, ERR_DATE. */
MUST_USE enum err card_message_read(struct arena *arena, struct str json, bool is_question, struct card_message *out,
                                    struct diag *d);
/* Everything but the answer: {"outcome":…,"next":…, and without an answer "other_ways". Not closed: a member may follow. */
void card_outcome_put(struct buf *out, const struct card_found *f);

#endif
