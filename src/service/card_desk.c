#include "service/card_desk.h"

#include "base/scan.h"
#include "service/verify_desk.h"

#include <stdio.h>

enum { CALL_ARENA = 8 << 20, SWEEP_TICKS = 30 };

/* ---- the two bodies ---- */

/* DAY_NONE, or a day of the calendar (core/day.h): what is written out later must be one. */
static bool take_day(uint32_t n, struct day *out) {
    struct day first, last;
    *out = (struct day){(int32_t)n};
    invariant(day_from_civil(1800, 1, 1, &first) && day_from_civil(2999, 12, 31, &last));
    return !day_is(*out) || (day_until(first, *out) && day_until(*out, last));
}

void card_question_put(struct buf *out, const struct card_question *q) {
    buf_bytes(out, q->challenge), buf_bytes(out, q->visit);
    buf_bytes(out, q->certificate), buf_bytes(out, q->signature);
    buf_u32(out, (uint32_t)q->on.n);
}

bool card_question_read(struct str body, struct card_question *out) {
    struct scan s = scan_of(body);
    uint32_t on = 0;
    if (!scan_bytes(&s, &out->challenge) || !scan_bytes(&s, &out->visit) || !scan_bytes(&s, &out->certificate) ||
        !scan_bytes(&s, &out->signature) || !scan_u32(&s, &on) || !scan_end(&s))
        return false;
    return take_day(on, &out->on);
}

void card_found_put(struct buf *out, const struct card_found *f) {
    buf_u8(out, (uint8_t)f->decision.verdict), buf_u8(out, (uint8_t)f->decision.proof);
    buf_u8(out, (uint8_t)f->revocation), buf_u8(out, f->about_member);
    buf_u32(out, (uint32_t)f->decision.usable_until.n), buf_u32(out, (uint32_t)f->until.n);
    buf_bytes(out, f->member_key);
    buf_put(out, str_of(f->pseudonym, sizeof f->pseudonym));
}

bool card_found_read(struct str body, struct card_found *out) {
    struct scan s = scan_of(body);
    uint8_t verdict = 0, proof = 0, revocation = 0, about = 0;
    uint32_t usable = 0, until = 0;
    struct str pseudonym;
    *out = (struct card_found){0};
    if (!scan_u8(&s, &verdict) || !scan_u8(&s, &proof) || !scan_u8(&s, &revocation) || !scan_u8(&s, &about) ||
        !scan_u32(&s, &usable) || !scan_u32(&s, &until) || !scan_bytes(&s, &out->member_key) ||
        !scan_take(&s, sizeof out->pseudonym, &pseudonym) || !scan_end(&s))
        return false;
    const struct card_verdict_info *info = card_verdict_info(verdict);
    if (info == NULL || (proof && proof_info(proof) == NULL) || revocation >= REVOCATION_STATES || about > 1)
        return false;
    if (info->answered != (out->member_key.n > 0) || info->answered != (proof != PROOF_NONE)) return false;
    out->decision = (struct card_decision){.verdict = verdict, .proof = proof};
    out->revocation = revocation, out->about_member = about;
    if (!take_day(usable, &out->decision.usable_until) || !take_day(until, &out->until)) return false;
    memcpy(out->pseudonym, pseudonym.p, pseudonym.n);
    return true;
}

/* ---- the desk's end ---- */

static enum err open_room(struct card_desk *c, struct diag *d) {
    const struct card_room_settings s = {
        .store = c->store, .keys = c->keys, .program = "/proc/self/exe", .watch = true};
    enum err e = card_room_open(&c->room, c->v->world, &s, d);
    c->open = e == ERR_OK;
    return e;
}

void card_desk_open(struct card_desk *c, struct verify_desk *v, struct str store) {
    *c = (struct card_desk){.v = v, .room.vault = {.fd = -1}};
    arena_init(&c->arena, CALL_ARENA);
    if (!str_to_c(store, c->store, sizeof c->store)) return;
    if (snprintf(c->keys, sizeof c->keys, "%s/run/keys", c->store) < (int)sizeof c->keys) (void)!open_room(c, NULL);
}

