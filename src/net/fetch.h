/* fetch: gets things from elsewhere on a thread of its own, many at once, each with a time limit: whoever hangs holds up nobody, neither the
 * caller nor the others. libcurl's multi interface. Knows nothing of what is fetched. */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include "base/buf.h"
#include "base/err.h"

enum {
    FETCH_URL_MAX = 1024,
    FETCH_QUEUE_MAX = 256,  /* jobs not taken back yet; beyond it ERR_BUSY */
    FETCH_AT_ONCE_MAX = 32, /* lines in use; the others wait for one */
    FETCH_CONNECT_MS = 2000,
    FETCH_WHOLE_MS = 5000,
};

struct fetch;

/* The caller's memory; lent to the fetch from fetch_start() until fetch_take() gives it back, or fetch_close(). */
struct fetch_job {
    /* in */
    char url[FETCH_URL_MAX]; /* http, https; file only with `local` */
    bool local;
    const char *content_type; /* of a POST; NULL: GET */
    struct buf body;          /* of a POST; the caller's */
    unsigned whole_ms;        /* 0: FETCH_WHOLE_MS */
    /* out */
    enum err err; /* ERR_UNAVAILABLE, ERR_TIMEOUT, ERR_LIMIT (larger than reply's limit), ERR_VALUE (no such address) */
    int status;   /* of HTTP; 200 for a file */
    struct buf reply; /* made by the caller with its limit; the caller's */
    /* the fetch's */
    struct fetch_job *next;
    void *easy, *headers;
};

MUST_USE enum err fetch_open(struct fetch **out, struct diag *d);
/* Gives up what is under way; jobs not taken are the caller's again. */
void fetch_close(struct fetch *f);
/* Never waits. */
MUST_USE enum err fetch_start(struct fetch *f, struct fetch_job *job);
/* One that is done, or NULL. Never waits. */
struct fetch_job *fetch_take(struct fetch *f);

#endif
