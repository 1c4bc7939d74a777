/* door: what the handlers of every entrance share in one worker process: who asks, a question whose answer is written once
 * the log has taken it, and refusing so that the log knows of it. How a message looks is the edge's. */
#ifndef SERVICE_DOOR_H
#define SERVICE_DOOR_H

#include "net/http.h"
#include "service/desk_line.h"
#include "service/figures.h"
#include "service/verify_desk.h"
#include "state/trust/standing.h"

#include <pthread.h>

struct paper_lists;
struct door {
    struct world *world;
    struct http_loop *loop;
    struct verify_desk desk;
    struct standing *standing;
    struct desk_line *line; /* to the process that writes what institutions register and submit */
    struct figures figures;
    struct paper_lists *papers; /* what windows check papers with */
    int64_t clock_us;           /* steady, as read last */
    unsigned clock_good;        /* for so many more requests of this turn */
    pthread_t warmer;           /* reads the store's pages in while the first questions are answered already */
    bool warming;
    atomic_bool closing;
    char store[4096];
};

/* `store` is the folder of --store; `worker` names the log ("door-0"). */
MUST_USE enum err door_open(struct door *d, struct world *w, struct http_loop *loop, struct str store, unsigned worker,
                            struct diag *diag);
void door_close(struct door *d);
/* The two of http_app of the same name. */
void door_turn(struct door *d);
void door_woken(struct door *d);

/* The institution the certificate names. ERR_UNAUTHENTICATED without one, ERR_FORBIDDEN when it was revoked; both are counted
 * here, since such a refusal goes no further. */
MUST_USE enum err door_asker(struct door *d, const struct http_exchange *x, enum audit_door entrance, struct asker *out,
                             struct diag *diag);

/* One exchange that will be answered later. In the exchange's arena. */
struct door_call {
    struct verify_call verify; /* question, asker and kind are the caller's to fill */
    struct door *door;
    struct http_exchange *x;
    /* Writes x->reply: the answer when verify.err is ERR_OK, the refusal in verify.diag otherwise. An answer is written before the
     * log has it and sent after; should the log fail, the refusal takes its place. */
    void (*write)(struct door_call *c);
    void *context;
    int64_t began_us; /* steady: when the request was whole */
    bool inside, finished, asked, written;
};

/* NULL without memory. */
struct door_call *door_call_new(struct door *d, struct http_exchange *x, void (*write)(struct door_call *),
                                void *context);
/* Both return what the handler returns. What is asked, answered and refused through them is counted (figures.h). */
enum http_step door_ask(struct door_call *c);
/* For an attempt whose institution is known (verify.asker): recorded, then written. verify.diag says why. */
enum http_step door_refuse(struct door_call *c);
/* For work of another kind that completes on the loop's thread: write, then the reply is out. */
void door_finish(struct door_call *c);

#endif
