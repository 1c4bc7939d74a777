/* inside: what the parts of a running ledger share. Three threads: the caller's, the commit thread, the helper that prepares
 * the next segment. Fields say whose they are; `lock` guards the shared ones. */
#ifndef STATE_LEDGER_INSIDE_H
#define STATE_LEDGER_INSIDE_H

#include "state/ledger/segment.h"

#include <pthread.h>

struct ticket_list {
    struct ledger_ticket *first, *last;
};
void ticket_push(struct ticket_list *l, struct ledger_ticket *t);
struct ledger_ticket *ticket_pop(struct ticket_list *l);

/* Records as they will stand in commits, with room for a commit's header before them, and their tickets in the same order. */
struct batch {
    struct buf bytes;
    struct ticket_list tickets;
    size_t count;
};
void batch_reset(struct batch *b);

enum spare_state { SPARE_NONE, SPARE_WANTED, SPARE_READY, SPARE_FAILED };

struct ledger {
    struct world *w;
    char folder[SEGMENT_PATH_MAX], writer[LEDGER_WRITER_MAX + 1];
    uint64_t segment_bytes;
    void (*wake)(void *ctx);
    void *wake_context;
    int lock_fd;

    /* the commit thread's (the opening thread's before it starts) */
    struct hash hash;
    struct segment_header segment; /* being written */
    int fd;
    struct place at;
    struct batch committing;

    pthread_mutex_t lock;
    pthread_cond_t work;     /* for the commit thread: something was flushed, or stopping */
    pthread_cond_t progress; /* for the caller: tickets were completed */
    pthread_cond_t prepare;  /* for the helper: a spare is wanted, or stopping; and back: its state changed */
    struct batch gathering;
    struct ticket_list completed;
    size_t owed; /* appended, not yet collected */
    bool flushed, stopping;
    enum err broken; /* ERR_OK while it is not */
    enum spare_state spare;
    int spare_fd;       /* of a READY one */
    enum err spare_err; /* of a FAILED one */
    struct ledger_figures figures;

    pthread_t commit_thread, helper_thread;
};

/* ---- spare.c: the next segment, zeroed ahead ---- */

/* Makes FOLDER/WRITER/next.zero: segment_bytes of zeros, synced. Nothing is left of a failed attempt. */
MUST_USE enum err spare_make(struct ledger *l, int *fd, struct diag *d);
/* One that an earlier run left, or ERR_NOT_FOUND. */
MUST_USE enum err spare_find(struct ledger *l, int *fd, struct diag *d);
/* Gives a zeroed file its header (the chain goes on from l->at) and its name, and makes it the segment being written. Takes fd. */
MUST_USE enum err spare_adopt(struct ledger *l, int fd, struct diag *d);
void *spare_main(void *ledger);

/* ---- recover.c ---- */

/* Finds the writer's last segment and the end of its last whole commit, cuts off what a crash tore, and leaves the ledger ready
 * for the next commit; a new writer gets its first segment. */
MUST_USE enum err ledger_recover(struct ledger *l, struct diag *d);

/* ---- commit.c ---- */

void *commit_main(void *ledger);
/* Bytes of one commit from `begin` on, where header room precedes the records; they get header and trailer and are durable
 * after ERR_OK. */

#endif
