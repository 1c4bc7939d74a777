#include "service/card_local.h"

static enum card_verdict challenge(void *context, struct str visit, struct str certificate, struct buf *out) {
    struct card_local *l = context;
    (void)visit, (void)certificate;
    l->room->world->random(l->room->world, l->challenge, sizeof l->challenge);
    l->fresh = true;
    buf_put(out, str_of(l->challenge, sizeof l->challenge));
    return buf_ok(out) ? CARD_VERDICT_NONE : CARD_VERDICT_REFUSED;
}

static void done(struct verify_call *c) { (void)c; } /* it is read when all is settled */
static void ignore(struct ledger_ticket *t) { (void)t; }

static enum err answer(struct card_local *l) {
    struct verify_call *c = &l->call;
    const struct member *m = l->person.member;
    *c = (struct verify_call){.kind = AUDIT_QUESTION, .asker = l->asker, .arena = l->arena, .done = done};
    c->question = (struct question){.insurer = m->insurer, .id = m->id, .birth = m->birth, .on = l->on};
    c->question.limit_consent = l->limit_consent;
    c->proof = l->person.decision.proof, c->card = l->person.decision.verdict;
    verify_start(l->desk, c);
    verify_settle(l->desk);
    l->diag = c->diag;
    return c->err;
}

static enum err record_refusal(struct card_local *l) {
    struct ledger_ticket t = {.done = ignore};
    struct audit_event e = {.kind = AUDIT_CARD_REFUSED,
                            .at_us = l->desk->world->now_us(l->desk->world),
                            .on = l->on,
                            .ratio = RATIO_NONE,
                            .count = 1,
                            .card = (uint8_t)l->person.decision.verdict};
    const struct member *m = l->person.member;
    e.subject_kind = m ? SUBJECT_MEMBER : SUBJECT_NONE;
    if (m) memcpy(e.subject, m->pseudonym, sizeof e.subject);
    enum err result = verify_record(l->desk, &l->asker, &t, &e);
    if (result == ERR_OK) ledger_drain(l->desk->ledger), result = t.err;
    return result == ERR_OK ? ERR_OK : diag_set(&l->diag, result, "ledger", NULL);
}

static enum err ask(struct card_local *l, const struct card_question *q) {
    const struct card_claim claim = {
        .kind = JPKI_AUTH, .certificate = q->certificate, .challenge = q->challenge, .signature = q->signature};
    bool ours = l->fresh && str_eq(q->challenge, str_of(l->challenge, sizeof l->challenge));
    l->fresh = false;
    l->person = (struct card_person){.decision = {CARD_VERDICT_CHALLENGE, PROOF_NONE, DAY_NONE}, .until = DAY_NONE};
    if (ours)
        TRY(card_person_find(l->room, l->desk->coverage, l->desk->ways, l->arena, &claim, l->on, &l->person, &l->diag));
    return l->person.decision.proof == PROOF_NONE ? record_refusal(l) : answer(l);
}

static enum card_verdict question(void *context, const struct card_question *q, struct buf *out) {
    struct card_local *l = context;
    (void)out;
    l->err = ask(l, q);
    return l->err == ERR_OK ? l->person.decision.verdict : CARD_VERDICT_REFUSED;
}

struct card_centre card_local_centre(struct card_local *l) {
    return (struct card_centre){.challenge = challenge, .question = question, .context = l};
}
