/* desk_line: how a worker of the door speaks to the desk's process, the one that writes: over a Unix socket in the store's run
 * folder. A worker never waits for it: a thread of its own does, and hands the reply back to the loop.
 *
 * On the line, both ways u32 length (little-endian), then: request u8 kind, u64 institution, the message's bytes;
 * reply u16 HTTP status, the reply's bytes. */
#ifndef SERVICE_DESK_LINE_H
#define SERVICE_DESK_LINE_H

#include "base/buf.h"
#include "base/err.h"
#include "core/digits.h"

enum {
    DESK_MESSAGE_MAX = 64 << 20, /* a bulk result of 10,000 people is about 15 MB */
    DESK_QUEUE_MAX = 64,         /* of one worker; beyond it: later, please */
    DESK_CLIENTS_MAX = 128,      /* workers of two generations while a reload runs */
    DESK_WAIT_S = 60,            /* for a reply */
    DESK_START_MS = 2000,        /* for the desk to come to its socket when both are just starting */
};

/* ---- a worker's end ---- */

struct desk_line;

struct desk_message {
    struct desk_message *next; /* the line's */
    unsigned kind;
    struct institution_code institution;
    struct str body;                      /* borrowed until done */
    void (*done)(struct desk_message *m); /* from desk_line_collect() */
    void *context;
    /* In done: */
    enum err err; /* ERR_UNAVAILABLE: no desk; ERR_TIMEOUT */
    unsigned status;
    struct buf reply; /* the message's: whoever gave it in takes or frees it */
};

/* Connects at the first message and again after a break. `wake` is called on the line's thread. */
MUST_USE enum err desk_line_open(struct desk_line **out, const char *socket_path, void (*wake)(void *context),
                                 void *context, struct diag *d);
/* Messages not answered are done with ERR_UNAVAILABLE. */
void desk_line_close(struct desk_line *l);
/* ERR_BUSY when too many wait; then done is not called. */
MUST_USE enum err desk_line_send(struct desk_line *l, struct desk_message *m);
void desk_line_collect(struct desk_line *l);

/* A socket's address has room for 108 bytes and a store's path may be longer: the folder is opened (the descriptor is the
 * caller's to close, while the address is in use) and the address goes through it. */
struct sockaddr_un;
MUST_USE enum err desk_address(const char *socket_path, struct sockaddr_un *out, int *folder, struct diag *d);

/* ---- the desk's end ---- */

struct desk_handler {
    void *context;
    /* Fills the reply and returns the HTTP status. */
    unsigned (*answer)(void *context, unsigned kind, struct institution_code institution, struct str body,
                       struct buf *reply);
    /* A slice of work that waits; true when there is more. */
    bool (*work)(void *context);
    /* About once a second. */
    void (*tick)(void *context);
};

/* Listens (replacing a socket file left by a dead process) and serves until *stop. */
MUST_USE enum err desk_line_serve(const char *socket_path, const struct desk_handler *h, const volatile bool *stop,
                                  struct diag *d);

#endif
