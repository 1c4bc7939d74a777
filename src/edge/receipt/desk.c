/* The desk's half: messages in, jobs worked in slices, results out. */
#include "edge/receipt/desk.h"

#include "edge/receipt/answer.h"
#include "edge/receipt/handle.h"
#include "service/card_desk.h"
#include "service/figures.h"
#include "service/reference.h"

#include <stdlib.h>

enum {
    CALL_ARENA = 1 << 20, /* of one question; its facts are a few kilobytes */
    SWEEP_TICKS = 60      /* about a minute between two looks for jobs to forget */
};

/* A job being answered. */
struct working {
    bool on;
    struct job job;
    struct arena arena; /* of the message */
    struct request request;
    size_t next;
    struct bulk_counts counts;
    struct buf asked, units;
    struct writer writer;
};

struct receipt_desk {
    struct verify_desk *v;
    struct store *people; /* opened at first use */
    struct working w;
    struct card_desk card;
    struct arena arena, slice; /* of one message; of one slice's questions */
    struct verify_call *calls; /* RECEIPT_SLICE of them */
    bool look;                 /* a job may wait: one was taken in, or a second has gone by */
    unsigned ticks;
};

static const struct request no_request = {.on = DAY_NONE};

/* ---- messages ---- */

struct message {
    struct receipt_desk *desk;
    struct request request;
    struct asker asker;
    int64_t now_us;
    struct buf *reply;
    struct diag diag;
};

static void ignore(struct ledger_ticket *t) { (void)t; }

static enum err record(struct message *m, struct audit_event *e) {
    struct ledger_ticket t = {.done = ignore};
    e->at_us = m->now_us, e->on = DAY_NONE, e->ratio = RATIO_NONE;
    enum err result = verify_record(m->desk->v, &m->asker, &t, e);
    if (result == ERR_OK) ledger_drain(m->desk->v->ledger), result = t.err;
    return result == ERR_OK ? ERR_OK : diag_set(&m->diag, result, "ledger", NULL);
}

static enum err submit(struct message *m, struct str body, size_t count) {
    struct job job = {.institution = m->asker.institution, .kind = m->request.kind, .submitted_us = m->now_us};
    job.on = day_is(m->request.on) ? m->request.on : day_in_japan(m->now_us);
    struct audit_event e = {.kind = AUDIT_BULK_SUBMIT, .count = (uint32_t)count};
    struct writer w = writer_of(m->reply, CARRIER_JSON);
    TRY(job_submit(m->desk->v->desk, m->desk->v->world, &job, body, &m->diag));
    m->desk->look = true;
    memcpy(e.id, job.id, sizeof e.id);
    TRY(record(m, &e));
    answer_write_reception(&w, &m->request, m->now_us, str_c(job.reception), job.submitted_us);
    return ERR_OK;
}

static enum err hand_out(struct message *m) {
    struct job job = {0};
    struct buf units;
    struct writer w = writer_of(m->reply, CARRIER_JSON);
    struct audit_event e = {.kind = AUDIT_BULK_FETCH};
    TRY(job_find(m->desk->v->desk, m->asker.institution, m->request.reception_number, &job, &m->diag));
    enum message_kind asked_by = m->request.kind == MESSAGE_BULK_RESULT ? MESSAGE_BULK : MESSAGE_REGISTER_BULK;
    if (job.kind != (unsigned)asked_by) return diag_set(&m->diag, ERR_NOT_FOUND, "ReceptionNumber", NULL);
    m->request.on = job.on;
    if (job.state == JOB_WAITING) {
        answer_write_working(&w, &m->request, m->now_us);
        return ERR_OK;
    }
    memcpy(e.id, job.id, sizeof e.id);
    e.count = job.processed;
    if (job.state == JOB_ANSWERED) TRY(record(m, &e));
    buf_init(&units, DESK_MESSAGE_MAX);
    enum err result = job_hand_out(m->desk->v->desk, &job, &units, &m->diag);
    struct bulk_counts n = {job.processed, job.normal, job.errors};
    if (result == ERR_OK) answer_write_bulk(&w, &m->request, m->now_us, n, buf_str(&units));
    buf_fini(&units);
    return result;
}

static enum err register_one(struct message *m) {
    const struct registration *g = &m->request.registrations[0];
    struct writer w = writer_of(m->reply, CARRIER_JSON);
    TRY(reference_register(m->desk->v, &m->asker, g->insurer, &g->id, g->reference_number, &m->diag));
    answer_write_registered(&w, &m->request, m->now_us);
    return ERR_OK;
}

static enum err about_person(struct message *m, unsigned kind, struct tree *t, struct str body) {
    struct receipt_desk *r = m->desk;
    struct person_desk p = {.v = r->v,
                            .people = r->people,
                            .arena = &r->arena,
                            .asker = m->asker,
                            .now_us = m->now_us,
                            .request = m->request,
                            .reply = m->reply};
    enum err e =
        kind == MESSAGE_STATEMENT ? person_take_statement(&p, t, body, &m->diag) : person_ask_disaster(&p, t, &m->diag);
    r->people = p.people, m->request = p.request;
    return e;
}

