#include "edge/receipt/card.h"

#include "base/json.h"
#include "edge/receipt/answer.h"
#include "edge/receipt/handle.h"
#include "state/store/store_key.h"

#include <sodium.h>

enum { QUESTION_MAX = 16 << 10 };

/* ---- the messages ---- */

static const struct field {
    const char *name;
    bool in_challenge, needed;
} fields[] = {{"visit", true, true},      {"challenge", false, true}, {"certificate", true, true},
              {"signature", false, true}, {"on", false, false},       {"limit_consent", false, false}};

static enum err only_known(struct json object, bool is_question, struct diag *d) {
    for (struct json m = json_first(object); !json_none(m); m = json_next(m)) {
        bool known = false;
        for (size_t i = 0; i < ARRAY_LEN(fields); i++)
            known |= (is_question || fields[i].in_challenge) && str_eq(json_name(m), str_c(fields[i].name));
        if (!known) return diag_set(d, ERR_UNKNOWN, "body", "a member that is not known");
    }
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (fields[i].needed && (is_question || i == 0) && json_none(json_get(object, fields[i].name)))
            return diag_set(d, ERR_MISSING, fields[i].name, NULL);
    return ERR_OK;
}

static enum err bytes_of(struct arena *arena, struct json object, const char *name, size_t max, struct str *out,
                         struct diag *d) {
    struct str text;
    size_t n = 0;
    if (!json_str(json_get(object, name), &text)) return diag_set(d, ERR_VALUE, name, "base64");
    if (text.n > (max + 2) / 3 * 4) return diag_set(d, ERR_LIMIT, name, NULL);
    unsigned char *bytes = arena_new(arena, max);
    if (bytes == NULL) return diag_set(d, ERR_MEMORY, name, NULL);
    if (sodium_base642bin(bytes, max, text.p, text.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 || n == 0)
        return diag_set(d, ERR_VALUE, name, "base64");
    *out = str_of(bytes, n);
    return ERR_OK;
}

static enum err read_question(struct arena *arena, struct json object, struct card_message *out, struct diag *d) {
    struct json on = json_get(object, "on"), consent = json_get(object, "limit_consent");
    struct card_question *q = &out->question;
    struct str day;
    TRY(bytes_of(arena, object, "challenge", CARD_CHALLENGE_BYTES, &q->challenge, d));
    TRY(bytes_of(arena, object, "certificate", CARD_CERTIFICATE_MAX, &q->certificate, d));
    TRY(bytes_of(arena, object, "signature", CARD_SIGNATURE_MAX, &q->signature, d));
    if (!json_none(on) && (!json_str(on, &day) || !day_parse(day, &q->on))) return diag_set(d, ERR_DATE, "on", NULL);
    if (!json_none(consent) && !json_bool(consent, &out->limit_consent))
        return diag_set(d, ERR_VALUE, "limit_consent", "true or false");
    return ERR_OK;
}

enum err card_message_read(struct arena *arena, struct str json, bool is_question, struct card_message *out,
                           struct diag *d) {
    struct json object;
    *out = (struct card_message){.question.on = DAY_NONE};
    if (json.n > QUESTION_MAX) return diag_set(d, ERR_LIMIT, "body", NULL);
    TRY(json_read(arena, json, &object, d));
    if (json_kind(object) != JSON_OBJECT) return diag_set(d, ERR_SYNTAX, "body", "a JSON object");
    TRY(only_known(object, is_question, d));
    struct str *visit = &out->question.visit;
    if (!json_str(json_get(object, "visit"), visit)) return diag_set(d, ERR_VALUE, "visit", "text");
    if (visit->n == 0 || visit->n > CARD_VISIT_MAX) return diag_set(d, ERR_LIMIT, "visit", "1 to 64 bytes");
    if (is_question) return read_question(arena, object, out, d);
    if (json_none(json_get(object, "certificate"))) return ERR_OK;
    return bytes_of(arena, object, "certificate", CARD_CERTIFICATE_MAX, &out->question.certificate, d);
}

static void words(struct buf *b, const char *name, const char *ja, const char *en) {
    buf_printf(b, ",\"%s\":{\"ja\":", name);
    buf_json(b, str_c(ja)), buf_puts(b, ",\"en\":"), buf_json(b, str_c(en)), buf_putc(b, '}');
}

static void day_member(struct buf *b, const char *name, struct day d) {
    if (!day_is(d)) return;
    buf_printf(b, ",\"%s\":\"", name);
    day_put_iso(b, d), buf_putc(b, '"');
}

static void put_other_ways(struct buf *b) {
    size_t count;
    const struct other_way *ways = other_ways(&count);
    buf_puts(b, ",\"other_ways\":[");
    for (size_t i = 0; i < count; i++) {
        buf_puts(b, i ? ",{\"code\":" : "{\"code\":"), buf_json(b, str_c(ways[i].code));
        buf_puts(b, ",\"ja\":"), buf_json(b, str_c(ways[i].ja));
        buf_puts(b, ",\"en\":"), buf_json(b, str_c(ways[i].en)), buf_putc(b, '}');
    }
    buf_putc(b, ']');
}

static const char *revocation_code(enum revocation_state s) {
    static const char *const codes[REVOCATION_STATES] = {"good", "revoked", "unknown", "not-checked", "stale"};
    return codes[s];
}

void card_outcome_put(struct buf *b, const struct card_found *f) {
    const struct card_verdict_info *info = card_verdict_info(f->decision.verdict);
    const struct proof_info *proof = proof_info(f->decision.proof);
    buf_puts(b, "{\"outcome\":"), buf_json(b, str_c(info->code));
    words(b, "says", info->ja, info->en);
    if (info->next_ja[0]) words(b, "next", info->next_ja, info->next_en);
    if (proof) buf_puts(b, ",\"proof\":"), buf_json(b, str_c(proof->code));
    if (f->decision.verdict != CARD_VERDICT_CHALLENGE)
        buf_printf(b, ",\"revocation\":\"%s\"", revocation_code(f->revocation));
    day_member(b, "certificate_until", f->until);
    day_member(b, "usable_until", f->decision.usable_until);
    if (!info->answered) put_other_ways(b);
}

/* ---- the calls ---- */

struct card_call {
    struct receipt_call receipt; /* first: refusals are written from it */
    struct card_message message;
    struct unit unit;
    struct card_found found;
    bool is_question;
    uint8_t challenge[CARD_CHALLENGE_BYTES];
    struct buf body;
    struct desk_message desk;
};

static void write_challenge(struct door_call *c) {
    const struct card_call *k = c->context;
    struct buf *b = &c->x->reply.body;
    char text[sodium_base64_ENCODED_LEN(CARD_CHALLENGE_BYTES, sodium_base64_VARIANT_ORIGINAL)];
    if (c->verify.err != ERR_OK) return receipt_write_refusal(c);
    (void)sodium_bin2base64(text, sizeof text, k->challenge, CARD_CHALLENGE_BYTES, sodium_base64_VARIANT_ORIGINAL);
    buf_puts(b, "{\"challenge\":"), buf_json(b, str_c(text));
    buf_printf(b, ",\"seconds\":%d}\n", CARD_CHALLENGE_LIFE_S);
    receipt_reply(c->x, 200);
}

static void write_answer(struct door_call *c) {
    const struct card_call *k = c->context;
    struct buf *b = &c->x->reply.body;
    if (c->verify.err != ERR_OK) return receipt_write_refusal(c);
    card_outcome_put(b, &k->found);
    if (k->found.decision.proof != PROOF_NONE) {
        buf_puts(b, ",\"message\":");
        struct writer w = writer_of(b, CARRIER_JSON);
        answer_write(&w, &k->receipt.request, &c->verify.answer);
    }
    buf_puts(b, "}\n");
    receipt_reply(c->x, 200);
}

/* From here on the certificate is not needed: what there is of it in our own memory goes. */
static void forget_card(struct card_call *k) {
    if (k->body.p) sodium_memzero(k->body.p, k->body.n);
    buf_fini(&k->body);
    struct str *certificate = &k->message.question.certificate;
    if (certificate->n) sodium_memzero((void *)(uintptr_t)certificate->p, certificate->n);
    *certificate = S("");
}

static void recorded(struct ledger_ticket *t) {
    struct door_call *c = t->context;
    if (t->err != ERR_OK) c->verify.err = diag_set(&c->verify.diag, t->err, "ledger", NULL);
    door_finish(c);
}

/* Without an answer too the log knows that it was tried, by whom and about whom. */
static void record_refusal(struct door_call *c, const struct card_found *f) {
    struct audit_event e = {.kind = AUDIT_CARD_REFUSED,
                            .at_us = c->door->world->now_us(c->door->world),
                            .on = c->verify.question.on,
                            .ratio = RATIO_NONE,
                            .count = 1,
                            .card = (uint8_t)f->decision.verdict,
                            .subject_kind = f->about_member ? SUBJECT_MEMBER : SUBJECT_NONE};
    if (f->about_member) memcpy(e.subject, f->pseudonym, sizeof e.subject);
    c->verify.ticket = (struct ledger_ticket){.done = recorded, .context = c};
    enum err err = verify_record(&c->door->desk, &c->verify.asker, &c->verify.ticket, &e);
    if (err == ERR_OK) return;
    c->verify.err = diag_set(&c->verify.diag, err, "ledger", NULL);
    door_finish(c);
}

static void ask_about(struct door_call *c, struct card_call *k) {
    struct question *q = &c->verify.question;
    if (!store_key_member_read(k->found.member_key, &q->insurer, &q->id, &q->birth)) {
        c->verify.err = diag_set(&c->verify.diag, ERR_CORRUPT, "desk", NULL);
        return door_finish(c);
    }
    q->limit_consent = k->message.limit_consent;
    c->verify.proof = k->found.decision.proof, c->verify.card = k->found.decision.verdict;
    k->unit = (struct unit){.question = *q};
    k->receipt.request.units = &k->unit, k->receipt.request.unit_count = 1;
    if (door_ask(c) == HTTP_NOW) http_done(c->x);
}

static enum err read_reply(struct door_call *c, struct card_call *k, struct str reply) {
    struct scan s = scan_of(reply);
    uint16_t number = 0;
    if (k->desk.err != ERR_OK) return k->desk.err;
    if (k->desk.status != 200) return scan_u16(&s, &number) ? err_of_number(number) : ERR_CORRUPT;
    if (!k->is_question && reply.n == CARD_CHALLENGE_BYTES) return memcpy(k->challenge, reply.p, reply.n), ERR_OK;
    if (!k->is_question || !card_found_read(reply, &k->found)) return ERR_CORRUPT;
    k->found.member_key = arena_copy(&c->x->arena, k->found.member_key);
    return k->found.member_key.p ? ERR_OK : ERR_MEMORY;
}

static enum err take_reply(struct door_call *c, struct card_call *k) {
    enum err e = read_reply(c, k, buf_str(&k->desk.reply));
    buf_fini(&k->desk.reply);
    forget_card(k);
    if (e == ERR_OK) return e;
    return diag_set(&c->verify.diag, e == ERR_COUNT ? ERR_CORRUPT : e, k->desk.err == ERR_OK ? "card" : "desk", NULL);
}

static void refused(struct ledger_ticket *t) { door_finish(t->context); }

static void replied(struct desk_message *m) {
    struct door_call *c = m->context;
    struct card_call *k = c->context;
    struct door *d = c->door;
    c->verify.err = take_reply(c, k);
    if (c->verify.err != ERR_OK) {
        c->verify.ticket = (struct ledger_ticket){.done = refused, .context = c};
        verify_refused(&d->desk, &c->verify.asker, c->verify.err, &c->verify.ticket);
    } else if (!k->is_question) door_finish(c);
    else if (k->found.decision.proof == PROOF_NONE) record_refusal(c, &k->found);
    else ask_about(c, k);
    door_turn(d); /* no turn of the loop follows a wake by itself */
}

static enum err send_to_desk(struct door_call *c, struct card_call *k) {
    buf_init(&k->body, QUESTION_MAX);
    if (k->is_question) card_question_put(&k->body, &k->message.question);
    else buf_bytes(&k->body, k->message.question.visit), buf_bytes(&k->body, k->message.question.certificate);
    if (!buf_ok(&k->body)) return diag_set(&c->verify.diag, ERR_MEMORY, "card", NULL);
    k->desk = (struct desk_message){.kind = k->is_question ? CARD_DESK_PERSON : CARD_DESK_CHALLENGE,
                                    .institution = c->verify.asker.institution,
                                    .body = buf_str(&k->body),
                                    .done = replied,
                                    .context = c};
    return diag_set(&c->verify.diag, desk_line_send(c->door->line, &k->desk), "desk", NULL);
}

static enum err read_body(struct door_call *c, struct card_call *k) {
    struct str type = c->x->request.content_type;
    if (type.n && !str_eq_ascii_case(str_trim(str_cut(&type, ';')), S("application/json")))
        return diag_set(&c->verify.diag, ERR_MEDIA_TYPE, "Content-Type", "application/json");
    return card_message_read(&c->x->arena, c->x->request.body, k->is_question, &k->message, &c->verify.diag);
}

static enum http_step begin(struct door *d, struct http_exchange *x, bool is_question) {
    struct card_call *k = arena_new(&x->arena, sizeof *k);
    struct door_call *c = k ? door_call_new(d, x, is_question ? write_answer : write_challenge, k) : NULL;
    if (c == NULL) return http_reply_error(x, ERR_MEMORY, S("")), HTTP_NOW;
    k->is_question = is_question;
    k->receipt = (struct receipt_call){.request = {.kind = MESSAGE_SINGLE, .on = DAY_NONE, .by_card = true},
                                       .now_us = d->world->now_us(d->world)};
    if (door_asker(d, x, DOOR_JSON, &c->verify.asker, &c->verify.diag) != ERR_OK)
        return receipt_write_refusal(c), HTTP_NOW; /* whoever it was is not known: counted, not recorded */
    k->receipt.request.institution = c->verify.asker.institution;
    enum err e = read_body(c, k);
    c->verify.question.on = k->receipt.request.on = k->message.question.on;
    if (e == ERR_OK) e = send_to_desk(c, k);
    if (e == ERR_OK) return HTTP_LATER;
    forget_card(k);
    return door_refuse(c);
}

enum http_step receipt_card_challenge(struct door *d, struct http_exchange *x) { return begin(d, x, false); }
enum http_step receipt_card_question(struct door *d, struct http_exchange *x) { return begin(d, x, true); }
