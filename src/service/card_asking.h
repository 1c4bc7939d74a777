/* card_asking: the window's side of a question by card: reader, PIN, challenge, signature, answer. It runs on a thread of its own; a page or
 * a terminal looks how far it is, hands the PIN over, and takes what came of it. For the kiosk and for `mado check --card` alike.
 *
 *     struct card_asking *a;
 *     card_asking_start(&a, &settings, &d);
 *     … card_asking_look(a)         how far it is: show row `progress`; at CARD_PROGRESS_PIN ask for it, saying tries_left and, when the
 *                                   last one was wrong, row `verdict`
 *     … card_asking_pin(a, pin)     or card_asking_cancel(a)
 *     … until look says CARD_PROGRESS_DONE: row `verdict` says what came of it; card_asking_answer() is what the centre sent
 *     card_asking_free(a);
 *
 * The order keeps a person from losing tries: tries left are asked for first; the challenge is fetched before the PIN is asked for, so a
 * silent centre costs none; a locked card is sent nothing. The PIN is wiped as soon as the card has it, and is in no file, log or error. The
 * card is reset and let go whatever happens. A wrong PIN asks again; nothing here says that somebody is not covered. */
#ifndef SERVICE_CARD_ASKING_H
#define SERVICE_CARD_ASKING_H

#include "service/card_desk.h"

enum {
    CARD_WAIT_S = 60,     /* for a card to be put on the reader */
    CARD_PIN_WAIT_S = 90, /* for the PIN: as long as somebody may stand before the reader undecided */
    CARD_LOOK_MS = 300,   /* between two looks whether a card is there */
    CARD_PIN_MAX = 16,
    CARD_ANSWER_MAX = 256 << 10,
};

#define CARD_PROGRESS(name, code, ja, en) CARD_PROGRESS_##name,
enum card_progress {
#include "service/card_progress.def"
    CARD_PROGRESSES,
};
#undef CARD_PROGRESS

struct card_progress_info {
    const char *code, *ja, *en;
};
const struct card_progress_info *card_progress_info(enum card_progress p);

/* What a reader does, handed in by the room that knows readers (edge/card/card_side.h). On the asking's thread. CARD_VERDICT_NONE: it went
 * well. */
struct card_side {
    /* Takes the card on the reader; NO_CARD is tried again until CARD_WAIT_S have gone. */
    enum card_verdict (*take)(void *context);
    /* Whether its PIN can be used, and tries left; spends nothing. `certificate` is filled when the card shows it without the PIN (a phone
     * does not). */
    enum card_verdict (*look)(void *context, unsigned *tries_left, struct buf *certificate);
    /* PIN_WRONG with tries_left, PIN_FORM: may be tried again. Both buffers are empty before. */
    enum card_verdict (*prove)(void *context, struct str pin, struct str challenge, unsigned *tries_left,
                               struct buf *certificate, struct buf *signature);
    /* Resets the card and lets go; also when nothing was taken. */
    void (*leave)(void *context);
    void *context;
};

/* The centre: over HTTPS, or the store itself. On the asking's thread. */
struct card_centre {
    /* SILENT or REFUSED when there is none. `certificate` may be empty; with it the centre can see to its revocation while the PIN is typed. */
    enum card_verdict (*challenge)(void *context, struct str visit, struct str certificate, struct buf *out);
    /* What came of it; `answer` holds what was sent in whatever form the one who handed this in wants. */
    enum card_verdict (*question)(void *context, const struct card_question *q, struct buf *answer);
    void *context;
};

struct card_asking_settings {
    struct card_side card;
    struct card_centre centre;
    struct str visit;            /* 1 … CARD_VISIT_MAX bytes, the window's own name for it */
    struct day on;               /* DAY_NONE: today */
    unsigned wait_s, pin_wait_s; /* 0: those above */
    void (*wake)(void *context); /* may be NULL: called on the thread whenever look() would say something new */
    void *wake_context;
};

struct card_asking;
MUST_USE enum err card_asking_start(struct card_asking **out, const struct card_asking_settings *s, struct diag *d);

struct card_standing {
    enum card_progress progress;
    enum card_verdict verdict; /* at DONE what came of it; at PIN why it is asked for again, else NONE */
    unsigned tries_left;       /* at PIN, and with PIN_WRONG; 0: not known */
    unsigned change;           /* grows with every change */
};
struct card_standing card_asking_look(struct card_asking *a);
/* For a terminal: waits until something has changed since `change`. */
struct card_standing card_asking_wait(struct card_asking *a, unsigned change);
/* Copies it. False when none is asked for now, or it is longer than CARD_PIN_MAX. */
MUST_USE bool card_asking_pin(struct card_asking *a, struct str pin);
/* Soon: a card in the middle of an answer is waited for. */
void card_asking_cancel(struct card_asking *a);
/* At DONE what the centre sent, also without an answer; "" when it sent nothing. The asking's. */
struct str card_asking_answer(struct card_asking *a);
/* Cancels what is under way, waits for the thread, and wipes. */
void card_asking_free(struct card_asking *a);

#endif
