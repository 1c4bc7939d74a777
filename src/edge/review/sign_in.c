/* Signing in: the passphrase is hashed beside the loop, and the log has the attempt before anybody is in. */
#include "edge/review/handle.h"
#include "edge/review/wish.h"
#include "state/trust/reviewer.h"

struct sign_in {
    struct side_job job;
    struct review_call call;
    struct sign_in_words words;
    enum err err;
};

static void work(struct side_job *job) {
    struct sign_in *s = job->context;
    s->err = reviewer_check(s->call.pages->world, s->call.pages->keys, s->words.name, s->words.passphrase);
}

static void put_session(struct http_exchange *x, const struct session *one) {
    review_reply_json(x);
    buf_printf(&x->reply.body, "{\"name\":\"%s\",\"token\":\"%s\"}\n", one->reviewer, one->token);
}

static void recorded(struct review_order *o) {
    struct sign_in *s = o->context;
    struct http_exchange *x = s->call.x;
    enum err e = o->err != ERR_OK ? o->err : s->err;
    const struct session *one = e == ERR_OK ? session_begin(&s->call.pages->sessions, s->words.name) : NULL;
    if (one) put_session(x, one);
    else http_reply_error(x, e == ERR_OK ? ERR_BUSY : e == ERR_UNAUTHENTICATED ? ERR_FORBIDDEN : e, S(""));
    http_done(x);
}

static void worked(struct side_job *job) {
    struct sign_in *s = job->context;
    struct review_pages *p = s->call.pages;
    p->signing_in--;
    session_tried(&p->sessions, s->words.name, s->err == ERR_OK);
    s->call.order = (struct review_order){
        .kind = s->err == ERR_OK ? REVIEW_SIGNED_IN : REVIEW_SIGN_IN_REFUSED,
        .reviewer = reviewer_name_valid(s->words.name) ? s->words.name : S(""), /* the log takes no stranger's text */
        .done = recorded,
        .context = s};
    review_record(p->review, &s->call.order);
}

static void dropped(struct side_job *job) { (void)job; } /* the exchange is the adapter's */

enum http_step review_sign_in(struct review_pages *p, struct http_exchange *x) {
    struct sign_in *s = arena_new(&x->arena, sizeof *s);
    enum err e = s ? sign_in_read(&x->arena, x->request.body, &s->words) : ERR_MEMORY;
    if (e == ERR_OK) e = session_may_try(&p->sessions, s->words.name);
    if (e == ERR_OK && p->signing_in == REVIEW_SIGN_INS_WAITING_MAX) e = ERR_BUSY;
    if (e != ERR_OK) return http_reply_error(x, e, S("")), HTTP_NOW;
    s->call.pages = p, s->call.x = x;
    s->job = (struct side_job){.work = work, .done = worked, .dropped = dropped, .context = s};
    p->signing_in++;
    side_work_put(review_side_work(p->review), &s->job);
    return HTTP_LATER;
}
