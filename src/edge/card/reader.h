/* reader: what a card lies on, whatever it is. Backends: PC/SC (reader_pcsc.h), a transcript (reader_replay.h), in tests the virtual card
 * itself. While a reader is open nobody else can speak to its card, and leaving it resets the card, so that no verified PIN is left for
 * the next program. */
#ifndef EDGE_CARD_READER_H
#define EDGE_CARD_READER_H

#include "base/buf.h"
#include "base/err.h"

struct reader_kind {
    /* Sends one command and appends the raw answer. ERR_UNAVAILABLE when card or reader are gone. */
    enum err (*send)(void *line, struct str command, struct buf *answer, struct diag *d);
    void (*leave)(void *line);
};
struct reader {
    const struct reader_kind *kind;
    void *line;
};

MUST_USE static inline enum err reader_send(struct reader *r, struct str command, struct buf *answer, struct diag *d) {
    return r->kind->send(r->line, command, answer, d);
}
/* Resets the card and lets go of it. */
static inline void reader_leave(struct reader *r) {
    if (r->kind) r->kind->leave(r->line);
    *r = (struct reader){0};
}

#endif
