/* reception: patients are asked about one after the other, the centre answers when it can, and each answer goes to the visit it was
 * asked for. What always holds:
 * - A visit is on the disk before it is asked about, and its answer before anyone sees it.
 * - A reply is bound by the visit's id, which the centre gives back in the message too; one that names another is no answer.
 * - A centre that does not answer is data (VISIT_SILENT): it is asked again by itself, with one visit after the other, then with all
 *   that wait as soon as one was answered. Nothing here ever says that somebody pays all: that is no state of a visit.
 * Runs on one loop's thread, but for the line's own (centre_line.h). */
#ifndef SERVICE_RECEPTION_RECEPTION_H
#define SERVICE_RECEPTION_RECEPTION_H

#include "service/reception/centre_line.h"
#include "service/reception/visits.h"

/* How questions and answers look: the edge's (edge/reception). */
struct reception_form {
    /* The centre's message for a visit. */
    enum err (*put_message)(struct buf *out, const struct visit *v, struct institution_code institution);
    /* A reply with status 200 as the page's JSON. ERR_CONFLICT when it answers something else than what `v` asked. */
    enum err (*read_answer)(struct str reply, const struct visit *v, struct buf *answer, struct diag *d);
    /* A reply that is no answer: what it says to a person, in the visit; nothing when it says nothing. */
    void (*read_refusal)(struct str reply, struct visit *v);
};

struct reception_settings {
    struct world *world;
    const char *folder; /* of the visits */
    struct institution_code institution;
    struct centre_asker asker;
    const struct reception_form *form;
    void (*wake)(void *context); /* any thread: reception_turn() is due */
    void *context;
};

struct reception {
    struct reception_settings settings;
    struct visits visits;
    struct centre_line *line;
    bool heard;              /* the centre answered at least once */
    bool silent;             /* it did not answer when asked last */
    enum err why;            /* it is silent */
    int64_t silent_since_us; /* UTC */
    int64_t again_us;        /* steady: when it is asked again */
    uint64_t tries;          /* questions given to the line */
    unsigned failures;       /* one after the other */
    enum err kept_badly;     /* the disk refused a change: said on the page until one is kept again */
};

enum { RECEPTION_AGAIN_MAX_S = 30 }; /* the longest pause between two attempts at a silent centre */

MUST_USE enum err reception_open(struct reception *r, const struct reception_settings *s, struct diag *d);
void reception_close(struct reception *r);

/* Takes a visit with its question filled in; it is the reception's when this returns ERR_OK, and asked about. */
MUST_USE enum err reception_ask(struct reception *r, struct visit *v, struct diag *d);
/* What the line brought, what is due. True when something changed (visits.version then grew). */
bool reception_turn(struct reception *r);

#endif
