#include "lib/ledger_play.h"

#include <stdio.h>

struct str play_record(uint64_t i, char room[LEDGER_RECORD_MAX]) {
    size_t n = (size_t)snprintf(room, LEDGER_RECORD_MAX, "record %llu ", (unsigned long long)i);
    size_t more = i * 2654435761u % 97 == 1 ? 3000 : i * 40503u % 600;
    memset(room + n, 'a' + (int)(i % 26), more);
    return str_of(room, n + more);
}

static void done(struct ledger_ticket *t) {
    struct play *p = t->context;
    uint64_t record = (uint64_t)(t - p->tickets);
    p->last_err = t->err;
    if (t->err != ERR_OK) {
        p->failed++;
        return;
    }
    p->acked[record] = true;
    p->acknowledged++;
    if (p->on_ack) p->on_ack(p, record);
}

size_t play_append(struct play *p, size_t n) {
    char room[LEDGER_RECORD_MAX];
    size_t taken = 0;
    for (size_t i = 0; i < n && p->next < PLAY_RECORDS_MAX; i++, p->next++) {
        struct ledger_ticket *t = &p->tickets[p->next];
        *t = (struct ledger_ticket){.done = done, .context = p};
        enum err e = ledger_append(p->ledger, t, play_record(p->next, room));
        if (e == ERR_OK) taken++;
        else p->last_err = e;
    }
    ledger_flush(p->ledger);
    return taken;
}

static bool wrong(struct play_check *c, const char *what, uint64_t record) {
    c->wrong = true;
    snprintf(c->why, sizeof c->why, "%s: record %llu", what, (unsigned long long)record);
    return false;
}

static bool skip_to(struct play_check *c, uint64_t record) {
    for (; c->next < record; c->next++)
        if (c->play->acked[c->next]) return wrong(c, "an acknowledged record is missing", c->next);
    return true;
}

static bool check_entry(void *ctx, const struct ledger_entry *e) {
    struct play_check *c = ctx;
    char room[LEDGER_RECORD_MAX];
    struct str body = e->body, number;
    uint64_t record;
    if (!str_starts(body, S("record "))) return wrong(c, "not a record", e->index);
    body = str_skip(body, 7);
    number = str_cut(&body, ' ');
    if (!str_uint(number, PLAY_RECORDS_MAX, &record) || !str_eq(play_record(record, room), e->body))
        return wrong(c, "not a whole record", e->index);
    if (e->index != c->records++) return wrong(c, "the index jumps", e->index);
    if (record < c->next) return wrong(c, "twice or out of order", record);
    if (record >= c->play->next) return wrong(c, "never handed over", record);
    if (!skip_to(c, record)) return false;
    c->next = record + 1;
    return true;
}

enum err play_check(struct play_check *c, struct world *w, const char *folder, const struct play *play,
                    struct diag *d) {
    *c = (struct play_check){.play = play};
    TRY(ledger_read(w, folder, check_entry, c, d));
    if (!c->wrong) (void)skip_to(c, play->next);
    return ERR_OK;
}
