/* reception: patients are asked about one after the other, the centre answers when it can, and each answer goes to the visit it was
 * asked for. What always holds:
 * - A visit is on the disk before it is asked about, and its answer before anyone sees it.
 * - A reply is bound by the visit's id, which the centre gives back in the message too; one that names another is no answer.
 * - A centre that does not answer is data (VISIT_SILENT): it is asked again by itself, with one visit after the other, then with all
 *   that wait as soon as one was answered. Nothing here ever says that somebody pays all: that is no state of a visit.
 * - What is remembered (rules/recall: confirmations alone) is shown while nobody answers, with its age; a centre that refuses the window is
 *   not silent, and nothing is shown from memory then.
 * - A paper (PROOF_PAPER) brings its own answer: `answer` and told_us are set before the visit is taken, it is shown at once and until the
 *   centre has answered, whatever the centre's line is like.
 * - How a person was proven, and each visit taken off the list or put back, is in the window's own log before it is done.
 * Runs on one loop's thread, but for the line's own (centre_line.h). */
#ifndef SERVICE_RECEPTION_RECEPTION_H
#define SERVICE_RECEPTION_RECEPTION_H

#include "service/reception/centre_line.h"
#include "service/reception/record.h"
#include "service/reception/visits.h"

/* How questions and answers look: the edge's (edge/reception). */
struct reception_form {
    /* The centre's message for a visit. */
    enum err (*put_message)(struct buf *out, const struct visit *v, struct institution_code institution);
    /* A reply with status 200 as the page's JSON. ERR_CONFLICT when it answers something else than what `v` asked. */
    enum err (*read_answer)(struct str reply, const struct visit *v, struct buf *answer, struct diag *d);
    /* A reply that is no answer: what it says to a person, in the visit; nothing when it says nothing. */
    void (*read_refusal)(struct str reply, struct visit *v);
    /* The centre's reply to a question by card: whom it is about and how it was proven into the visit, the answer as above. */
    enum err (*read_card)(struct str reply, struct visit *v, struct buf *answer, struct diag *d);
    /* Whether two answers say the same of validity and share. */
    bool (*same)(struct str one, struct str other);
};

/* What the window was told before: the edge's (edge/receipt/known.h). Without one (NULL functions) nothing is remembered. On the loop's
 * thread. */
struct reception_memory {
    /* Keeps what is an answer in a reply of the centre's. Its failing is the memory's to tell of: nobody waits for it. */
    void (*keep)(void *context, struct str reply);
    /* The reply to a message from memory and when it was told. ERR_NOT_FOUND: nothing is known that may be said. */
    enum err (*recall)(void *context, struct str message, struct buf *reply, int64_t *told_us, struct diag *d);
    /* What is over goes. Once a day. */
    void (*sweep)(void *context);
    void *context;
};

struct reception_settings {
    struct world *world;
    const char *folder; /* of the visits */
    const char *log;    /* folder of the window's own log (state/ledger) */
    struct reception_memory memory;
    struct institution_code institution;
    struct centre_asker asker;
    const struct reception_form *form;
    void (*wake)(void *context); /* any thread: reception_turn() is due */
    void *context;
};

struct reception {
    struct reception_settings settings;
    struct visits visits;
    struct record record;
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

enum {
    RECEPTION_AGAIN_MAX_S = 30, /* the longest pause between two attempts at a silent centre */
    RECEPTION_UNDO_S = 20       /* a removed visit can be put back: long enough to be read out by a screen reader */
};

MUST_USE enum err reception_open(struct reception *r, const struct reception_settings *s, struct diag *d);
void reception_close(struct reception *r);

/* Takes a visit with its question filled in; it is the reception's when this returns ERR_OK, and asked about. */
MUST_USE enum err reception_ask(struct reception *r, struct visit *v, struct diag *d);
/* Takes a visit of the patients' page that waits for the staff (VISIT_DESK). */
MUST_USE enum err reception_receive(struct reception *r, struct visit *v, struct diag *d);
/* What the centre answered to a card becomes a visit of that id that is answered; *number is its. */
MUST_USE enum err reception_receive_card(struct reception *r, const char *id, struct str reply, unsigned *number,
                                         struct diag *d);
/* The staff typed the numbers of a visit that waited for them: it is asked about as `typed`, in its old place. Checked by
 * the staff's eyes it says so, otherwise how it came. ERR_NOT_FOUND: nothing of that id waits. `typed` stays the caller's. */
MUST_USE enum err reception_complete(struct reception *r, struct str id, const struct visit *typed, struct visit **out,
                                     struct diag *d);
/* Takes a visit off the list, whatever its state; it is erased RECEPTION_UNDO_S later unless it is put back. ERR_NOT_FOUND: it is not on
 * the list, or not to be put back any more. */
MUST_USE enum err reception_remove(struct reception *r, struct str id, struct visit **out, struct diag *d);
MUST_USE enum err reception_restore(struct reception *r, struct str id, struct visit **out, struct diag *d);
/* What the line brought, what is due. True when something changed (visits.version then grew). */
bool reception_turn(struct reception *r);

#endif
