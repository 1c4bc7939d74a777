#include "service/reception/reception.h"

static int64_t steady_us(const struct reception *r) { return r->settings.world->steady_us(r->settings.world); }
static int64_t now_us(const struct reception *r) { return r->settings.world->now_us(r->settings.world); }

enum err reception_open(struct reception *r, const struct reception_settings *s, struct diag *d) {
    *r = (struct reception){.settings = *s};
    TRY(visits_open(&r->visits, s->world, s->folder, d));
    enum err e = centre_line_open(&r->line, &s->asker, s->wake, s->context, d);
    if (e != ERR_OK) visits_close(&r->visits);
    return e;
}

void reception_close(struct reception *r) {
    centre_line_close(r->line);
    visits_close(&r->visits);
}

static bool submit(struct reception *r, struct visit *v) {
    struct buf message;
    buf_init(&message, CENTRE_REPLY_MAX);
    enum err e = r->settings.form->put_message(&message, v, r->settings.institution);
    if (e == ERR_OK && !buf_ok(&message)) e = ERR_MEMORY;
    if (e == ERR_OK) e = centre_line_ask(r->line, v->id, buf_str(&message));
    buf_fini(&message);
    v->asking = e == ERR_OK;
    v->tried = ++r->tries;
    return v->asking;
}

static bool is_open(const struct visit *v) {
    return (v->state == VISIT_WAITING || v->state == VISIT_SILENT) && !v->asking;
}

/* All that wait, the oldest first. */
static void submit_open(struct reception *r) {
    for (size_t i = 0; i < r->visits.count; i++)
        if (is_open(r->visits.list[i]) && !submit(r, r->visits.list[i])) return; /* the line is full: later */
}

/* One to try a silent centre with; each in turn, so that a question that the centre stumbles over does not hold up the others. */
static void submit_one(struct reception *r) {
    struct visit *next = NULL;
    for (size_t i = 0; i < r->visits.count; i++) {
        struct visit *v = r->visits.list[i];
        if (is_open(v) && (next == NULL || v->tried < next->tried)) next = v;
    }
    if (next) (void)submit(r, next);
}

static void keep(struct reception *r, struct visit *v) {
    struct diag d;
    v->settled_us = now_us(r);
    r->kept_badly = visits_keep(&r->visits, v, &d);
}

enum err reception_ask(struct reception *r, struct visit *v, struct diag *d) {
    TRY(visits_add(&r->visits, v, d));
    if (r->silent) { /* said at once: nobody at the window waits to learn what is known already */
        v->state = VISIT_SILENT, v->why = r->why;
        keep(r, v);
    }
    (void)submit(r, v);
    return ERR_OK;
}

/* 2, 4, 8, 16, 30, 30 … seconds: soon for a short break, and a long one is not made worse by thousands of windows. */
static void fell_silent(struct reception *r, struct visit *v, enum err why) {
    int64_t pause_s = r->failures < 4 ? 2 << r->failures : RECEPTION_AGAIN_MAX_S;
    if (!r->silent) r->silent_since_us = now_us(r);
    r->silent = true, r->why = why;
    r->failures++;
    r->again_us = steady_us(r) + pause_s * 1000000;
    if (v->state == VISIT_SILENT && v->why == why) return;
    v->state = VISIT_SILENT, v->why = why;
    keep(r, v);
}

/* 408 and 429 are about the moment, 401 about our certificate; the other refusals of a client's are about the question. */
static bool refuses_question(int status) {
    return status >= 400 && status < 500 && status != 401 && status != 408 && status != 429;
}

static void answered(struct reception *r, struct visit *v) {
    r->silent = false, r->heard = true;
    r->failures = 0;
    r->visits.version++; /* the centre's state is shown too */
    keep(r, v);
}

static void settle(struct reception *r, struct visit *v, const struct centre_reply *reply) {
    struct diag d = {0};
    if (reply->err != ERR_OK) return fell_silent(r, v, reply->err);
    if (refuses_question(reply->status)) {
        v->state = VISIT_REFUSED, v->why = ERR_VALUE;
        r->settings.form->read_refusal(buf_str(&reply->body), v);
        return answered(r, v);
    }
    if (reply->status != 200) return fell_silent(r, v, ERR_UNAVAILABLE);
    buf_reset(&v->answer);
    v->why = r->settings.form->read_answer(buf_str(&reply->body), v, &v->answer, &d);
    if (v->why == ERR_OK && !buf_ok(&v->answer)) v->why = ERR_LIMIT;
    v->state = v->why == ERR_OK ? VISIT_ANSWERED : VISIT_REFUSED;
    if (v->state == VISIT_REFUSED) buf_reset(&v->answer), r->settings.form->read_refusal(buf_str(&reply->body), v);
    answered(r, v);
}

bool reception_turn(struct reception *r) {
    uint64_t before = r->visits.version;
    (void)visits_turn(&r->visits);
    for (struct centre_reply *reply; (reply = centre_line_take(r->line)); centre_reply_free(reply)) {
        struct visit *v = visits_find(&r->visits, str_c(reply->id));
        if (v == NULL || !v->asking) continue; /* its day is over */
        v->asking = false;
        settle(r, v, reply);
    }
    if (!r->silent) submit_open(r);
    else if (steady_us(r) >= r->again_us) submit_one(r);
    return r->visits.version != before;
}
