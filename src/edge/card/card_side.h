/* card_side: a reader as service/card_asking.h wants it. Each status word of the card and each error of the reader becomes a row of
 * core/card_verdict.def. */
#ifndef EDGE_CARD_CARD_SIDE_H
#define EDGE_CARD_CARD_SIDE_H

#include "edge/card/card.h"
#include "service/card_asking.h"

/* The caller's; lives as long as the asking. */
struct card_on_reader {
    /* Takes the card: as reader_pcsc_open(). */
    enum err (*open)(void *context, struct reader *out, struct diag *d);
    void *context;
    struct str name; /* of the PC/SC reader; "": the first that has a card */
    struct reader reader;
};
/* On a PC/SC reader of that name, which is borrowed. */
struct card_side card_side_pcsc(struct card_on_reader *r, struct str name);
/* On whatever r->open takes. */
struct card_side card_side_of(struct card_on_reader *r);

/* What a session that ended at `step` with that result comes to; NONE: go on. */
enum card_verdict card_side_verdict(enum card_step step, const struct card_result *result);

#endif
