#include "service/people/expect.h"

/* The person meant: 4 when nobody, 5 when several, else `who`. */
static enum validity who_is_meant(const struct household *h, const struct asked *q, size_t *who) {
    size_t exact = 0, without = 0, exact_who = 0, without_who = 0;
    for (size_t i = 0; i < h->people_count; i++) {
        const struct period *on_card = NULL;
        for (size_t j = 0; j < h->period_count && on_card == NULL; j++)
            if (h->periods[j].who == i && same_number(&h->periods[j], q->card)) on_card = &h->periods[j];
        if (on_card == NULL || !day_eq(h->people[i].birth, q->birth)) continue;
        if (q->branch == BRANCH_NONE || on_card->branch == BRANCH_NONE) without++, without_who = i;
        else if (on_card->branch == q->branch) exact++, exact_who = i;
    }
    *who = exact ? exact_who : without_who;
    size_t left = exact ? exact : without;
    return left == 0 ? VALIDITY_NONE : left > 1 ? VALIDITY_SEVERAL : VALID;
}

/* Periods of one person on one number stand together, oldest first. */
static const struct period *period_shown(const struct household *h, const struct asked *q, size_t who, bool *newer) {
    const struct period *shown = NULL;
    *newer = false;
    for (size_t j = 0; j < h->period_count; j++) {
        const struct period *p = &h->periods[j];
        if (p->who != who || !same_number(p, q->card)) continue;
        if (shown == NULL || day_until(p->start, q->on)) shown = p;
        else *newer = true;
    }
    if (day_before(q->on, shown->start)) *newer = false; /* all begin later: the first is shown, and it has not ended */
    return shown;
}

static bool has_ticket(const struct period *p, struct day on) {
    struct civil c = day_civil(on);
    for (size_t i = 0; i < p->ticket_count; i++)
        if (p->tickets[i].month == (uint32_t)(c.year * 100 + c.month)) return true;
    return false;
}

/* The share in this stretch of the person's life. */
static uint8_t share(const struct nation *n, const struct person *x, const struct period *p, struct day on,
                     uint32_t *warnings) {
    uint8_t plain = p->ratio == RATIO_NONE ? 30 : p->ratio;
    if (p->class == CLASS_MEDICAL_AID) return 0;
    if (p->class == CLASS_SPECIAL_EXPENSE) {
        *warnings |= 1u << WARNING_SPECIAL_EXPENSE;
        return 100;
    }
    if (n->insurers[p->insurer].scheme == KOUKI) return p->ratio;
    if (day_before(on, x->school)) return 20;
    if (day_before(on, x->seventy) || day_until(x->late, on)) return plain;
    for (size_t i = 0; i < p->elderly_count; i++)
        if (day_until(p->elderly[i].from, on) && day_until(on, p->elderly[i].until)) return p->elderly[i].ratio;
    *warnings |= 1u << WARNING_ELDERLY_MISSING;
    return p->ratio == RATIO_NONE ? 20 : p->ratio;
}

static uint32_t days_ahead(const struct nation *n, const struct person *x, const struct period *p, struct day on) {
    uint32_t w = 0;
    enum scheme s = n->insurers[p->insurer].scheme;
    if (day_is(p->lost) && p->lost.n - on.n <= 31) w |= 1u << WARNING_LAPSES_SOON;
    if (day_is(p->card_until)) {
        if (day_before(p->card_until, on)) w |= 1u << WARNING_CARD_ENDED;
        else if (day_before(p->card_until, day_add_months(on, 3))) w |= 1u << WARNING_CARD_ENDS_SOON;
    }
    int to_75 = x->late.n - on.n;
    if (s != KOUKI && s != AID && to_75 >= 1 && to_75 <= 31) w |= 1u << WARNING_TURNS_75_SOON;
    return w;
}

struct expected expect(const struct nation *n, const struct household *h, const struct asked *q) {
    struct expected e = {.validity = VALIDITY_NONE, .ratio = RATIO_NONE};
    size_t who;
    if (q->card == NULL) return e;
    e.validity = who_is_meant(h, q, &who);
    if (e.validity != VALID) return e;
    e.shown = period_shown(h, q, who, &e.newer);
    if (!covers(e.shown, q->on)) {
        e.validity = e.newer ? VALIDITY_NEWER : VALIDITY_NOT;
        if (e.newer) e.warnings |= 1u << WARNING_NEWER_COVERAGE;
        return e;
    }
    e.newer = false;
    if (e.shown->class == CLASS_MEDICAL_AID && !has_ticket(e.shown, q->on)) {
        e.validity = VALIDITY_NO_TICKET;
        e.warnings |= 1u << WARNING_TICKET_MISSING;
    }
    e.ratio = share(n, &h->people[who], e.shown, q->on, &e.warnings);
    e.warnings |= days_ahead(n, &h->people[who], e.shown, q->on);
    return e;
}
