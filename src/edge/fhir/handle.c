#include "edge/fhir/handle.h"

#include "edge/fhir/fhir.h"

static void outcome(struct http_exchange *x, const struct diag *d) {
    buf_reset(&x->reply.body);
    fhir_write_outcome(&x->reply.body, d);
    x->reply.status = err_info(d->err)->http;
    x->reply.content_type = S(FHIR_CONTENT_TYPE);
}

static void write_refusal(struct door_call *c) { outcome(c->x, &c->verify.diag); }

static void write_answer(struct door_call *c) {
    if (c->verify.err != ERR_OK) return write_refusal(c);
    fhir_write_answer(&c->x->reply.body, c->context, &c->verify.answer);
    c->x->reply.status = 200;
    c->x->reply.content_type = S(FHIR_CONTENT_TYPE);
}

static enum err read_request(struct door_call *c) {
    struct fhir_request *r = c->context;
    const struct http_request *q = &c->x->request;
    struct diag *d = &c->verify.diag;
    TRY(fhir_negotiate(q->query, q->accept, q->content_type, true, d));
    TRY(fhir_read_request(&c->x->arena, q->body, c->verify.asker.institution, r, d));
    c->verify.question = r->question;
    return ERR_OK;
}

enum http_step fhir_submit(struct door *d, struct http_exchange *x) {
    struct fhir_request *r = arena_new(&x->arena, sizeof *r);
    struct door_call *c = r ? door_call_new(d, x, write_answer, r) : NULL;
    struct diag diag = {.err = ERR_MEMORY};
    if (c == NULL) return outcome(x, &diag), HTTP_NOW;
    if (door_asker(d, x, DOOR_FHIR, &c->verify.asker, &diag) != ERR_OK) return outcome(x, &diag), HTTP_NOW;
    if (read_request(c) == ERR_OK) return door_ask(c);
    c->write = write_refusal;
    return door_refuse(c);
}

enum http_step fhir_metadata(struct door *d, struct http_exchange *x) {
    struct diag diag = {0};
    (void)d;
    if (fhir_negotiate(x->request.query, x->request.accept, S(""), false, &diag) != ERR_OK)
        return outcome(x, &diag), HTTP_NOW;
    fhir_write_capability(&x->reply.body, S(""));
    x->reply.status = 200;
    x->reply.content_type = S(FHIR_CONTENT_TYPE);
    return HTTP_NOW;
}

enum http_step fhir_refuse(struct http_exchange *x, enum err why) {
    struct diag diag = {.err = why};
    outcome(x, &diag);
    return HTTP_NOW;
}
