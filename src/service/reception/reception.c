#include "service/reception/reception.h"

static int64_t steady_us(const struct reception *r) { return r->settings.world->steady_us(r->settings.world); }
static int64_t now_us(const struct reception *r) { return r->settings.world->now_us(r->settings.world); }

static void forget_old(struct reception *r) {
    if (r->settings.memory.sweep) r->settings.memory.sweep(r->settings.memory.context);
}

enum err reception_open(struct reception *r, const struct reception_settings *s, struct diag *d) {
    *r = (struct reception){.settings = *s};
    TRY(visits_open(&r->visits, s->world, s->folder, d));
    enum err e = record_open(&r->record, s->world, s->log, s->institution, d);
    if (e == ERR_OK) e = centre_line_open(&r->line, &s->asker, s->wake, s->context, d);
    if (e != ERR_OK) record_close(&r->record), visits_close(&r->visits);
    else forget_old(r);
    return e;
}

void reception_close(struct reception *r) {
    centre_line_close(r->line);
    record_close(&r->record);
    visits_close(&r->visits);
}

static enum err put_message(const struct reception *r, const struct visit *v, struct buf *message) {
    buf_init(message, CENTRE_REPLY_MAX);
    enum err e = r->settings.form->put_message(message, v, r->settings.institution);
    return e == ERR_OK && !buf_ok(message) ? ERR_MEMORY : e;
}

static bool submit(struct reception *r, struct visit *v) {
    struct buf message;
    enum err e = put_message(r, v, &message);
    if (e == ERR_OK) e = centre_line_ask(r->line, v->id, buf_str(&message));
    buf_fini(&message);
    v->asking = e == ERR_OK;
    v->tried = ++r->tries;
    return v->asking;
}

