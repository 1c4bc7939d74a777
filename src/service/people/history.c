/* The coverage of a household over the years. Whoever works is the owner of numbers (an episode each); who depends on someone is on that
 * person's numbers as long as they last; the others are with their city's 国保 under the number of the head; from the 75th birthday
 * everyone has a number of the 後期高齢者医療 of the prefecture; a household on public assistance has medical aid. */
#include "core/age.h"
#include "service/people/household.h"

struct episode {
    uint16_t insurer;
    uint8_t slot, loss_reason;
    struct day start, lost;
};
struct career {
    struct episode episodes[EPISODES_MAX]; /* newest first */
    size_t count;
    bool whole_family; /* its insurer takes dependants */
};

enum { DIED = 1, ASSISTANCE_BEGAN = 2, OTHER_INSURANCE = 3, OTHER_REASON = 99 };
enum { KOUKI_FIRST_DAY = 13970 /* 2008-04-01 */, GROWN_UP = 18 };

static bool overlaps(const struct household *h, const struct period *p) {
    for (size_t i = 0; i < h->period_count; i++) {
        const struct period *q = &h->periods[i];
        if (q->who != p->who || !same_number(p, q)) continue;
        struct day p_end = day_is(p->lost) ? p->lost : DAY_END, q_end = day_is(q->lost) ? q->lost : DAY_END;
        if (day_before(p->start, q_end) && day_before(q->start, p_end)) return true;
    }
    return false;
}

/* Adds a period as far as the person lived and, outside 後期 and medical aid, was younger than 75. NULL when nothing is left. */
static struct period *add_period(const struct nation *n, struct household *h, size_t who, uint64_t owner,
                                 const struct episode *e) {
    struct person *x = &h->people[who];
    enum scheme scheme = n->insurers[e->insurer].scheme;
    struct period p = {.who = (uint8_t)who,
                       .insurer = e->insurer,
                       .slot = e->slot,
                       .owner = owner,
                       .start = e->start,
                       .lost = e->lost,
                       .loss_reason = e->loss_reason,
                       .class = CLASS_GENERAL,
                       .ratio = RATIO_NONE,
                       .issued = DAY_NONE,
                       .card_from = DAY_NONE,
                       .card_until = DAY_NONE,
                       .limit = {.from = DAY_NONE},
                       .disease = {.from = DAY_NONE}};
    if (day_before(p.start, x->birth)) p.start = x->birth;
    if (scheme != KOUKI && scheme != AID && day_until(x->late, n->options.as_of) &&
        (!day_is(p.lost) || day_before(x->late, p.lost)))
        p.lost = x->late, p.loss_reason = OTHER_INSURANCE;
    if (day_is(x->died) && (!day_is(p.lost) || day_before(day_add(x->died, 1), p.lost)))
        p.lost = day_add(x->died, 1), p.loss_reason = DIED;
    if (day_is(p.lost) && day_until(p.lost, p.start)) return NULL;
    if (!day_is(p.lost)) p.loss_reason = 0;
    bool own = scheme == KOUKI || scheme == AID;
    p.branch = own ? BRANCH_NONE : x->ordinal == owner ? 0 : (int8_t)(who + 1);
    p.relation = own || x->ordinal == owner ? 1 : 2;
    p.wide = n->insurers[e->insurer].style % 2;
    if (scheme == DEFENCE) p.class = CLASS_SELF_DEFENSE;
    if (scheme == AID) p.class = CLASS_MEDICAL_AID;
    if (h->period_count == HOUSEHOLD_PERIODS_MAX || overlaps(h, &p)) return NULL;
    h->periods[h->period_count] = p;
    return &h->periods[h->period_count++];
}

/* Societies differ much in size: the first of the list are drawn most often. */
static uint16_t any_of(const struct nation *n, enum scheme s, struct chance *c) {
    uint32_t a = chance_below(c, (uint32_t)n->scheme_count[s]), b = chance_below(c, (uint32_t)n->scheme_count[s]);
    return n->of_scheme[s][s == SOCIETY && b < a ? b : a];
}

