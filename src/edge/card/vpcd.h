/* vpcd: the line between a virtual card and the virtual reader of the vsmartcard project (Debian: vsmartcard-vpcd), which pcscd loads
 * like any reader's driver. The card calls the reader (TCP, port 35963 for the first slot); each message is two bytes of length,
 * high byte first, then so many bytes: one byte is an order to the reader's power, anything longer a command to the card.
 * Source: virtualsmartcard/doc/api.txt of that project, and the running program. */
#ifndef EDGE_CARD_VPCD_H
#define EDGE_CARD_VPCD_H

#include "edge/card/virtual_card.h"

enum { VPCD_MESSAGE_MAX = 65535, VPCD_HEADER = 2 };

/* Cuts the first whole message off *bytes; false when more has to come first. */
MUST_USE bool vpcd_take(struct str *bytes, struct str *message);
/* Appends the reply with its length, or nothing where none is expected. True when it was a command to the card. */
bool vpcd_answer(struct virtual_card *c, struct str message, struct buf *out);

/* Connects to "HOST:PORT" or "[IPV6]:PORT". ERR_VALUE, or ERR_UNAVAILABLE when nobody listens there. */
MUST_USE enum err vpcd_connect(int *fd, struct str host_port, struct diag *d);
/* Serves until *stop (ERR_OK) or the reader goes away (ERR_UNAVAILABLE); every answer of the card takes delay_ms. */
MUST_USE enum err vpcd_serve(int fd, struct virtual_card *c, unsigned delay_ms, const volatile bool *stop,
                             struct diag *d);

#endif
