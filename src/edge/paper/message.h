/* message: what a paper says, in the field's own message, as if the centre had answered on that day (docs/format/oqs-messages.md): so one
 * reader and one way of showing serve both, and a paper gets the same answer as every other way. It has only what a paper has: no limit
 * certificate, no address. */
#ifndef EDGE_PAPER_MESSAGE_H
#define EDGE_PAPER_MESSAGE_H

#include "edge/paper/check.h"

/* Of a paper that is valid on c->on. Without an ArbitraryIdentifier: it answers no question yet. */
void paper_message_put(struct buf *out, const struct paper_check *c);

#endif
