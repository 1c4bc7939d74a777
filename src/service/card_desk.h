/* card_desk: questions by card between a worker of the door and the desk's process (desk_line.h). The worker parses what came, the desk uses
 * the challenge up, checks the card and says who it is; the worker then asks as by number, so that the answer, its words and its record are
 * the same. The certificate passes through and is wiped from the line's buffers; it is written nowhere.
 *
 * Messages (desk_message.kind), status 200; else the body is u16 err_number():
 *   CARD_DESK_CHALLENGE  bytes visit, certificate (may be empty)                   reply 64 bytes of challenge
 *   CARD_DESK_PERSON     bytes challenge, visit, certificate, signature, u32 day   reply card_desk_put_person() */
#ifndef SERVICE_CARD_DESK_H
#define SERVICE_CARD_DESK_H

#include "service/card_challenge.h"
#include "service/card_person.h"

enum { CARD_DESK_CHALLENGE = 64, CARD_DESK_PERSON = 65, CARD_SIGNATURE_MAX = 1024 };

/* ---- both ends ---- */

struct card_question {
    struct str challenge, visit, certificate, signature; /* borrowed */
    struct day on;                                       /* DAY_NONE: today */
};
void card_question_put(struct buf *out, const struct card_question *q);
MUST_USE bool card_question_read(struct str body, struct card_question *out);

/* What a worker learns: nothing that names the certificate. */
struct card_found {
    struct card_decision decision;
    enum revocation_state revocation;
    struct day until;      /* last day of the certificate */
    struct str member_key; /* with an answer; "" else */
    bool about_member;     /* the next holds: for the log, also without an answer */
    uint8_t pseudonym[16]; /* the member's, as the log knows it */
};
void card_found_put(struct buf *out, const struct card_found *f);
MUST_USE bool card_found_read(struct str body, struct card_found *out);

/* ---- the desk's end ---- */

struct card_desk {
    struct card_room room;
    struct verify_desk *v;
    struct arena arena;
    bool open; /* false: no authority of cards is believed; tried again at each tick */
    char store[4096], keys[4096];
    unsigned ticks;
};
/* Never fails for want of authorities: questions by card are refused with ERR_NOT_SUPPORTED until there are some. */
void card_desk_open(struct card_desk *c, struct verify_desk *v, struct str store);
void card_desk_close(struct card_desk *c);
static inline bool card_desk_takes(unsigned kind) { return kind == CARD_DESK_CHALLENGE || kind == CARD_DESK_PERSON; }
/* As desk_handler.answer. */
unsigned card_desk_answer(struct card_desk *c, unsigned kind, struct institution_code institution, struct str body,
                          struct buf *reply);
void card_desk_tick(struct card_desk *c);

#endif