static uint16_t neighbour_kokuho(const struct nation *n, const struct household *h, struct chance *c) {
    if (chance_percent(c, 70)) return h->home->kokuho;
    return any_of(n, KOKUHO, c);
}

/* Where someone who works is insured. Shares of members, in hundredths of those employed. */
static uint16_t draw_employer(const struct nation *n, const struct household *h, const struct person *p,
                              struct chance *c) {
    uint32_t at = chance_below(c, 1000);
    if (at < 5 && p->age < 55 && h->people_count == 1) return any_of(n, DEFENCE, c);
    if (at == 5) return any_of(n, SEAMEN, c);
    if (at < 118) return any_of(n, MUTUAL, c);
    if (at < 150) return any_of(n, KOKUHO_SOCIETY, c);
    if (at < 500) return any_of(n, SOCIETY, c);
    if (at < 930) return n->kyokai[h->home->prefecture];
    return h->home->kokuho; /* works on their own account */
}

static int work_percent(const struct person *p, bool married) {
    int men = p->age < 20   ? 15
              : p->age < 23 ? 40
              : p->age < 60 ? 92
              : p->age < 65 ? 74
              : p->age < 70 ? 38
              : p->age < 75 ? 18
                            : 0;
    if (p->sex == 1) return men;
    return married ? men * 6 / 10 : men * 9 / 10;
}

/* Days between one episode's end and the next one's start: mostly none, sometimes weeks or a year; below zero: reported late. */
static int draw_gap(struct chance *c) {
    uint32_t at = chance_below(c, 100);
    if (at < 66) return 0;
    if (at < 88) return chance_range(c, 1, 45);
    if (at < 94) return chance_range(c, 46, 400);
    return -chance_range(c, 1, 25);
}

static struct day first_working_day(const struct person *p) {
    return day_birthday(p->birth, p->age < 20 ? 16 : 18 + (int)(p->ordinal % 5));
}

static void add_earlier_episodes(const struct nation *n, const struct household *h, const struct person *p,
                                 struct career *k, struct chance *c) {
    uint32_t percent = 60;
    while (k->count < EPISODES_MAX && chance_percent(c, percent)) {
        const struct episode *next = &k->episodes[k->count - 1];
        bool again = chance_percent(c, 7); /* back with the insurer, under the old number */
        int gap = again ? chance_range(c, 20, 500) : draw_gap(c);
        struct episode e = *next;
        if (!again)
            e.insurer = chance_percent(c, 25) ? neighbour_kokuho(n, h, c) : draw_employer(n, h, p, c),
            e.slot = (uint8_t)(k->count % 3);
        if (!again && e.insurer == next->insurer && gap < 0) gap = 0;
        e.lost = day_add(next->start, -gap);
        e.loss_reason = gap > 0 && chance_percent(c, 70) ? OTHER_REASON : OTHER_INSURANCE;
        e.start = day_add(e.lost, -chance_range(c, 40, 3650));
        if (day_before(e.start, first_working_day(p))) break;
        k->episodes[k->count++] = e;
        percent = 38;
    }
}

/* The newest episode: for most it goes on; some have just lost it, or are known to lose it next month. */
static void draw_career(const struct nation *n, const struct household *h, const struct person *p, bool works,
                        struct career *k, struct chance *c) {
    struct episode *e = &k->episodes[0];
    struct day as_of = n->options.as_of, until = day_until(p->late, as_of) ? p->late : as_of,
               first = first_working_day(p);
    int days = 1 + (int)chance_below(c, 365 * (1 + chance_below(c, 20)));
    *e = (struct episode){.insurer = works ? draw_employer(n, h, p, c) : neighbour_kokuho(n, h, c), .lost = DAY_NONE};
    e->start = day_add(until, -days);
    if (day_before(e->start, first)) e->start = day_before(first, until) ? first : day_add(until, -1);
    uint32_t at = chance_below(c, 1000);
    if (at < 14) e->lost = day_add(as_of, -(int)chance_below(c, 90)), e->loss_reason = OTHER_REASON;
    else if (at < 20) e->lost = day_add(as_of, 1 + (int)chance_below(c, 45)), e->loss_reason = OTHER_REASON;
    if (day_is(e->lost) && day_until(e->lost, e->start)) e->lost = DAY_NONE, e->loss_reason = 0;
    k->count = 1;
    add_earlier_episodes(n, h, p, k, c);
    enum scheme s = n->insurers[e->insurer].scheme;
    k->whole_family = s != KOKUHO && s != DEFENCE;
}

