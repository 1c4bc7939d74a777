#include "edge/card/card_side.h"

#include "edge/card/reader_pcsc.h"

enum card_verdict card_side_verdict(enum card_step step, const struct card_result *result) {
    switch (result->outcome) {
    case CARD_DONE: return CARD_VERDICT_NONE;
    case CARD_NO_FILE: return step == CARD_STEP_SELECT ? CARD_VERDICT_OTHER_CARD : CARD_VERDICT_CARD_FAULT;
    case CARD_PIN_WRONG:
    case CARD_NO_LIMIT: return step == CARD_STEP_TRIES ? CARD_VERDICT_NONE : CARD_VERDICT_PIN_WRONG;
    case CARD_LAST_TRY_SPENT:
    case CARD_METHOD_LOCKED:
    case CARD_PIN_LOCKED: return CARD_VERDICT_PIN_LOCKED;
    default: return CARD_VERDICT_CARD_FAULT;
    }
}

static enum card_verdict of_error(enum err e) {
    return e == ERR_UNAVAILABLE ? CARD_VERDICT_CARD_GONE : CARD_VERDICT_CARD_FAULT;
}

static enum card_verdict take(void *context) {
    struct card_on_reader *r = context;
    struct diag d = {0};
    enum err e = r->open(r->context, &r->reader, &d);
    bool of_card = str_eq(str_c(d.where), S("card"));
    switch (e) {
    case ERR_OK: return CARD_VERDICT_NONE;
    case ERR_NOT_FOUND: return of_card ? CARD_VERDICT_NO_CARD : CARD_VERDICT_NO_READER;
    case ERR_LOCKED: return CARD_VERDICT_CARD_BUSY;
    case ERR_UNAVAILABLE: return of_card ? CARD_VERDICT_CARD_FAULT : CARD_VERDICT_NO_READER;
    default: return CARD_VERDICT_CARD_FAULT;
    }
}

/* A guess (docs/format/card.md): a card without PINs answers like a locked one and has no signature certificate. So has a child's. */
static enum card_verdict locked_or_pinless(struct reader *r) {
    char room[4];
    struct buf present = buf_over(room, sizeof room);
    struct card_result result;
    struct diag d;
    if (card_read(r, FILE_PRESENT, &present, &result, &d) != ERR_OK || result.outcome != CARD_DONE || present.n < 2)
        return CARD_VERDICT_PIN_LOCKED;
    return (unsigned char)present.p[0] == CERTIFICATE_PRESENT ? CARD_VERDICT_PIN_LOCKED : CARD_VERDICT_PINLESS;
}

static enum err look_at(struct card_on_reader *r, enum card_step *step, struct card_result *result, struct diag *d) {
    enum card_token token;
    *step = CARD_STEP_SELECT;
    TRY(card_select(&r->reader, APPLICATION_JPKI, result, d));
    if (result->outcome != CARD_DONE) return ERR_OK;
    *step = CARD_STEP_TOKEN;
    TRY(card_read_token(&r->reader, &token, result, d));
    if (result->outcome != CARD_DONE) return ERR_OK;
    *step = CARD_STEP_TRIES;
    return card_tries(&r->reader, PIN_AUTH, result, d);
}

static enum card_verdict look(void *context, unsigned *tries_left, struct buf *certificate) {
    struct card_on_reader *r = context;
    struct card_result result = {0}, shown;
    enum card_step step;
    struct diag d;
    enum err e = look_at(r, &step, &result, &d);
    if (e != ERR_OK) return of_error(e);
    enum card_verdict v = card_side_verdict(step, &result);
    *tries_left = result.outcome == CARD_PIN_WRONG ? result.tries_left : 0;
    if (v == CARD_VERDICT_PIN_LOCKED) return locked_or_pinless(&r->reader);
    if (v != CARD_VERDICT_NONE) return v;
    e = card_read(&r->reader, FILE_AUTH_CERTIFICATE, certificate, &shown, &d);
    if (e != ERR_OK || shown.outcome != CARD_DONE) buf_reset(certificate); /* a phone shows it after the PIN alone */
    return e == ERR_UNAVAILABLE ? CARD_VERDICT_CARD_GONE : CARD_VERDICT_NONE;
}

static enum card_verdict prove(void *context, struct str pin, struct str challenge, unsigned *tries_left,
                               struct buf *certificate, struct buf *signature) {
    struct card_on_reader *r = context;
    struct card_proof p;
    struct diag d;
    if (!pin_fits(PIN_AUTH, pin)) return CARD_VERDICT_PIN_FORM;
    card_proof_init(&p);
    enum err e = card_prove(&r->reader, pin, challenge, &p, &d);
    enum card_verdict v = e == ERR_OK ? card_side_verdict(p.step, &p.result) : of_error(e);
    *tries_left = p.result.outcome == CARD_PIN_WRONG ? p.result.tries_left : 0;
    if (v == CARD_VERDICT_NONE && e == ERR_OK) {
        buf_put(certificate, buf_str(&p.certificate)), buf_put(signature, buf_str(&p.signature));
        if (!buf_ok(certificate) || !buf_ok(signature)) v = CARD_VERDICT_CARD_FAULT;
    }
    card_proof_fini(&p);
    return v;
}

static void leave(void *context) {
    struct card_on_reader *r = context;
    reader_leave(&r->reader);
}

struct card_side card_side_of(struct card_on_reader *r) {
    return (struct card_side){.take = take, .look = look, .prove = prove, .leave = leave, .context = r};
}

static enum err open_pcsc(void *context, struct reader *out, struct diag *d) {
    const struct card_on_reader *r = context;
    return reader_pcsc_open(out, r->name, d);
}

struct card_side card_side_pcsc(struct card_on_reader *r, struct str name) {
    *r = (struct card_on_reader){.open = open_pcsc, .context = r, .name = name};
    return card_side_of(r);
}
