#include "service/review/review.h"

#include "service/review/inside.h"
#include "state/store/member_row.h"
#include "state/store/store_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- opening ---- */

static enum err open_log(struct review *r, struct diag *d) {
    char path[PATH_MAX];
    TRY(world_make_folder(r->s.decisions, d));
    if (snprintf(path, sizeof path, "%s/ledger", r->s.decisions) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "--decisions", NULL);
    const struct ledger_settings s = {.folder = path,
                                      .writer = "review",
                                      .segment_bytes = r->s.segment_bytes ? r->s.segment_bytes : LEDGER_SEGMENT_SMALL,
                                      .wake = r->s.wake,
                                      .wake_context = r->s.context};
    return ledger_open(&r->log, r->s.world, &s, d);
}

static enum err open_parts(struct review *r, struct diag *d) {
    const struct verify_desk_settings desk = {.store = r->s.store,
                                              .writer = "review",
                                              .segment_bytes =
                                                  r->s.segment_bytes ? r->s.segment_bytes : LEDGER_SEGMENT_SMALL,
                                              .wake = r->s.wake,
                                              .wake_context = r->s.context};
    TRY(verify_desk_open(&r->desk, r->s.world, &desk, d));
    TRY(open_log(r, d)); /* first: it cuts off what a crash tore */
    TRY(decisions_replay(r, d));
    TRY(alarms_read(r, d));
    TRY(side_work_open(&r->side, r->s.wake, r->s.context, d));
    return follow_up(r, d);
}

enum err review_open(struct review **out, const struct review_settings *s, struct diag *d) {
    struct review *r = calloc(1, sizeof *r);
    if (r == NULL) return diag_set(d, ERR_MEMORY, "review", NULL);
    r->s = *s, r->file = -1;
    r->asker = (struct asker){.door = DOOR_COMMAND, .purpose = PURPOSE_OPERATION, .user = (uint32_t)getuid()};
    enum err e = open_parts(r, d);
    if (e == ERR_OK) return *out = r, ERR_OK;
    review_close(r);
    return e;
}

void review_close(struct review *r) {
    if (r == NULL) return;
    side_work_close(r->side);
    r->side = NULL;
    while (r->owed) ledger_drain(r->desk.ledger), ledger_drain(r->log); /* each hands on to the other */
    if (r->log) ledger_close(r->log);
    verify_desk_close(&r->desk);
    if (r->file >= 0) r->s.world->close(r->s.world, r->file);
    alarms_free(r);
    free(r);
}

void review_turn(struct review *r) {
    ledger_flush(r->desk.ledger);
    ledger_flush(r->log);
    store_turn(r->desk.coverage);
}

void review_woken(struct review *r) {
    (void)ledger_collect(r->desk.ledger);
    (void)ledger_collect(r->log);
    (void)side_work_collect(r->side);
    review_turn(r);
}

void review_settle(struct review *r) {
    while (r->owed) {
        review_woken(r);
        if (r->owed && side_work_idle(r->side)) ledger_drain(r->desk.ledger), ledger_drain(r->log);
        else if (r->owed) usleep(1000);
    }
}

size_t review_count(const struct review *r) { return r->list_n; }
struct review_alarm *review_at(const struct review *r, size_t i) {
    return r->list[i];
}
struct side_work *review_side_work(struct review *r) {
    return r->side;
}

bool review_list_path(const struct review *r, const uint8_t id[ALARM_ID_BYTES], char *out, size_t size) {
    char hex[2 * ALARM_ID_BYTES + 1];
    struct buf b = buf_over(hex, sizeof hex);
    alarm_id_put(&b, id), buf_u8(&b, 0);
    int n = snprintf(out, size, "%s/unlinked/%s.ndjson", r->s.decisions, hex);
    return n > 0 && (size_t)n < size;
}

/* ---- recording, in both logs ---- */

static void finish(struct review_order *o, enum err e) {
    o->err = e;
    o->review->owed--;
    if (o->kind == REVIEW_DECIDED) o->alarm->pending = false;
    o->done(o);
}

/* What the person will find in the log of accesses; 0: nothing. */
static int audit_kind(const struct review_order *o, const struct review_event *e) {
    struct review_case after;
    switch (e->kind) {
    case REVIEW_SEEN: return AUDIT_REVIEW;
    case REVIEW_RECORDS_CLOSED: return AUDIT_RECORDS_CLOSED;
    case REVIEW_RECORDS_OPENED: return AUDIT_RECORDS_OPENED;
    case REVIEW_DECIDED:
        after = o->alarm->state;
        review_apply(&after, e->decision, e->reviewer);
        return after.state == REVIEW_STATE_UNLINKED ? AUDIT_UNLINKED : 0;
    default: return 0;
    }
}

static void step(struct review_order *o);

static void audited(struct ledger_ticket *t) {
    struct review_order *o = t->context;
    if (t->err != ERR_OK) return finish(o, t->err);
    o->audited = true;
    step(o);
}

static enum err audit(struct review_order *o, const struct review_event *e, int kind) {
    static const uint8_t none[REVIEW_PSEUDONYM_BYTES];
    struct audit_event a = {.kind = kind, .at_us = e->at_us, .on = DAY_NONE, .ratio = RATIO_NONE};
    memcpy(a.subject, e->pseudonym, sizeof a.subject);
    a.subject_kind = memcmp(e->pseudonym, none, sizeof none) ? SUBJECT_MEMBER : SUBJECT_NONE;
    o->ticket = (struct ledger_ticket){.done = audited, .context = o};
    enum err err = verify_record(&o->review->desk, &o->review->asker, &o->ticket, &a);
    if (err == ERR_OK) ledger_flush(o->review->desk.ledger);
    return err;
}

