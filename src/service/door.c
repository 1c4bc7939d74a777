#include "service/door.h"

#include "service/paper_lists.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>

/* Reading the clock costs as much as everything else that is counted: four requests in a row share a look at it. */
enum { CLOCK_SHARED = 4 };

static int64_t clock_us(struct door *d) {
    if (d->clock_good == 0) {
        d->clock_us = d->world->steady_us(d->world);
        d->clock_good = CLOCK_SHARED;
    }
    d->clock_good--;
    return d->clock_us;
}

/* ---- the worker ---- */

static void wake(void *context) { http_wake(context); }

/* Only a convenience: without the thread each page is read when a question first needs it. */
static void *warm(void *context) {
    struct door *d = context;
    store_warm(d->desk.coverage, &d->closing);
    return NULL;
}

enum err door_open(struct door *d, struct world *w, struct http_loop *loop, struct str store, unsigned worker,
                   struct diag *diag) {
    char writer[LEDGER_WRITER_MAX], revoked[PATH_MAX], line[PATH_MAX], keys[PATH_MAX];
    *d = (struct door){.world = w, .loop = loop};
    if (sodium_init() < 0) return diag_set(diag, ERR_CRYPTO, "sodium", NULL);
    if (!str_to_c(store, d->store, sizeof d->store)) return diag_set(diag, ERR_LIMIT, "store", NULL);
    if (snprintf(revoked, sizeof revoked, "%s/run/keys/revoked", d->store) >= (int)sizeof revoked ||
        snprintf(line, sizeof line, "%s/run/desk.sock", d->store) >= (int)sizeof line ||
        snprintf(keys, sizeof keys, "%s/run/keys", d->store) >= (int)sizeof keys)
        return diag_set(diag, ERR_LIMIT, "store", NULL);
    snprintf(writer, sizeof writer, "door-%u", worker);
    struct verify_desk_settings s = {
        .store = d->store, .writer = writer, .attests = true, .wake = wake, .wake_context = loop};
    TRY(standing_open(&d->standing, w, revoked, diag));
    enum err e = verify_desk_open(&d->desk, w, &s, diag);
    if (e == ERR_OK) e = desk_line_open(&d->line, line, wake, loop, diag);
    /* After the log: a worker of the same number still has it while it ends, and its figures with it. */
    if (e == ERR_OK) e = figures_open(&d->figures, d->store, worker + 1, w->now_us(w), diag);
    if (e == ERR_OK) e = paper_lists_open(&d->papers, w, keys, diag);
    if (e == ERR_OK) {
        figures_set(d->figures.slot->workers, 1);
        d->warming = pthread_create(&d->warmer, NULL, warm, d) == 0;
    } else door_close(d);
    return e;
}

static void count_log(struct door *d) {
    struct ledger_figures l = ledger_figures(d->desk.ledger);
    figures_log(&d->figures, &l);
}

void door_close(struct door *d) {
    atomic_store(&d->closing, true);
    if (d->warming) pthread_join(d->warmer, NULL);
    if (d->line) desk_line_close(d->line);
    if (d->figures.file) {
        ledger_drain(d->desk.ledger);
        count_log(d);
    }
    verify_desk_close(&d->desk); /* what was appended becomes durable and is answered */
    standing_close(d->standing);
    paper_lists_close(d->papers);
    figures_close(&d->figures);
    *d = (struct door){0};
}

void door_turn(struct door *d) {
    d->clock_good = 0;
    ledger_flush(d->desk.ledger);
    store_turn(d->desk.coverage);
    if (d->desk.desk) store_turn(d->desk.desk);
    if (d->desk.ways) store_turn(d->desk.ways);
}

void door_woken(struct door *d) {
    d->clock_good = 0;
    (void)ledger_collect(d->desk.ledger);
    desk_line_collect(d->line);
    d->clock_good = 0;
    count_log(d);
}

/* ---- who asks ---- */

static enum err find_asker(struct door *d, const struct http_peer *p, struct asker *out, struct diag *diag) {
    if (!p->verified) return diag_set(diag, ERR_UNAUTHENTICATED, "", NULL);
    if (institution_code_parse(str_c(p->subject_serial), &out->institution) != ERR_OK)
        return diag_set(diag, ERR_UNAUTHENTICATED, "subject.serialNumber", "not an institution's code");
    if (!standing_good(d->standing, p->fingerprint))
        return diag_set(diag, ERR_FORBIDDEN, "certificate", "it was revoked");
    return ERR_OK;
}

enum err door_asker(struct door *d, const struct http_exchange *x, enum audit_door entrance, struct asker *out,
                    struct diag *diag) {
    *out = (struct asker){.door = entrance, .purpose = PURPOSE_TREATMENT};
    enum err e = find_asker(d, &x->request.peer, out, diag);
    if (e != ERR_OK) figures_refused(&d->figures, e);
    return e;
}

/* ---- answering later ---- */

struct door_call *door_call_new(struct door *d, struct http_exchange *x, void (*write)(struct door_call *),
                                void *context) {
    struct door_call *c = arena_new(&x->arena, sizeof *c);
    if (c == NULL) return NULL;
    c->door = d, c->x = x, c->write = write, c->context = context;
    c->began_us = clock_us(d);
    c->verify.arena = &x->arena;
    c->verify.kind = AUDIT_QUESTION;
    c->verify.question.on = DAY_NONE;
    return c;
}

static void count(const struct door_call *c) {
    struct figures *f = &c->door->figures;
    if (c->asked) figures_settled(f);
    if (c->verify.err != ERR_OK) return figures_refused(f, c->verify.err);
    if (!c->asked) return;
    figures_answered(f, c->verify.answer.verdict.validity);
    figures_took(f, clock_us(c->door) - c->began_us);
}

void door_finish(struct door_call *c) {
    count(c);
    if (c->written && c->verify.err != ERR_OK) {
        buf_reset(&c->x->reply.body);
        c->x->reply.header_count = 0;
        c->written = false;
    }
    if (!c->written) c->write(c);
    c->finished = true;
    if (!c->inside) http_done(c->x);
}

/* Written while the facts are still in the processor's caches; it waits in the reply until the log has the record. */
static void decided(struct verify_call *v) {
    struct door_call *c = v->context;
    c->write(c);
    c->written = true;
}

static void answered(struct verify_call *v) { door_finish(v->context); }

enum http_step door_ask(struct door_call *c) {
    c->verify.decided = decided, c->verify.done = answered, c->verify.context = c;
    c->inside = c->asked = true;
    figures_asked(&c->door->figures, c->verify.asker.door);
    verify_start(&c->door->desk, &c->verify);
    c->inside = false;
    return c->finished ? HTTP_NOW : HTTP_LATER;
}

/* The refusal is answered even when the log could not take it: nothing of a person leaves with it. */
static void refused(struct ledger_ticket *t) { door_finish(t->context); }

enum http_step door_refuse(struct door_call *c) {
    c->verify.err = c->verify.diag.err;
    c->verify.ticket = (struct ledger_ticket){.done = refused, .context = c};
    c->inside = true;
    verify_refused(&c->door->desk, &c->verify.asker, c->verify.err, &c->verify.ticket);
    c->inside = false;
    return c->finished ? HTTP_NOW : HTTP_LATER;
}