static enum err act(struct message *m, unsigned kind, struct str body) {
    struct tree *t = NULL;
    if (kind >= MESSAGE_KINDS) return diag_set(&m->diag, ERR_PATH, "", NULL);
    TRY(tree_read_json(&m->desk->arena, body, &t, &m->diag));
    if (kind == MESSAGE_STATEMENT || kind == MESSAGE_DISASTER) return about_person(m, kind, t, body);
    TRY(request_read(&m->desk->arena, t, kind, &m->request, &m->diag));
    if (m->request.institution.n != m->asker.institution.n)
        return diag_set(&m->diag, ERR_INSTITUTION, "XmlMsg/MessageHeader/MedicalInstitutionCode", NULL);
    switch ((enum message_kind)kind) {
    case MESSAGE_BULK: return submit(m, body, m->request.unit_count);
    case MESSAGE_REGISTER_BULK: return submit(m, body, m->request.registration_count);
    case MESSAGE_BULK_RESULT:
    case MESSAGE_REGISTER_BULK_RESULT: return hand_out(m);
    case MESSAGE_REGISTER: return register_one(m);
    default: return diag_set(&m->diag, ERR_PATH, "", NULL);
    }
}

static unsigned answer(void *context, unsigned kind, struct institution_code institution, struct str body,
                       struct buf *reply) {
    struct receipt_desk *r = context;
    if (card_desk_takes(kind)) return card_desk_answer(&r->card, kind, institution, body, reply);
    struct message m = {.desk = r, .request = no_request, .reply = reply, .now_us = r->v->world->now_us(r->v->world)};
    m.asker = (struct asker){.door = DOOR_BULK, .purpose = PURPOSE_TREATMENT, .institution = institution};
    m.request.kind = kind < MESSAGE_KINDS ? kind : MESSAGE_BULK;
    enum err e = act(&m, kind, body);
    if (e != ERR_OK) {
        struct audit_event refused = {.kind = AUDIT_REFUSED, .refusal = err_number(e)};
        struct diag why = m.diag;
        if (r->v->figures) figures_refused(r->v->figures, e);
        struct writer w = writer_of(reply, CARRIER_JSON);
        (void)!record(&m, &refused);
        buf_reset(reply);
        answer_write_error(&w, &m.request, m.now_us, &why);
    }
    arena_reset(&r->arena);
    return e == ERR_OK ? 200 : (unsigned)err_info(e)->http;
}

/* ---- jobs ---- */

static void begin_job(struct receipt_desk *r) {
    struct working *w = &r->w;
    struct tree *t = NULL;
    struct diag d = {0};
    r->look = job_next(r->v->desk, &w->job, &w->asked, &d) ==
              ERR_OK; /* a store that cannot be read is tried at the next tick */
    if (!r->look) return;
    w->request = no_request;
    w->next = 0, w->counts = (struct bulk_counts){0};
    buf_reset(&w->units);
    w->writer = writer_of(&w->units, CARRIER_JSON);
    /* It was read without fault when it was taken in. */
    w->on = tree_read_json(&w->arena, buf_str(&w->asked), &t, &d) == ERR_OK &&
            request_read(&w->arena, t, w->job.kind, &w->request, &d) == ERR_OK;
    if (w->on) return;
    arena_reset(&w->arena);
    r->look = job_answer(r->v->desk, &w->job, S(""), &d) == ERR_OK;
}

static void count(struct working *w, bool good) {
    w->counts.processed++;
    if (good) w->counts.normal++;
    else w->counts.errors++;
}

static void answered(struct verify_call *c) { (void)c; } /* the slice is read when all are */

/* For the operator's figures. */
static void note_asked(struct figures *f) {
    if (f) figures_asked(f, DOOR_BULK);
}

static void note_answered(struct figures *f, const struct verify_call *c) {
    if (f == NULL) return;
    figures_settled(f);
    if (c->err == ERR_OK) figures_answered(f, c->answer.verdict.validity);
    else figures_refused(f, c->err);
}

static void note_log(struct verify_desk *v) {
    struct ledger_figures l = ledger_figures(v->ledger);
    if (v->figures) figures_log(v->figures, &l);
}

static void start_question(struct receipt_desk *r, struct verify_call *c, const struct unit *u) {
    *c = (struct verify_call){.kind = AUDIT_BULK_QUESTION, .arena = &r->slice, .done = answered};
    c->asker = (struct asker){.door = DOOR_BULK, .purpose = PURPOSE_TREATMENT, .institution = r->w.job.institution};
    c->question = u->question;
    c->reference_number = u->reference_number;
    memcpy(c->job_id, r->w.job.id, sizeof c->job_id);
    note_asked(r->v->figures);
    if (u->err == ERR_OK) return verify_start(r->v, c);
    c->err = u->err, c->diag = u->diag;
}