static void recorded(struct ledger_ticket *t) {
    struct review_order *o = t->context;
    enum err e = t->err;
    if (e == ERR_OK) e = event_apply(o->review, &o->events[o->at]);
    if (e != ERR_OK) return finish(o, e);
    o->at++, o->audited = false;
    step(o);
}

static enum err append(struct review_order *o, const struct review_event *e) {
    char room[REVIEW_EVENT_BYTES_MAX];
    struct buf b = buf_over(room, sizeof room);
    review_event_put(&b, e);
    invariant(buf_ok(&b));
    o->ticket = (struct ledger_ticket){.done = recorded, .context = o};
    enum err err = ledger_append(o->review->log, &o->ticket, buf_str(&b));
    if (err == ERR_OK) ledger_flush(o->review->log);
    return err;
}

static void follow_decision(struct review_order *o) {
    struct review_alarm *a = o->alarm;
    if (o->events[0].kind != REVIEW_DECIDED || a->state.state != REVIEW_STATE_UNLINKED) return;
    enum err e = follow_unlinked(o->review, a);
    if (e != ERR_OK) a->list_err = e; /* the link is undone all the same; the next start tries again */
}

static void step(struct review_order *o) {
    if (o->at == o->event_count) return follow_decision(o), finish(o, ERR_OK);
    const struct review_event *e = &o->events[o->at];
    int kind = audit_kind(o, e);
    enum err err = kind && !o->audited ? audit(o, e, kind) : append(o, e);
    if (err != ERR_OK) finish(o, err);
}

void order_start(struct review *r, struct review_order *o) {
    o->review = r, o->at = 0, o->audited = false;
    r->owed++;
    if (o->kind == REVIEW_DECIDED) o->alarm->pending = true;
    step(o);
}

/* ---- what is asked for ---- */

/* The member's pseudonym; zeros when the store does not have exactly one. */
struct found {
    const struct alarm *alarm;
    struct arena arena;
    uint8_t pseudonym[REVIEW_PSEUDONYM_BYTES];
    size_t matches;
};

static void got_card(struct store_read *read) {
    struct found *f = read->context;
    struct day birth = DAY_NONE;
    bool said = day_parse(f->alarm->record.birth, &birth);
    for (size_t i = 0; read->err == ERR_OK && i < read->finds[0].count; i++) {
        struct member m;
        const struct store_row *row = &read->finds[0].rows[i];
        if (member_row_read(&f->arena, row->key, row->value, &m) != ERR_OK) continue;
        if (m.id.branch != f->alarm->member.branch || (said && !day_eq(m.birth, birth))) continue;
        memcpy(f->pseudonym, m.pseudonym, sizeof f->pseudonym);
        f->matches++;
    }
}

static enum err find_pseudonym(struct review *r, const struct alarm *alarm, uint8_t out[REVIEW_PSEUDONYM_BYTES]) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    struct found f = {.alarm = alarm};
    memset(out, 0, REVIEW_PSEUDONYM_BYTES);
    if (store_key_card(&key, alarm->insurer, &alarm->member) != ERR_OK) return ERR_OK;
    arena_init(&f.arena, 2 * STORE_ROWS_MAX * MEMBER_ROW_MAX);
    struct store_find find = {.table = STORE_MEMBER, .prefix = buf_str(&key)};
    struct store_read read = {.finds = &find, .find_count = 1, .done = got_card, .context = &f};
    store_read_now(r->desk.coverage, &read);
    arena_fini(&f.arena);
    if (read.err == ERR_OK && f.matches == 1) memcpy(out, f.pseudonym, sizeof f.pseudonym);
    return read.err;
}

enum err order_fill(struct review *r, struct review_order *o) {
    struct review_event *e = &o->events[0];
    struct buf member = buf_over(o->member, sizeof o->member);
    *e = (struct review_event){.kind = o->kind,
                               .decision = o->decision,
                               .at_us = r->s.world->now_us(r->s.world),
                               .reviewer = o->reviewer,
                               .reason = o->reason};
    o->event_count = 1;
    if (o->reviewer.n > REVIEWER_NAME_MAX || o->reason.n > REVIEW_REASON_MAX) return ERR_LIMIT;
    if (o->alarm == NULL) return ERR_OK;
    alarm_member_put(&member, o->detail->insurer, &o->detail->member);
    if (!buf_ok(&member)) return ERR_LIMIT;
    memcpy(e->alarm, o->alarm->id, sizeof e->alarm);
    e->member = buf_str(&member), e->resident = o->detail->resident;
    return find_pseudonym(r, o->detail, e->pseudonym);
}

static void refuse(struct review_order *o, enum err e) {
    o->err = e;
    o->done(o);
}

void review_record(struct review *r, struct review_order *o) {
    bool decides = o->kind == REVIEW_DECIDED;
    if (!decides) o->decision = DECISION_NONE;
    enum err e = decides && o->alarm->pending ? ERR_BUSY : ERR_OK;
    if (e == ERR_OK && decides) e = review_may(&o->alarm->state, o->decision, o->reviewer, o->reason);
    if (e == ERR_OK) e = order_fill(r, o);
    if (e != ERR_OK) return refuse(o, e);
    int records = decides ? review_records(&o->alarm->state, o->decision, o->reviewer) : 0;
    if (records) {
        struct review_event *second = &o->events[o->event_count++];
        *second = o->events[0];
        second->kind = records, second->decision = DECISION_NONE;
        second->reviewer = second->reason = S("");
    }
    order_start(r, o);
}
