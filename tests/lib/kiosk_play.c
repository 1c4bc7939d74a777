#include "lib/kiosk_play.h"

#include "lib/reception_play.h"

#include <unistd.h>

static enum card_verdict take(void *context) {
    struct kiosk_play *p = context;
    p->taken++;
    return (enum card_verdict)p->take;
}

static enum card_verdict look(void *context, unsigned *tries_left, struct buf *certificate) {
    struct kiosk_play *p = context;
    *tries_left = p->tries;
    if (p->tries == 0) return CARD_VERDICT_PIN_LOCKED;
    buf_puts(certificate, "a certificate");
    return (enum card_verdict)p->look;
}

static enum card_verdict prove(void *context, struct str pin, struct str challenge, unsigned *tries_left,
                               struct buf *certificate, struct buf *signature) {
    struct kiosk_play *p = context;
    invariant(str_eq(challenge, S("a challenge")));
    *tries_left = p->tries;
    if (pin.n != 4) return CARD_VERDICT_PIN_FORM;
    if (!str_eq(pin, S("1234"))) {
        *tries_left = --p->tries;
        return p->tries ? CARD_VERDICT_PIN_WRONG : CARD_VERDICT_PIN_LOCKED;
    }
    buf_puts(certificate, "a certificate"), buf_puts(signature, "a signature");
    return CARD_VERDICT_NONE;
}

static void leave(void *context) { ((struct kiosk_play *)context)->left++; }

static enum card_verdict challenge(void *context, struct str visit, struct str certificate, struct buf *out) {
    struct kiosk_play *p = context;
    (void)certificate; /* may be empty: when a PIN was wrong before */
    invariant(visit.n == VISIT_ID);
    if (p->challenge == CARD_VERDICT_NONE) buf_puts(out, "a challenge");
    return (enum card_verdict)p->challenge;
}

static enum card_verdict question(void *context, const struct card_question *q, struct buf *answer) {
    struct kiosk_play *p = context;
    invariant(str_eq(q->signature, S("a signature")));
    put_card_reply(answer, p->proof);
    return (enum card_verdict)p->question;
}

static enum err face(void *context, const char *visit, struct str certificate, enum face_answer *out, struct diag *d) {
    struct kiosk_play *p = context;
    invariant(strlen(visit) == VISIT_ID);
    p->faces++;
    p->face_certificate_bytes = certificate.n;
    while (p->face_waits) usleep(1000);
    *out = (enum face_answer)p->face_answer;
    return p->face_err ? diag_set(d, (enum err)p->face_err, "play", NULL) : ERR_OK;
}

static void answered(void *context, const char *id, struct str reply) {
    invariant(strlen(id) == VISIT_ID && str_starts(reply, S("{\"outcome\"")));
    ((struct kiosk_play *)context)->answered++;
}

struct kiosk_devices kiosk_play(struct kiosk_play *p) {
    *p = (struct kiosk_play){.tries = 3, .question = CARD_VERDICT_ANSWERED, .proof = "card-pin"};
    return (struct kiosk_devices){.card = {take, look, prove, leave, p},
                                  .centre = {challenge, question, p},
                                  .face = face,
                                  .face_context = p,
                                  .answered = answered,
                                  .answered_context = p};
}

void put_card_reply(struct buf *out, const char *proof) {
    buf_printf(out, "{\"outcome\":\"answered\",\"proof\":\"%s\",\"message\":", proof);
    put_sample_reply(out, "of a card");
    buf_putc(out, '}');
}