static bool is_open(const struct visit *v) {
    return (v->state == VISIT_WAITING || v->state == VISIT_SILENT) && !v->asking && v->removed_us == 0;
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

static void heard_from(struct reception *r) {
    r->silent = false, r->heard = true;
    r->failures = 0;
    r->visits.version++; /* the centre's state is shown too */
}

/* ---- what is remembered ---- */

static void forget_answer(struct visit *v) {
    buf_reset(&v->answer);
    v->told_us = 0;
}

/* As if the centre had said it: read by the same reader, bound to the same visit. */
static void recall(struct reception *r, struct visit *v) {
    const struct reception_memory *m = &r->settings.memory;
    struct buf message, reply;
    struct diag d;
    if (m->recall == NULL) return;
    buf_init(&reply, CENTRE_REPLY_MAX);
    enum err e = put_message(r, v, &message);
    if (e == ERR_OK) e = m->recall(m->context, buf_str(&message), &reply, &v->told_us, &d);
    if (e == ERR_OK) e = r->settings.form->read_answer(buf_str(&reply), v, &v->answer, &d);
    if (e != ERR_OK || !buf_ok(&v->answer)) forget_answer(v);
    buf_fini(&message), buf_fini(&reply);
}

/* Nobody answers. A centre that refuses the window, or asks for patience, is there. */
static bool is_silence(enum err why) { return why == ERR_UNAVAILABLE || why == ERR_TIMEOUT; }

static void become_silent(struct reception *r, struct visit *v, enum err why) {
    v->state = VISIT_SILENT, v->why = why;
    /* What a paper says needs no centre. */
    if (!is_silence(why) && v->proof != PROOF_PAPER) forget_answer(v);
    else if (v->told_us == 0) recall(r, v);
    keep(r, v);
}

/* ---- one patient after the other ---- */

static void begin_asking(struct reception *r, struct visit *v) {
    if (r->silent) become_silent(r, v, r->why); /* at once: nobody waits to learn what is known already */
    (void)submit(r, v);
}

static enum err tell(struct reception *r, const struct visit *v, struct diag *d) {
    return record_put(&r->record, AUDIT_RECEIVED, v->proof, v->id, d);
}

static enum err receive(struct reception *r, struct visit *v, struct diag *d) {
    TRY(visits_add(&r->visits, v, d));
    enum err e = tell(r, v, d);
    if (e == ERR_OK) return ERR_OK;
    visits_forget(&r->visits, v);
    return e;
}

enum err reception_receive(struct reception *r, struct visit *v, struct diag *d) {
    v->state = VISIT_DESK;
    return receive(r, v, d);
}

static enum err receive_card(struct reception *r, struct str reply, struct visit *v, struct diag *d) {
    TRY(r->settings.form->read_card(reply, v, &v->answer, d));
    v->way = VISIT_BY_CARD;
    v->state = VISIT_ANSWERED;
    v->settled_us = now_us(r);
    return receive(r, v, d);
}

enum err reception_receive_card(struct reception *r, const char *id, struct str reply, unsigned *number,
                                struct diag *d) {
    struct visit *v = visit_new();
    if (v == NULL) return diag_set(d, ERR_MEMORY, "visit", NULL);
    invariant(str_to_c(str_c(id), v->id, sizeof v->id));
    enum err e = receive_card(r, reply, v, d);
    if (e != ERR_OK) return visit_free(v), e;
    *number = v->number;
    heard_from(r);
    return ERR_OK;
}

enum err reception_ask(struct reception *r, struct visit *v, struct diag *d) {
    TRY(receive(r, v, d));
    begin_asking(r, v);
    return ERR_OK;
}

static void copy_question(struct visit *to, const struct visit *typed) {
    to->insurer = typed->insurer, to->birth = typed->birth, to->branch = typed->branch;
    to->limit_consent = typed->limit_consent;
    memcpy(to->symbol, typed->symbol, sizeof to->symbol);
    memcpy(to->insured_number, typed->insured_number, sizeof to->insured_number);
    memcpy(to->chart, typed->chart, sizeof to->chart);
    if (typed->name[0]) memcpy(to->name, typed->name, sizeof to->name);
}

static void copy_answer(struct visit *to, const struct visit *typed) {
    memcpy(to->said, typed->said, sizeof to->said);
    buf_reset(&to->answer);
    buf_put(&to->answer, buf_str(&typed->answer));
    to->told_us = typed->told_us;
}

enum err reception_complete(struct reception *r, struct str id, const struct visit *typed, struct visit **out,
                            struct diag *d) {
    struct visit *v = visits_find(&r->visits, id);
    if (v == NULL || v->state != VISIT_DESK || v->removed_us) return diag_set(d, ERR_NOT_FOUND, "visit", NULL);
    if (typed->proof == PROOF_STAFF || typed->proof == PROOF_PAPER || v->proof == PROOF_NONE) {
        TRY(record_put(&r->record, AUDIT_RECEIVED, typed->proof, v->id, d));
        v->proof = typed->proof;
    }
    copy_question(v, typed);
    if (typed->proof == PROOF_PAPER) copy_answer(v, typed);
    v->state = VISIT_WAITING;
    keep(r, v);
    begin_asking(r, v);
    *out = v;
    return ERR_OK;
}

/* ---- off the list, and back ---- */

static bool may_return(const struct reception *r, const struct visit *v) {
    int64_t since = now_us(r) - v->removed_us; /* a clock that was set back gives nobody longer */
    return since >= 0 && since < (int64_t)RECEPTION_UNDO_S * 1000000;
}

static enum err set_removed(struct reception *r, struct str id, int64_t removed_us, struct visit **out,
                            struct diag *d) {
    struct visit *v = visits_find(&r->visits, id);
    bool back = removed_us == 0;
    if (v == NULL || back != (v->removed_us != 0) || (back && !may_return(r, v)))
        return diag_set(d, ERR_NOT_FOUND, "id", NULL);
    TRY(record_put(&r->record, back ? AUDIT_VISIT_RESTORED : AUDIT_VISIT_REMOVED, PROOF_NONE, v->id, d));
    v->removed_us = removed_us;
    r->kept_badly = visits_keep(&r->visits, v, d);
    *out = v;
    return ERR_OK;
}

enum err reception_remove(struct reception *r, struct str id, struct visit **out, struct diag *d) {
    return set_removed(r, id, now_us(r), out, d);
}

enum err reception_restore(struct reception *r, struct str id, struct visit **out, struct diag *d) {
    return set_removed(r, id, 0, out, d);
}

static void erase_removed(struct reception *r) {
    for (size_t i = r->visits.count; i-- > 0;) {
        struct visit *v = r->visits.list[i];
        if (v->removed_us && !may_return(r, v)) visits_drop(&r->visits, v);
    }
}

/* ---- what the line brings ---- */

/* 2, 4, 8, 16, 30, 30 … seconds: soon for a short break, and a long one is not made worse by thousands of windows. */
static void fell_silent(struct reception *r, struct visit *v, enum err why) {
    int64_t pause_s = r->failures < 4 ? 2 << r->failures : RECEPTION_AGAIN_MAX_S;
    if (!r->silent) r->silent_since_us = now_us(r);
    r->silent = true, r->why = why;
    r->failures++;
    r->again_us = steady_us(r) + pause_s * 1000000;
    if (v->state != VISIT_SILENT || v->why != why) become_silent(r, v, why);
}

/* 408 and 429 are about the moment, 401 about our certificate; the other refusals of a client's are about the question. */
static bool refuses_question(int status) {
    return status >= 400 && status < 500 && status != 401 && status != 408 && status != 429;
}

static void answered(struct reception *r, struct visit *v) {
    heard_from(r);
    keep(r, v);
}

/* 502 to 504 come from what stands before a centre that does not answer; the others from one that is there. */
static enum err why_of(int status) {
    if (status >= 502 && status <= 504) return ERR_UNAVAILABLE;
    if (status == 401) return ERR_UNAUTHENTICATED;
    return status < 500 ? ERR_BUSY : ERR_IO;
}

static void settle_answer(struct reception *r, struct visit *v, struct str reply) {
    struct diag d = {0};
    struct buf answer;
    buf_init(&answer, VISIT_ANSWER_MAX);
    v->why = r->settings.form->read_answer(reply, v, &answer, &d);
    if (v->why == ERR_OK && !buf_ok(&answer)) v->why = ERR_LIMIT;
    v->state = v->why == ERR_OK ? VISIT_ANSWERED : VISIT_REFUSED;
    bool shown = v->told_us != 0;
    v->changed = shown && (v->why != ERR_OK || !r->settings.form->same(buf_str(&v->answer), buf_str(&answer)));
    forget_answer(v);
    if (v->state == VISIT_REFUSED) r->settings.form->read_refusal(reply, v);
    else buf_put(&v->answer, buf_str(&answer));
    buf_fini(&answer);
}

static void settle(struct reception *r, struct visit *v, const struct centre_reply *reply) {
    const struct reception_memory *m = &r->settings.memory;
    if (reply->err != ERR_OK) return fell_silent(r, v, reply->err);
    if (refuses_question(reply->status)) {
        v->changed = v->told_us != 0;
        v->state = VISIT_REFUSED, v->why = ERR_VALUE;
        forget_answer(v);
        r->settings.form->read_refusal(buf_str(&reply->body), v);
        return answered(r, v);
    }
    if (reply->status != 200) return fell_silent(r, v, why_of(reply->status));
    settle_answer(r, v, buf_str(&reply->body));
    answered(r, v);
    if (v->state == VISIT_ANSWERED && m->keep) m->keep(m->context, buf_str(&reply->body));
}

bool reception_turn(struct reception *r) {
    uint64_t before = r->visits.version;
    if (visits_turn(&r->visits)) forget_old(r);
    erase_removed(r);
    for (struct centre_reply *reply; (reply = centre_line_take(r->line)); centre_reply_free(reply)) {
        struct visit *v = visits_find(&r->visits, str_c(reply->id));
        if (v == NULL || !v->asking) continue; /* its day is over, or it was removed */
        v->asking = false;
        settle(r, v, reply);
    }
    if (!r->silent) submit_open(r);
    else if (steady_us(r) >= r->again_us) submit_one(r);
    return r->visits.version != before;
}
