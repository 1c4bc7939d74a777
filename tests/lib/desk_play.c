#include "lib/desk_play.h"

#include "state/store/member_row.h"
#include "state/store/store_key.h"

#include <stdlib.h>

int64_t desk_play_now_us = 1780300800000000; /* 2026-06-01 17:00 in Japan */

static int64_t now(struct world *w) {
    (void)w;
    return desk_play_now_us;
}

void desk_play_begin(struct desk_play *p) {
    *p = (struct desk_play){.disk = sim_disk_new(1)};
    desk_play_now_us = 1780300800000000;
    struct world *w = sim_disk_world(p->disk);
    w->now_us = now;
    p->desk.world = w;
    arena_init(&p->arena, 64 << 20);
    memset(p->desk.unmatched_key, 'k', sizeof p->desk.unmatched_key);
    invariant(store_open(&p->desk.coverage, &(struct store_settings){.home = STORE_HOME_COVERAGE}, NULL) == ERR_OK);
    invariant(store_open(&p->desk.desk, &(struct store_settings){.home = STORE_HOME_DESK}, NULL) == ERR_OK);
    invariant(store_open(&p->cards, &(struct store_settings){.home = STORE_HOME_CARDS}, NULL) == ERR_OK);
    invariant(store_open(&p->desk.ways, &(struct store_settings){.home = STORE_HOME_WAYS}, NULL) == ERR_OK);
    struct ledger_settings s = {.folder = "ledger", .writer = "desk", .segment_bytes = LEDGER_SEGMENT_MIN};
    invariant(ledger_open(&p->desk.ledger, w, &s, NULL) == ERR_OK);
}

void desk_play_end(struct desk_play *p) {
    ledger_close(p->desk.ledger);
    store_close(p->desk.coverage);
    store_close(p->desk.desk);
    store_close(p->cards);
    store_close(p->desk.ways);
    arena_fini(&p->arena);
    sim_disk_free(p->disk);
}

struct member desk_play_member(struct coverage *period, const char *number, int branch, const char *birth,
                               uint8_t mark) {
    struct member m = {
        .insurer = {6139448}, .id = {S("12-34"), str_c(number), branch}, .periods = period, .period_count = 1};
    *period = coverage_empty();
    period->name = S("見本　太郎"), period->sex = 1, period->class = CLASS_GENERAL;
    invariant(day_from_civil(2020, 4, 1, &period->start) && day_parse(str_c(birth), &m.birth));
    memset(m.pseudonym, mark, sizeof m.pseudonym);
    return m;
}

void desk_play_put(struct desk_play *p, enum store_table table, struct str key, struct str value) {
    struct store_txn *t = NULL;
    struct store *s = table >= STORE_WAYS_META    ? p->desk.ways
                      : table >= STORE_CARDS_META ? p->cards
                      : table >= STORE_DESK_META  ? p->desk.desk
                                                  : p->desk.coverage;
    invariant(store_begin(s, &t, NULL) == ERR_OK && store_put(t, table, key, value, NULL) == ERR_OK);
    invariant(store_commit(t, NULL) == ERR_OK);
}

void desk_play_store(struct desk_play *p, const struct member *m) {
    char key_room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(key_room, sizeof key_room), row;
    struct insurer_number insurer;
    struct insured_id folded;
    struct day birth;
    buf_init(&row, 1 << 20);
    invariant(store_key_member(&key, m->insurer, &m->id, m->birth) == ERR_OK);
    invariant(store_key_member_read(buf_str(&key), &insurer, &folded, &birth));
    invariant(member_row_put(&row, m, &folded) == ERR_OK);
    desk_play_put(p, STORE_MEMBER, buf_str(&key), buf_str(&row));
    buf_fini(&row);
}

static void done(struct verify_call *c) { (*(int *)c->context)++; }

struct verify_call *desk_play_ask(struct desk_play *p, const struct verify_call *call) {
    struct verify_call *c = arena_new(&p->arena, sizeof *c);
    int times = 0;
    *c = *call;
    c->arena = &p->arena, c->done = done, c->context = &times;
    if (c->kind == 0) c->kind = AUDIT_QUESTION;
    verify_start(&p->desk, c);
    verify_settle(&p->desk);
    invariant(times == 1);
    return c;
}

struct look {
    size_t nth, count;
    struct audit_event *out;
};

static bool each(void *context, const struct ledger_entry *e) {
    struct look *l = context;
    struct audit_event event;
    invariant(audit_event_read(e->body, &event));
    if (l->count++ == l->nth && l->out) *l->out = event;
    return true;
}

bool desk_play_event(struct desk_play *p, size_t nth, struct audit_event *out) {
    struct look l = {.nth = nth, .out = out};
    invariant(ledger_read(sim_disk_world(p->disk), "ledger", each, &l, NULL) == ERR_OK);
    return nth < l.count;
}

size_t desk_play_events(struct desk_play *p) {
    struct look l = {.nth = SIZE_MAX};
    invariant(ledger_read(sim_disk_world(p->disk), "ledger", each, &l, NULL) == ERR_OK);
    return l.count;
}
