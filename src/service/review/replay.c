/* The log of decisions, read from its beginning: what it says is how things stand. */
#include "service/review/inside.h"

#include <stdio.h>
#include <stdlib.h>

static enum err remember(struct review_alarm *a, const struct review_event *e) {
    if (a->entry_count == REVIEW_ENTRIES_MAX) return ERR_OK;
    struct review_entry *n = malloc(sizeof *n + e->reason.n);
    if (n == NULL) return ERR_MEMORY;
    *n = (struct review_entry){.kind = e->kind, .decision = e->decision, .at_us = e->at_us, .count = e->count};
    char *reason = (char *)(n + 1);
    if (e->reason.n) memcpy(reason, e->reason.p, e->reason.n);
    n->reason = str_of(reason, e->reason.n);
    invariant(str_to_c(e->reviewer, n->reviewer, sizeof n->reviewer));
    if (a->last) a->last->next = n;
    else a->first = n;
    a->last = n, a->entry_count++;
    return ERR_OK;
}

static enum err keep_about(struct review_alarm *a, const struct review_event *e) {
    struct review_about *n = malloc(sizeof *n + e->member.n + e->resident.n);
    struct str rest = e->member;
    if (n == NULL) return ERR_MEMORY;
    *n = (struct review_about){.at_us = e->at_us};
    char *to = (char *)(n + 1);
    memcpy(n->pseudonym, e->pseudonym, sizeof n->pseudonym);
    if (e->member.n) memcpy(to, e->member.p, e->member.n);
    if (e->resident.n) memcpy(to + e->member.n, e->resident.p, e->resident.n);
    n->member = str_of(to, e->member.n), n->resident = str_of(to + e->member.n, e->resident.n);
    free(a->about);
    a->about = n;
    return insurer_number_parse(str_cut(&rest, '/'), &n->insurer) == ERR_OK ? ERR_OK : ERR_CORRUPT;
}

static bool of_none(const struct review_event *e) {
    return e->kind == REVIEW_SIGNED_IN || e->kind == REVIEW_SIGN_IN_REFUSED;
}

enum err event_apply(struct review *r, const struct review_event *e) {
    if (of_none(e)) return ERR_OK;
    struct review_alarm *a = alarm_get(r, e->alarm);
    if (a == NULL) return ERR_MEMORY;
    if (e->kind == REVIEW_DECIDED) {
        if (review_may(&a->state, e->decision, e->reviewer, e->reason) != ERR_OK) return ERR_CORRUPT;
        TRY(keep_about(a, e));
        review_apply(&a->state, e->decision, e->reviewer);
    }
    if (e->kind == REVIEW_RECORDS_CLOSED) a->state.closed = true;
    if (e->kind == REVIEW_RECORDS_OPENED) a->state.closed = false;
    if (e->kind == REVIEW_ACCESSES_LISTED) a->listed = true, a->accesses = e->count;
    return remember(a, e);
}

struct replay {
    struct review *r;
    enum err err;
    struct diag *d;
};

static bool take(void *context, const struct ledger_entry *entry) {
    struct replay *p = context;
    struct review_event e;
    enum err err = review_event_read(entry->body, &e) ? event_apply(p->r, &e) : ERR_CORRUPT;
    if (err != ERR_OK)
        p->err = diag_set(p->d, err, "decisions", "%s, record %llu", entry->writer, (unsigned long long)entry->index);
    return p->err == ERR_OK;
}

enum err decisions_replay(struct review *r, struct diag *d) {
    char path[PATH_MAX];
    struct replay p = {.r = r, .d = d};
    if (snprintf(path, sizeof path, "%s/ledger", r->s.decisions) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "--decisions", NULL);
    TRY(ledger_read(r->s.world, path, take, &p, d));
    return p.err;
}
