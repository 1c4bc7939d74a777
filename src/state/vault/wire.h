/* Inside the vault's room: whole messages over a socket. */
#ifndef STATE_VAULT_WIRE_H
#define STATE_VAULT_WIRE_H

#include "base/buf.h"
#include "base/err.h"

enum vault_request {
    VAULT_INTRODUCE = 1,
    VAULT_SEAL = 2,
    VAULT_KEEP = 3,
    VAULT_DROP = 4,
    VAULT_CARDS = 5,
    VAULT_TOKENS = 6
};

MUST_USE enum err wire_send(int fd, struct str body, struct diag *d);
/* ERR_NOT_FOUND when the other side closed between messages. The buffer is wiped before it is reused. */
MUST_USE enum err wire_receive(int fd, struct buf *body, struct diag *d);

#endif
