/* What the program does by itself: records closed where an alarm says that the link is contradicted, and what a crash left undone. */
#include "service/review/inside.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the accesses under a link that was undone ---- */

struct listing_job {
    struct side_job job;
    struct review *r;
    struct review_alarm *alarm;
    struct unlink_link link;
    char member[REVIEW_MEMBER_MAX], resident[REVIEW_RESIDENT_MAX], ledger[PATH_MAX];
    uint32_t accesses;
    enum err err;
    struct review_order order;
};

static void work(struct side_job *job) {
    struct listing_job *j = job->context;
    struct diag d;
    j->err = unlink_list(j->r->s.world, j->ledger, j->r->s.decisions, &j->link, &j->accesses, &d);
}

static void dropped(struct side_job *job) {
    struct listing_job *j = job->context;
    j->r->owed--;
    free(j);
}

static void listed(struct review_order *o) {
    struct listing_job *j = o->context;
    j->alarm->list_err = o->err;
    j->r->owed--;
    free(j);
}

static void worked(struct side_job *job) {
    struct listing_job *j = job->context;
    j->order = (struct review_order){.alarm = j->alarm, .done = listed, .context = j, .err = j->err, .event_count = 1};
    if (j->err != ERR_OK) return listed(&j->order);
    struct review_event *e = &j->order.events[0];
    *e = (struct review_event){.kind = REVIEW_ACCESSES_LISTED,
                               .at_us = j->r->s.world->now_us(j->r->s.world),
                               .member = j->link.member,
                               .resident = j->link.resident,
                               .count = j->accesses};
    memcpy(e->alarm, j->link.alarm, sizeof e->alarm);
    memcpy(e->pseudonym, j->link.pseudonym, sizeof e->pseudonym);
    order_start(j->r, &j->order);
}

enum err follow_unlinked(struct review *r, struct review_alarm *a) {
    const struct review_about *about = a->about;
    if (r->side == NULL) return ERR_UNAVAILABLE; /* the program ends; the next start does it */
    struct listing_job *j = calloc(1, sizeof *j);
    if (j == NULL) return ERR_MEMORY;
    j->r = r, j->alarm = a;
    j->link = (struct unlink_link){.insurer = about->insurer, .at_us = about->at_us};
    memcpy(j->link.alarm, a->id, sizeof j->link.alarm);
    memcpy(j->link.pseudonym, about->pseudonym, sizeof j->link.pseudonym);
    memcpy(j->member, about->member.p, about->member.n);
    memcpy(j->resident, about->resident.p, about->resident.n);
    j->link.member = str_of(j->member, about->member.n), j->link.resident = str_of(j->resident, about->resident.n);
    j->job = (struct side_job){.work = work, .done = worked, .dropped = dropped, .context = j};
    if (snprintf(j->ledger, sizeof j->ledger, "%s/ledger", r->s.store) >= (int)sizeof j->ledger)
        return free(j), ERR_LIMIT;
    r->owed++;
    side_work_put(r->side, &j->job);
    return ERR_OK;
}

/* ---- at the start ---- */

enum { AT_ONCE = 1024 }; /* records on their way together: one sync carries them */

struct closing {
    struct review_order order;
    struct alarm detail;
    struct arena arena;
    enum err *err;
};

static void closed(struct review_order *o) {
    struct closing *c = o->context;
    if (o->err != ERR_OK) *c->err = o->err;
    arena_fini(&c->arena);
    free(c);
}

/* Whom it is about: the last decision says, else the alarm's line. */
static enum err fill_closing(struct review *r, struct closing *c, struct review_alarm *a, struct diag *d) {
    struct review_event *e = &c->order.events[0];
    if (a->about == NULL) {
        TRY(review_read(r, a, &c->arena, &c->detail, d));
        c->order.detail = &c->detail;
        return order_fill(r, &c->order);
    }
    *e = (struct review_event){.kind = c->order.kind,
                               .at_us = r->s.world->now_us(r->s.world),
                               .member = a->about->member,
                               .resident = a->about->resident};
    memcpy(e->alarm, a->id, sizeof e->alarm);
    memcpy(e->pseudonym, a->about->pseudonym, sizeof e->pseudonym);
    c->order.event_count = 1;
    return ERR_OK;
}

static enum err close_records(struct review *r, struct review_alarm *a, enum review_kind kind, enum err *err,
                              struct diag *d) {
    struct closing *c = calloc(1, sizeof *c);
    if (c == NULL) return diag_set(d, ERR_MEMORY, "records", NULL);
    c->err = err;
    c->order = (struct review_order){.kind = kind, .alarm = a, .done = closed, .context = c};
    arena_init(&c->arena, 4 << 20);
    enum err e = fill_closing(r, c, a, d);
    if (e == ERR_OK) return order_start(r, &c->order), ERR_OK;
    arena_fini(&c->arena);
    free(c);
    return e;
}

/* Closed as soon as an alarm says contradiction or a reviewer believes the link wrong; open where it was found right. 0: as they should be. */
static int records_due(const struct review_alarm *a) {
    enum review_state s = a->state.state;
    bool doubted = s == REVIEW_STATE_PROPOSED || s == REVIEW_STATE_SPLIT || s == REVIEW_STATE_UNLINKED;
    bool contradicted = a->bytes && a->next == NEXT_CLOSE_RECORDS && s != REVIEW_STATE_RIGHT;
    if ((doubted || contradicted) && !a->state.closed) return REVIEW_RECORDS_CLOSED;
    return s == REVIEW_STATE_RIGHT && a->state.closed ? REVIEW_RECORDS_OPENED : 0;
}

enum err follow_up(struct review *r, struct diag *d) {
    enum err late = ERR_OK;
    for (size_t i = 0; i < r->table_size; i++) {
        struct review_alarm *a = r->table[i];
        if (a == NULL) continue;
        int due = records_due(a);
        if (due) TRY(close_records(r, a, due, &late, d));
        if (a->state.state == REVIEW_STATE_UNLINKED && !a->listed) TRY(follow_unlinked(r, a));
        if (r->owed >= AT_ONCE) review_settle(r);
    }
    review_settle(r);
    return late == ERR_OK ? ERR_OK : diag_set(d, late, "records", NULL);
}
