/* statements: the window's journal of provisional statements (資格申立書). A statement is on the disk, sealed, before anybody is told what to pay; it is
 * delivered to the centre when that answers, once: its number is made of the message and the file's name, and the centre knows it by that
 * number, so that neither a window that is killed nor a line that breaks doubles it. It stays here until the centre has found the person,
 * asked for again now and then, STATEMENT_KEEP_DAYS at most after it was delivered; undelivered it never ends. */
#ifndef EDGE_RECEIPT_STATEMENTS_H
#define EDGE_RECEIPT_STATEMENTS_H

#include "edge/receipt/known.h"
#include "edge/receipt/statement.h"

enum {
    STATEMENT_KEEP_DAYS = 5 * 366, /* a claim can be made for five years (民法166条) */
    STATEMENT_AGAIN_S = 60 * 60,   /* between two looks whether the centre has found the person */
};

struct statements {
    struct sealed *kept;
    uint8_t number_key[32];
    struct institution_code institution;
};

struct statements_settings {
    struct world *world;
    const char *folder;
    struct str secret; /* as known_settings */
    struct institution_code institution;
};
MUST_USE enum err statements_open(struct statements *s, const struct statements_settings *settings, struct diag *d);
void statements_close(struct statements *s);

/* Takes one in: durable when it returns. *out is the answer for the receipt computer, in the arena. `file_name` is the response's. `known` (may be
 * NULL) may tell a share. The same message in the same file is the same statement. ERR_INSTITUTION: another window's. */
MUST_USE enum err statements_take(struct statements *s, struct known *known, struct arena *a, struct tree *request,
                                  const char *file_name, int64_t now_us, struct tree **out, struct diag *d);

/* One after the other: `name` "" begins a round. `message` is what the centre is sent. ERR_NOT_FOUND ends the round. Those that were delivered
 * less than STATEMENT_AGAIN_S ago are passed over. */
MUST_USE enum err statements_next(struct statements *s, char name[SEALED_NAME + 1], int64_t now_us, struct buf *message,
                                  struct diag *d);
/* The centre has it and has not found the person yet; or its answer is delivered here. */
MUST_USE enum err statements_delivered(struct statements *s, struct str message, int64_t now_us, struct diag *d);
MUST_USE enum err statements_settled(struct statements *s, struct str message, struct diag *d);

#endif
