/* centre_line: asks the centre in threads of their own, so that the pages' loop never waits. Each lane asks one question after the other
 * over a connection of its own: a question that hangs holds up its lane, and the next one takes another. And wakes the loop now and then, so that what has to happen without anyone asking (asking again, the end of the day) happens. */
#ifndef SERVICE_RECEPTION_CENTRE_LINE_H
#define SERVICE_RECEPTION_CENTRE_LINE_H

#include "base/buf.h"
#include "base/err.h"
#include "service/reception/visit.h"

enum {
    CENTRE_QUEUE_MAX = 64, /* beyond it a visit waits its turn in the list */
    /* One hangs, one answers, and two to spare; a lane that is never needed opens no connection. */
    CENTRE_LANES = 4,
    CENTRE_TICK_MS = 250,
    CENTRE_REPLY_MAX = 256 << 10 /* an answer is about 1 KB; with every certificate there may be, 30 KB */
};

/* Asks and waits. The reply holds until the next call on that lane (0 … CENTRE_LANES - 1). An error: there is no reply (net/client.h). On
 * the lane's thread. */
struct centre_asker {
    enum err (*ask)(void *context, unsigned lane, struct str message, int *status, struct str *reply, struct diag *d);
    void *context;
};

struct centre_reply {
    struct centre_reply *next;
    char id[VISIT_ID + 1]; /* the visit's */
    enum err err;          /* ERR_OK: status and body hold */
    int status;
    struct buf body;
    struct buf message; /* the question; the line's */
};

struct centre_line;

/* `wake` is called on a thread of the line's, after each reply and every CENTRE_TICK_MS. */
MUST_USE enum err centre_line_open(struct centre_line **out, const struct centre_asker *asker,
                                   void (*wake)(void *context), void *context, struct diag *d);
/* Waits for the questions in hand; the others are dropped. */
void centre_line_close(struct centre_line *l);
/* Copies both. ERR_BUSY when too many wait, ERR_MEMORY. */
MUST_USE enum err centre_line_ask(struct centre_line *l, const char *id, struct str message);
/* The oldest reply, or NULL; given back with centre_reply_free(). */
struct centre_reply *centre_line_take(struct centre_line *l);
void centre_reply_free(struct centre_reply *r);

#endif