void card_desk_close(struct card_desk *c) {
    if (c->open) card_room_close(&c->room);
    arena_fini(&c->arena);
    c->open = false;
}

void card_desk_tick(struct card_desk *c) {
    if (c->open) card_room_tick(&c->room);
    else (void)!open_room(c, NULL);
    if (c->ticks++ % SWEEP_TICKS == 0) (void)!card_challenge_sweep(c->v->desk, c->v->world->now_us(c->v->world), NULL);
}

static enum err challenge(struct card_desk *c, struct institution_code institution, struct str body, struct buf *reply,
                          struct diag *d) {
    struct scan s = scan_of(body);
    struct str visit, certificate;
    uint8_t bytes[CARD_CHALLENGE_BYTES];
    if (!scan_bytes(&s, &visit) || !scan_bytes(&s, &certificate) || !scan_end(&s))
        return diag_set(d, ERR_SYNTAX, "challenge", NULL);
    TRY(card_challenge_issue(c->v->desk, c->v->world, institution, visit, bytes, d));
    buf_put(reply, str_of(bytes, sizeof bytes));
    if (certificate.n) card_person_expect(&c->room, certificate);
    return ERR_OK;
}

static enum err find(struct card_desk *c, const struct card_question *q, struct card_found *f, struct diag *d) {
    const struct card_claim claim = {
        .kind = JPKI_AUTH, .certificate = q->certificate, .challenge = q->challenge, .signature = q->signature};
    struct card_person p;
    verify_desk_find_ways(c->v, c->store);
    card_room_find_cards(&c->room);
    enum err e = card_person_find(&c->room, c->v->coverage, c->v->ways, &c->arena, &claim, q->on, &p, d);
    if (e == ERR_UNAVAILABLE) card_room_close(&c->room), c->open = false; /* the vault: started anew at the next tick */
    if (e != ERR_OK) return e;
    f->decision = p.decision, f->revocation = p.revocation, f->until = p.until;
    f->about_member = p.member != NULL;
    if (p.member) memcpy(f->pseudonym, p.member->pseudonym, sizeof f->pseudonym);
    if (p.decision.proof != PROOF_NONE) f->member_key = p.member_key;
    return ERR_OK;
}

static enum err person(struct card_desk *c, struct institution_code institution, struct str body, struct buf *reply,
                       struct diag *d) {
    struct card_question q;
    struct card_found f = {.decision = {CARD_VERDICT_CHALLENGE, PROOF_NONE, DAY_NONE},
                           .revocation = REVOCATION_NOT_CHECKED,
                           .until = DAY_NONE};
    enum card_challenge_state state;
    if (!card_question_read(body, &q)) return diag_set(d, ERR_SYNTAX, "card", NULL);
    TRY(card_challenge_use(c->v->desk, c->v->world->now_us(c->v->world), institution, q.visit, q.challenge, &state, d));
    if (state == CHALLENGE_FRESH) TRY(find(c, &q, &f, d));
    card_found_put(reply, &f);
    return ERR_OK;
}

unsigned card_desk_answer(struct card_desk *c, unsigned kind, struct institution_code institution, struct str body,
                          struct buf *reply) {
    struct diag d = {0};
    enum err e = ERR_NOT_SUPPORTED;
    if (c->open && kind == CARD_DESK_CHALLENGE) e = challenge(c, institution, body, reply, &d);
    else if (c->open && kind == CARD_DESK_PERSON) e = person(c, institution, body, reply, &d);
    arena_reset(&c->arena);
    if (e == ERR_OK) return 200;
    buf_reset(reply);
    buf_u16(reply, err_number(e));
    return (unsigned)err_info(e)->http;
}
