#include "rules/plausibility/changes.h"

enum {
    CLAIM_MONTHS = 24,
    LOSS_DEATH = 1, /* OQSCD008 */
    LOSS_PUBLIC_ASSISTANCE = 2,
    RELATION_FAMILY = 2, /* OQSCD009 */
    KOKUHO_SOCIETY = 3,  /* the third of six digits: 国民健康保険組合 */
};

struct walk {
    const struct held *held;
    size_t count;
    struct day on, oldest, alive_until; /* nothing that ended by `oldest`; the first day after death */
    const struct change_sink *out;
};

static struct day end_of(const struct held *h) { return day_is(h->lost) ? h->lost : DAY_END; }
static struct day earlier_of(struct day a, struct day b) { return day_before(a, b) ? a : b; }
static bool is_empty(const struct held *h) { return day_until(end_of(h), h->start); }

/* ---- gaps ---- */

static bool closes(uint8_t loss_reason) { return loss_reason == LOSS_DEATH || loss_reason == LOSS_PUBLIC_ASSISTANCE; }

static void tell_gap(const struct walk *w, size_t before, size_t after, struct day until) {
    bool open = before == after;
    struct change c = {.kind = open ? CHANGE_GAP_OPEN : CHANGE_GAP,
                       .earlier = before,
                       .later = after,
                       .from = w->held[before].lost,
                       .until = earlier_of(until, w->alive_until)};
    if (closes(w->held[before].loss_reason) || day_until(c.until, c.from)) return;
    if (day_before(w->on, c.from) || day_until(c.until, w->oldest)) return;
    w->out->found(w->out->context, &c);
}

static void find_gaps(const struct walk *w) {
    size_t last = w->count; /* whose end is the last so far */
    for (size_t i = 0; i < w->count; i++) {
        if (is_empty(&w->held[i])) continue;
        struct day covered = last == w->count ? w->held[i].start : end_of(&w->held[last]);
        if (day_before(covered, w->held[i].start)) tell_gap(w, last, i, w->held[i].start);
        if (last == w->count || day_until(covered, end_of(&w->held[i]))) last = i;
    }
    if (last < w->count && day_until(end_of(&w->held[last]), w->on)) tell_gap(w, last, last, day_add(w->on, 1));
}

/* ---- overlaps ---- */

static bool is_town(struct insurer_number i) { return insurer_is_kokuho(i) || insurer_is_retired_kokuho(i); }
static bool is_society(struct insurer_number i) { return insurer_is_kokuho(i) && i.n / 1000 % 10 == KOKUHO_SOCIETY; }
static bool is_employees(struct insurer_number i) {
    return !is_town(i) && !insurer_is_elderly(i) && !insurer_is_medical_aid(i);
}

/* The one of the two for which `is` holds ends when it holds for one alone. */
static bool ends_alone(bool earlier, bool later, enum change_ends *out) {
    if (earlier == later) return false;
    *out = earlier ? CHANGE_ENDS_EARLIER : CHANGE_ENDS_LATER;
    return true;
}

static enum change_ends who_ends(const struct held *a, const struct held *b) {
    struct insurer_number x = a->insurer, y = b->insurer;
    enum change_ends e;
    if (ends_alone(!insurer_is_medical_aid(x), !insurer_is_medical_aid(y), &e)) return e; /* 国保法6条9号 */
    if (ends_alone(!insurer_is_elderly(x), !insurer_is_elderly(y), &e)) return e;         /* 国保法6条8号 */
    if (ends_alone(is_town(x), is_town(y), &e)) return e;                                 /* 国保法6条1〜7号 */
    if (is_town(x) && ends_alone(!is_society(x), !is_society(y), &e)) return e;           /* 国保法6条10号 */
    /* 健保法3条7項: who is insured in person is nobody's dependant. */
    if (is_employees(x) && ends_alone(a->relation == RELATION_FAMILY, b->relation == RELATION_FAMILY, &e)) return e;
    return day_eq(a->start, b->start) ? CHANGE_ENDS_UNCLEAR : CHANGE_ENDS_EARLIER;
}

static bool go_together(const struct held *a, const struct held *b) {
    return (insurer_is_medical_aid(a->insurer) && is_employees(b->insurer)) ||
           (insurer_is_medical_aid(b->insurer) && is_employees(a->insurer));
}

static void tell_overlap(const struct walk *w, size_t earlier, size_t later) {
    const struct held *a = &w->held[earlier], *b = &w->held[later];
    struct change c = {.kind = CHANGE_OVERLAP,
                       .earlier = earlier,
                       .later = later,
                       .from = b->start,
                       .until = earlier_of(end_of(a), end_of(b)),
                       .ends = who_ends(a, b)};
    if (day_until(c.until, c.from) || day_until(c.until, w->oldest) || go_together(a, b)) return;
    bool town_ends =
        (c.ends == CHANGE_ENDS_EARLIER && is_town(a->insurer)) || (c.ends == CHANGE_ENDS_LATER && is_town(b->insurer));
    if (town_ends && c.until.n - c.from.n == 1) return;
    w->out->found(w->out->context, &c);
}

void changes_find(const struct held *held, size_t count, struct day died, struct day on,
                  const struct change_sink *out) {
    struct walk w = {.held = held,
                     .count = count,
                     .on = on,
                     .oldest = day_add_months(on, -CLAIM_MONTHS),
                     .alive_until = day_is(died) ? day_add(died, 1) : DAY_END,
                     .out = out};
    invariant(day_is(on) && count <= CHANGE_PERIODS_MAX);
    find_gaps(&w);
    for (size_t later = 1; later < count; later++)
        for (size_t earlier = 0; earlier < later; earlier++)
            if (!is_empty(&held[earlier]) && !is_empty(&held[later])) tell_overlap(&w, earlier, later);
}

enum finding_kind change_finding(const struct change *c, bool earlier) {
    if (c->kind == CHANGE_GAP_OPEN) return FINDING_GAP_OPEN;
    if (c->kind == CHANGE_GAP) return earlier ? FINDING_GAP_AFTER : FINDING_GAP_BEFORE;
    if (c->ends == CHANGE_ENDS_UNCLEAR) return FINDING_OVERLAP_UNCLEAR;
    return (c->ends == CHANGE_ENDS_EARLIER) == earlier ? FINDING_OVERLAP_ENDS : FINDING_OVERLAP_STANDS;
}

uint32_t change_days(const struct change *c, struct day on) {
    struct day until = earlier_of(c->until, day_add(on, 1));
    return day_until(until, c->from) ? 0 : (uint32_t)(until.n - c->from.n);
}
