#include "edge/receipt/handle.h"

#include "edge/receipt/answer.h"

void receipt_reply(struct http_exchange *x, int status) {
    x->reply.status = status;
    x->reply.content_type = S("application/json; charset=utf-8");
}

void receipt_write_refusal(struct door_call *c) {
    const struct receipt_call *r = c->context;
    struct writer w = writer_of(&c->x->reply.body, CARRIER_JSON);
    buf_reset(&c->x->reply.body);
    answer_write_error(&w, &r->request, r->now_us, &c->verify.diag);
    receipt_reply(c->x, err_info(c->verify.diag.err)->http);
}

static enum err read_message(struct door_call *c, enum message_kind kind) {
    struct receipt_call *r = c->context;
    struct tree *t = NULL;
    struct diag *d = &c->verify.diag;
    struct str type = c->x->request.content_type;
    if (type.n && !str_eq_ascii_case(str_trim(str_cut(&type, ';')), S("application/json")))
        return diag_set(d, ERR_MEDIA_TYPE, "Content-Type", "application/json");
    TRY(tree_read_json(&c->x->arena, c->x->request.body, &t, d));
    TRY(request_read(&c->x->arena, t, kind, &r->request, d));
    if (r->request.institution.n != c->verify.asker.institution.n)
        return diag_set(d, ERR_INSTITUTION, "XmlMsg/MessageHeader/MedicalInstitutionCode", NULL);
    return ERR_OK;
}

bool receipt_begin(struct door *d, struct http_exchange *x, enum message_kind kind, enum audit_door entrance,
                   void (*write)(struct door_call *), struct door_call **out, enum http_step *step) {
    struct receipt_call *r = arena_new(&x->arena, sizeof *r);
    struct door_call *c = r ? door_call_new(d, x, write, r) : NULL;
    *step = HTTP_NOW;
    if (c == NULL) return http_reply_error(x, ERR_MEMORY, S("")), false;
    r->now_us = d->world->now_us(d->world);
    r->request.kind = kind, r->request.on = DAY_NONE;
    if (door_asker(d, x, entrance, &c->verify.asker, &c->verify.diag) != ERR_OK) {
        receipt_write_refusal(c); /* whoever it was is not known: counted, not recorded */
        return false;
    }
    if (read_message(c, kind) != ERR_OK) {
        c->write = receipt_write_refusal;
        *step = door_refuse(c);
        return false;
    }
    *out = c;
    return true;
}

static void write_single(struct door_call *c) {
    const struct receipt_call *r = c->context;
    if (c->verify.err != ERR_OK) return receipt_write_refusal(c);
    struct writer w = writer_of(&c->x->reply.body, CARRIER_JSON);
    answer_attest(&c->door->desk, &r->request, &r->request.units[0], &c->verify.answer, &c->x->arena);
    answer_write(&w, &r->request, &c->verify.answer);
    receipt_reply(c->x, 200);
}

enum http_step receipt_single(struct door *d, struct http_exchange *x) {
    struct door_call *c = NULL;
    enum http_step step;
    if (!receipt_begin(d, x, MESSAGE_SINGLE, DOOR_JSON, write_single, &c, &step)) return step;
    const struct unit *u = &((struct receipt_call *)c->context)->request.units[0];
    c->verify.question = u->question;
    c->verify.reference_number = u->reference_number;
    return door_ask(c);
}

enum http_step receipt_auth(struct door *d, struct http_exchange *x) {
    struct asker asker;
    struct diag diag = {0};
    if (door_asker(d, x, DOOR_JSON, &asker, &diag) != ERR_OK) return http_reply_error(x, diag.err, S("")), HTTP_NOW;
    buf_puts(
        &x->reply.body,
        "{\"status\":\"0\",\"msg\":\"\",\"result\":{\"accessToken\":\"mutual-tls\",\"refreshToken\":\"mutual-tls\","
        "\"idToken\":\"mutual-tls\",\"linkSysCharCd\":\"0\"}}\n");
    receipt_reply(x, 200);
    return HTTP_NOW;
}