/* Starts a slice, waits until the log has all of it, then writes the units in their order. */
static void answer_slice(struct receipt_desk *r, size_t n) {
    struct working *w = &r->w;
    for (size_t i = 0; i < n; i++) start_question(r, &r->calls[i], &w->request.units[w->next + i]);
    verify_settle(r->v);
    if (r->v->ways) store_turn(r->v->ways);
    store_turn(r->v->coverage); /* the next slice sees what was imported since */
    for (size_t i = 0; i < n; i++) {
        struct verify_call *c = &r->calls[i];
        const struct unit *u = &w->request.units[w->next + i];
        if (c->err == ERR_OK) answer_attest(r->v, &w->request, u, &c->answer, &r->slice);
        if (c->err == ERR_OK) answer_write_unit(&w->writer, u, &c->answer);
        else answer_write_unit_error(&w->writer, u, &c->diag);
        count(w, c->err == ERR_OK);
        note_answered(r->v->figures, c);
    }
    note_log(r->v);
    arena_reset(&r->slice);
}

static void register_slice(struct receipt_desk *r, size_t n) {
    struct working *w = &r->w;
    struct asker asker = {.door = DOOR_BULK, .purpose = PURPOSE_TREATMENT, .institution = w->job.institution};
    for (size_t i = 0; i < n; i++) {
        const struct registration *g = &w->request.registrations[w->next + i];
        struct diag d = g->diag;
        enum err e = g->err;
        if (e == ERR_OK) e = reference_register(r->v, &asker, g->insurer, &g->id, g->reference_number, &d);
        answer_write_registration_unit(&w->writer, g, e == ERR_OK ? NULL : &d);
        count(w, e == ERR_OK);
    }
}

static void end_job(struct receipt_desk *r) {
    struct working *w = &r->w;
    struct diag d = {0};
    w->job.processed = (uint32_t)w->counts.processed;
    w->job.normal = (uint32_t)w->counts.normal;
    w->job.errors = (uint32_t)w->counts.errors;
    r->look =
        job_answer(r->v->desk, &w->job, buf_str(&w->units), &d) == ERR_OK; /* else it still waits for the next tick */
    w->on = false;
    arena_reset(&w->arena);
    buf_fini(&w->units);
    buf_init(&w->units, DESK_MESSAGE_MAX);
}

static bool work(void *context) {
    struct receipt_desk *r = context;
    struct working *w = &r->w;
    if (!w->on && r->look) begin_job(r);
    if (!w->on) return false;
    bool questions = w->job.kind == MESSAGE_BULK;
    size_t total = questions ? w->request.unit_count : w->request.registration_count, left = total - w->next;
    size_t limit = questions ? RECEIPT_SLICE : RECEIPT_SLICE / 64; /* each registration is durable by itself */
    size_t n = left < limit ? left : limit;
    if (questions) answer_slice(r, n);
    else register_slice(r, n);
    w->next += n;
    if (w->next == total) end_job(r);
    return true;
}

static void tick(void *context) {
    struct receipt_desk *r = context;
    struct diag d = {0};
    note_log(r->v);
    card_desk_tick(&r->card);
    r->look = true;
    if (r->ticks++ % SWEEP_TICKS == 0) (void)!jobs_sweep(r->v->desk, r->v->world->now_us(r->v->world), &d);
}

/* ---- life ---- */

enum err receipt_desk_new(struct receipt_desk **out, struct verify_desk *v, struct str store, struct diag *d) {
    struct receipt_desk *r = calloc(1, sizeof *r);
    struct verify_call *calls = calloc(RECEIPT_SLICE, sizeof *calls);
    if (r == NULL || calls == NULL) {
        free(calls);
        free(r);
        return diag_set(d, ERR_MEMORY, "desk", NULL);
    }
    r->v = v, r->calls = calls;
    arena_init(&r->arena, TREE_ARENA_MAX);
    arena_init(&r->w.arena, TREE_ARENA_MAX);
    arena_init(&r->slice, (size_t)RECEIPT_SLICE * CALL_ARENA);
    buf_init(&r->w.asked, DESK_MESSAGE_MAX);
    buf_init(&r->w.units, DESK_MESSAGE_MAX);
    card_desk_open(&r->card, v, store);
    *out = r;
    return ERR_OK;
}

void receipt_desk_free(struct receipt_desk *r) {
    card_desk_close(&r->card);
    arena_fini(&r->arena);
    arena_fini(&r->w.arena);
    arena_fini(&r->slice);
    buf_fini(&r->w.asked);
    buf_fini(&r->w.units);
    if (r->people) store_close(r->people);
    free(r->calls);
    free(r);
}

struct desk_handler receipt_desk_handler(struct receipt_desk *r) {
    return (struct desk_handler){.context = r, .answer = answer, .work = work, .tick = tick};
}