static void add_career(const struct nation *n, struct household *h, size_t who, const struct career *k,
                       struct chance *c) {
    struct day married = day_add(h->people[0].since, -400);
    for (size_t i = 0; i < k->count; i++) {
        struct period *p = add_period(n, h, who, h->people[who].ordinal, &k->episodes[i]);
        if (p && i > 0 && h->people[who].maiden && day_before(p->start, married)) p->maiden = chance_percent(c, 80);
    }
}

/* On all numbers of the one who works, from `joined` until `left`. */
/* The day from which an employees' scheme covers nobody through this person, who died or moved to 後期; DAY_NONE: not yet. */
static struct day end_of_owner(const struct nation *n, const struct person *owner) {
    struct day end = day_is(owner->died) ? day_add(owner->died, 1) : DAY_NONE;
    if (day_until(owner->late, n->options.as_of) && (!day_is(end) || day_before(owner->late, end))) end = owner->late;
    return end;
}

static bool takes_dependants(enum scheme s) { return s != KOKUHO && s != KOKUHO_SOCIETY && s != KOUKI && s != AID; }

static void add_dependant(const struct nation *n, struct household *h, size_t who, size_t owner, const struct career *k,
                          struct day joined, struct day left) {
    struct day end = end_of_owner(n, &h->people[owner]);
    bool alone = false;
    for (size_t i = 0; i < k->count; i++) {
        struct episode e = k->episodes[i];
        enum scheme s = n->insurers[e.insurer].scheme;
        if (s == DEFENCE) continue;
        if (day_before(e.start, joined)) e.start = joined;
        if (day_is(left) && (!day_is(e.lost) || day_before(left, e.lost)))
            e.lost = left, e.loss_reason = OTHER_INSURANCE;
        if (takes_dependants(s) && day_is(end) && (!day_is(e.lost) || day_before(end, e.lost)))
            e.lost = end, e.loss_reason = OTHER_INSURANCE, alone = true;
        add_period(n, h, who, h->people[owner].ordinal, &e);
    }
    const struct episode own = {.insurer = h->home->kokuho, .start = end, .lost = DAY_NONE};
    if (alone && day_until(end, n->options.as_of)) add_period(n, h, who, h->people[who].ordinal, &own);
}

static void add_kouki(const struct nation *n, struct household *h, size_t who, struct chance *c) {
    struct person *p = &h->people[who];
    struct day first = {KOUKI_FIRST_DAY};
    struct episode e = {.insurer = n->kouki[h->home->prefecture],
                        .start = day_before(p->late, first) ? first : p->late,
                        .lost = DAY_NONE};
    struct period *x = add_period(n, h, who, p->ordinal, &e);
    if (x == NULL) return;
    uint32_t at = chance_below(c, 100);
    x->ratio = h->income == HIGH ? 30 : h->income == NORMAL && at < 30 ? 20 : 10;
}

/* 医療扶助: the earlier 国保 ended on the day it began. */
static void add_aid(const struct nation *n, struct household *h, struct chance *c) {
    struct day began = day_add(n->options.as_of, -1 - (int)chance_below(c, 3000));
    struct episode before = {.insurer = h->home->kokuho,
                             .start = day_add(began, -chance_range(c, 200, 5000)),
                             .lost = began,
                             .loss_reason = ASSISTANCE_BEGAN};
    struct episode aid = {.insurer = h->home->aid, .start = began, .lost = DAY_NONE};
    bool known = chance_percent(c, 70);
    for (size_t i = 0; i < h->people_count; i++) {
        struct period *p = known ? add_period(n, h, i, h->people[0].ordinal, &before) : NULL;
        (void)p;
        p = add_period(n, h, i, h->people[i].ordinal, &aid);
        if (p && chance_percent(c, 30)) p->ratio = 0;
    }
}

