/* side_work: one thread beside the loop for what would hold the loop up: a passphrase to hash, a log to read. Jobs are done one after another. */
#ifndef SERVICE_REVIEW_SIDE_WORK_H
#define SERVICE_REVIEW_SIDE_WORK_H

#include "base/err.h"

/* The caller's; stays where it is until `done`. */
struct side_job {
    struct side_job *next;                 /* side_work's */
    void (*work)(struct side_job *job);    /* on the thread beside */
    void (*done)(struct side_job *job);    /* on the loop's thread, from side_work_collect() */
    void (*dropped)(struct side_job *job); /* instead of done when the program ends; may be NULL */
    void *context;
};

struct side_work;
/* `wake`: from the thread, have side_work_collect() called. */
MUST_USE enum err side_work_open(struct side_work **out, void (*wake)(void *context), void *context, struct diag *d);
/* Waits for the job in hand; the others are dropped. */
void side_work_close(struct side_work *s);
void side_work_put(struct side_work *s, struct side_job *job);
/* Calls `done` of what has been worked; returns how many. */
size_t side_work_collect(struct side_work *s);
/* Whether nothing is left that was put and not collected. */
bool side_work_idle(struct side_work *s);

#endif
