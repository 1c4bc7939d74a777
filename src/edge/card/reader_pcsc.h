/* reader_pcsc: readers of this machine, through PC/SC (libpcsclite asks pcscd). The card is taken exclusively and within a transaction:
 * a second program cannot use a PIN that was verified for us. */
#ifndef EDGE_CARD_READER_PCSC_H
#define EDGE_CARD_READER_PCSC_H

#include "edge/card/reader.h"

enum { READER_NAMES_MAX = 4096 };

/* Takes the card on the reader of that name, or on the first that has one when name is empty. ERR_NOT_FOUND: no such reader, or no card
 * on it; ERR_LOCKED: another program has the card; ERR_UNAVAILABLE: no pcscd, or the card does not answer. */
MUST_USE enum err reader_pcsc_open(struct reader *out, struct str name, struct diag *d);
/* Appends the readers' names, a line each; nothing when there are none. */
MUST_USE enum err reader_pcsc_list(struct buf *out, struct diag *d);

#endif