static bool on_assistance(const struct household *h, struct chance *c) {
    bool alone = h->people_count == 1;
    uint32_t permille = h->income == HIGH                 ? 0
                        : alone && h->people[0].age >= 60 ? 40
                        : h->kind == MOTHER               ? 50
                        : alone                           ? 18
                                                          : 5;
    return chance_permille(c, permille);
}

/* Who works and since when; the place of the main earner, or the number of people when nobody's insurer takes dependants. */
static size_t draw_careers(const struct nation *n, struct household *h, struct career *careers, bool *has,
                           struct chance *c) {
    size_t main = h->people_count;
    bool couple = h->kind == COUPLE || h->kind == FAMILY || h->kind == THREE || h->kind == ELDERS;
    for (size_t i = 0; i < h->people_count; i++) {
        struct person *p = &h->people[i];
        has[i] =
            p->age >= 16 && p->age < 75 && chance_percent(c, (uint32_t)work_percent(p, couple && p->role == WOMAN));
        if (!has[i]) continue;
        draw_career(n, h, p, true, &careers[i], c);
        if (main == h->people_count && p->role != CHILD && careers[i].whole_family) main = i;
    }
    return main;
}

/* Someone without work: with the main earner or with 国保; before that perhaps at work themselves. */
static void settle(const struct nation *n, struct household *h, size_t who, size_t main, const struct career *careers,
                   const struct career *kokuho, struct chance *c) {
    struct person *p = &h->people[who];
    bool depends = main < h->people_count && main != who &&
                   (p->role == CHILD                     ? p->age < 30
                    : p->role == WOMAN || p->role == MAN ? p->age < 70 || chance_percent(c, 40)
                                                         : chance_percent(c, 45));
    struct day joined = p->role == CHILD ? p->birth : p->since;
    struct career own;
    if (!depends) {
        add_dependant(n, h, who, 0, kokuho, p->birth, DAY_NONE);
        return;
    }
    add_dependant(n, h, who, main, &careers[main], joined, DAY_NONE);
    if (p->role == CHILD || p->age < 22 || !chance_percent(c, 40)) return;
    draw_career(n, h, p, true, &own, c);
    own.episodes[0].lost = joined, own.episodes[0].loss_reason = OTHER_INSURANCE;
    if (day_before(own.episodes[0].start, joined)) add_career(n, h, who, &own, c);
}

static void add_special_expense(const struct nation *n, struct household *h, struct chance *c) {
    if (h->income != LOW || !chance_permille(c, 25)) return;
    for (size_t i = 0; i < h->period_count; i++) {
        struct period *p = &h->periods[i];
        if (n->insurers[p->insurer].scheme != KOKUHO || day_is(p->lost) ||
            age_within_school_year(h->people[p->who].birth, GROWN_UP, n->options.as_of))
            continue;
        p->class = CLASS_SPECIAL_EXPENSE;
        if (chance_percent(c, 50)) p->ratio = 100;
    }
}

void household_history(const struct nation *n, struct household *h, struct chance *c) {
    struct career careers[HOUSEHOLD_PEOPLE_MAX], kokuho;
    bool has[HOUSEHOLD_PEOPLE_MAX];
    if (on_assistance(h, c)) {
        add_aid(n, h, c);
        return;
    }
    size_t main = draw_careers(n, h, careers, has, c);
    draw_career(n, h, &h->people[0], false, &kokuho, c);
    kokuho.episodes[0].insurer = h->home->kokuho;
    for (size_t i = 0; i < h->people_count; i++) {
        struct person *p = &h->people[i];
        if (day_until(p->late, n->options.as_of)) add_kouki(n, h, i, c);
        if (has[i]) add_career(n, h, i, &careers[i], c);
        else if (p->age < 83) settle(n, h, i, main, careers, &kokuho, c);
        if (has[i] && p->role == CHILD && main < h->people_count && careers[i].count)
            add_dependant(n, h, i, main, &careers[main], p->birth, careers[i].episodes[careers[i].count - 1].start);
    }
    add_special_expense(n, h, c);
}
