#include "rules/eligibility/eligibility.h"

#include "core/age.h"

enum {
    SHARE_CHILD = 20,
    SHARE_GENERAL = 30,
    SHARE_EARLY_ELDERLY = 20,
    SHARE_FULL = 100,
    SOON_DAYS = 31,
    CARD_SOON_MONTHS = 3,
    SCHOOL_AGE = 6
};

/* ---- who is meant ---- */

const struct member *eligibility_member(const struct question *q, const struct member *members, size_t count,
                                        size_t *matches) {
    const struct member *exact = NULL, *open = NULL;
    size_t exact_count = 0, open_count = 0;
    for (size_t i = 0; i < count; i++) {
        int branch = members[i].id.branch;
        if (q->id.branch != BRANCH_NONE && branch == q->id.branch) exact = &members[i], exact_count++;
        else if (q->id.branch == BRANCH_NONE || branch == BRANCH_NONE) open = &members[i], open_count++;
    }
    *matches = exact_count ? exact_count : open_count;
    return *matches == 1 ? exact_count ? exact : open : NULL;
}

/* ---- which period ---- */

/* The period covering the day, or the one to show; periods stand newest start first. */
static const struct coverage *period_shown(const struct member *m, struct day on) {
    for (size_t i = 0; i < m->period_count; i++)
        if (day_until(m->periods[i].start, on)) return &m->periods[i];
    return m->period_count ? &m->periods[m->period_count - 1] : NULL;
}

static bool newer_exists(const struct member *m, const struct coverage *shown, const struct eligibility_facts *facts,
                         struct day on) {
    if (!day_is(shown->lost) || day_before(on, shown->lost)) return false;
    if (day_before(shown->start, m->periods[0].start)) return true;
    for (size_t i = 0; i < facts->linked_count; i++)
        if (day_before(shown->start, facts->linked[i].start)) return true;
    return false;
}

static bool linked_covers(const struct eligibility_facts *facts, struct insurer_number own, struct day on) {
    for (size_t i = 0; i < facts->linked_count; i++) {
        const struct coverage_span *s = &facts->linked[i];
        if (s->insurer.n == own.n) continue;
        if (day_until(s->start, on) && (!day_is(s->lost) || day_before(on, s->lost))) return true;
    }
    return false;
}

/* ---- certificates in force ---- */

/* Of several in force the one that began last. */
static const struct limit_certificate *limit_on(const struct coverage *c, struct day on) {
    const struct limit_certificate *best = NULL;
    for (size_t i = 0; i < c->limit_count; i++) {
        const struct limit_certificate *l = &c->limits[i];
        if (certificate_on(l->from, l->until, on) && (best == NULL || day_before(best->from, l->from))) best = l;
    }
    return best;
}

static void show_diseases(struct verdict *v, struct day on) {
    for (size_t i = 0; i < v->coverage->disease_count; i++) {
        const struct disease_certificate *x = &v->coverage->diseases[i];
        if (certificate_on(x->from, x->until, on)) v->diseases[v->disease_count++] = x;
    }
}

static void show_tickets(struct verdict *v, const struct question *q) {
    struct civil c = day_civil(q->on);
    uint32_t month = (uint32_t)(c.year * 100 + c.month);
    for (size_t i = 0; i < v->coverage->ticket_count; i++) {
        const struct medical_ticket *t = &v->coverage->tickets[i];
        bool day_fits =
            (!day_is(t->from) || day_until(t->from, q->on)) && (!day_is(t->until) || day_until(q->on, t->until));
        if (t->month == month && day_fits) v->tickets[v->ticket_count++] = t;
    }
}

/* ---- the share ---- */

static void warn(struct verdict *v, enum warning w) { v->warnings |= 1u << w; }

static uint8_t registered_or(const struct coverage *c, uint8_t otherwise) {
    return c->ratio != RATIO_NONE ? c->ratio : otherwise;
}

static uint8_t share(struct verdict *v, struct day on) {
    const struct coverage *c = v->coverage;
    if (c->class == CLASS_MEDICAL_AID) return 0;
    if (c->class == CLASS_SPECIAL_EXPENSE) return warn(v, WARNING_SPECIAL_EXPENSE), SHARE_FULL;
    if (insurer_is_elderly(v->member->insurer)) return registered_or(c, SHARE_GENERAL);
    if (v->elderly) return v->elderly->ratio;
    if (age_early_elderly(v->member->birth, on))
        return warn(v, WARNING_ELDERLY_MISSING), registered_or(c, SHARE_EARLY_ELDERLY);
    if (v->preschool) return SHARE_CHILD;
    return registered_or(c, SHARE_GENERAL);
}

/* ---- warnings ---- */

static bool soon(struct day on, struct day then) { return day_is(then) && then.n > on.n && then.n - on.n <= SOON_DAYS; }

static void warn_covered(struct verdict *v, const struct eligibility_facts *facts, struct day on) {
    const struct coverage *c = v->coverage;
    bool may_turn = !insurer_is_elderly(v->member->insurer) && c->class != CLASS_MEDICAL_AID;
    if (soon(on, c->lost)) warn(v, WARNING_LAPSES_SOON);
    if (day_is(c->card_until) && day_before(c->card_until, on)) warn(v, WARNING_CARD_ENDED);
    else if (day_is(c->card_until) && day_before(c->card_until, day_add_months(on, CARD_SOON_MONTHS)))
        warn(v, WARNING_CARD_ENDS_SOON);
    if (may_turn && soon(on, day_birthday(v->member->birth, 75))) warn(v, WARNING_TURNS_75_SOON);
    if (linked_covers(facts, v->member->insurer, on)) warn(v, WARNING_OVERLAP);
}

static void decide_covered(struct verdict *v, const struct question *q, const struct eligibility_facts *facts) {
    v->validity = VALID;
    if (v->coverage->class == CLASS_MEDICAL_AID) {
        show_tickets(v, q);
        if (v->ticket_count == 0) v->validity = VALIDITY_NO_TICKET, warn(v, WARNING_TICKET_MISSING);
    }
    if (v->validity == VALID) v->elderly = coverage_elderly_on(v->coverage, q->on), show_diseases(v, q->on);
    v->preschool = age_within_school_year(v->member->birth, SCHOOL_AGE, q->on);
    v->limit = q->limit_consent ? limit_on(v->coverage, q->on) : NULL;
    v->ratio = share(v, q->on);
    warn_covered(v, facts, q->on);
}

struct verdict eligibility_decide(const struct question *q, const struct eligibility_facts *facts) {
    struct verdict v = {.validity = VALIDITY_NONE, .ratio = RATIO_NONE};
    size_t matches = 0;
    invariant(day_is(q->on) && facts->member_count <= ELIGIBILITY_MEMBERS_MAX);
    const struct member *m = eligibility_member(q, facts->members, facts->member_count, &matches);
    if (matches > 1) v.validity = VALIDITY_SEVERAL;
    const struct coverage *c = m ? period_shown(m, q->on) : NULL;
    if (c == NULL) return v;
    v.member = m, v.coverage = c;
    if (coverage_on(c, q->on)) {
        decide_covered(&v, q, facts);
        return v;
    }
    v.newer = newer_exists(m, c, facts, q->on);
    v.validity = v.newer ? VALIDITY_NEWER : VALIDITY_NOT;
    if (v.newer) warn(&v, WARNING_NEWER_COVERAGE);
    return v;
}
