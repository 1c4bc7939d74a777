/* The worker's half: who asks is settled here, everything else by the desk's process. */
#include "edge/receipt/desk.h"
#include "edge/receipt/handle.h"

struct relay {
    struct receipt_call call; /* first: refusals are written from it */
    struct desk_message message;
};

static void write_relayed(struct door_call *c) {
    struct relay *r = c->context;
    struct desk_message *m = &r->message;
    if (m->err == ERR_OK) {
        receipt_reply(c->x, (int)m->status);
        buf_put(&c->x->reply.body, buf_str(&m->reply));
    } else {
        c->verify.diag = (struct diag){.err = m->err, .where = "desk"};
        receipt_write_refusal(c);
    }
    buf_fini(&m->reply);
}

static void relayed(struct desk_message *m) {
    struct door_call *c = m->context;
    c->verify.err = m->err; /* a refusal of the desk's own is counted there */
    door_finish(c);
}

static enum http_step relay(struct door *d, struct http_exchange *x, enum message_kind kind) {
    struct relay *r = arena_new(&x->arena, sizeof *r);
    struct door_call *c = r ? door_call_new(d, x, write_relayed, r) : NULL;
    if (c == NULL) return http_reply_error(x, ERR_MEMORY, S("")), HTTP_NOW;
    r->call = (struct receipt_call){.request = {.kind = kind, .on = DAY_NONE}, .now_us = d->world->now_us(d->world)};
    enum err e = door_asker(d, x, DOOR_BULK, &c->verify.asker, &c->verify.diag);
    if (e == ERR_OK) {
        r->message = (struct desk_message){.kind = kind,
                                           .institution = c->verify.asker.institution,
                                           .body = x->request.body,
                                           .done = relayed,
                                           .context = c};
        e = diag_set(&c->verify.diag, desk_line_send(d->line, &r->message), "desk", NULL);
        if (e != ERR_OK) figures_refused(&d->figures, e);
    }
    if (e == ERR_OK) return HTTP_LATER;
    receipt_write_refusal(c);
    return HTTP_NOW;
}

enum http_step receipt_bulk(struct door *d, struct http_exchange *x) { return relay(d, x, MESSAGE_BULK); }
enum http_step receipt_bulk_result(struct door *d, struct http_exchange *x) { return relay(d, x, MESSAGE_BULK_RESULT); }
enum http_step receipt_register(struct door *d, struct http_exchange *x) { return relay(d, x, MESSAGE_REGISTER); }
enum http_step receipt_statement(struct door *d, struct http_exchange *x) { return relay(d, x, MESSAGE_STATEMENT); }
enum http_step receipt_disaster(struct door *d, struct http_exchange *x) { return relay(d, x, MESSAGE_DISASTER); }
enum http_step receipt_register_bulk(struct door *d, struct http_exchange *x) {
    return relay(d, x, MESSAGE_REGISTER_BULK);
}
enum http_step receipt_register_bulk_result(struct door *d, struct http_exchange *x) {
    return relay(d, x, MESSAGE_REGISTER_BULK_RESULT);
}
