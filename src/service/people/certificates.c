/* What is nested in a period: cards, elderly certificates, limit certificates, specific diseases, medical tickets. */
#include "service/people/household.h"

static struct day of(int year, int month, int day) {
    struct day d = DAY_NONE;
    invariant(day_from_civil(year, month, day, &d));
    return d;
}
static struct day later(struct day a, struct day b) { return day_before(a, b) ? b : a; }
static struct day earlier(struct day a, struct day b) { return day_before(a, b) ? a : b; }

/* The last 31 July before the day, or the day itself when it is one. */
static struct day july_before(struct day d) {
    struct civil c = day_civil(d);
    struct day july = of(c.year, 7, 31);
    return day_until(july, d) ? july : of(c.year - 1, 7, 31);
}

/* 資格確認書: about a quarter of the members, most of the elderly. Municipal ones end on 31 July, others after one to five years. */
static void give_card(const struct nation *n, const struct household *h, struct period *p, struct chance *c) {
    enum scheme s = n->insurers[p->insurer].scheme;
    struct day as_of = n->options.as_of;
    bool municipal = s == KOKUHO || s == KOUKI;
    if (s == AID) return;
    if (chance_percent(c, 40)) p->issued = day_add(p->start, (int)chance_below(c, 15));
    bool card = chance_percent(c, s == KOUKI ? 70 : 24);
    uint32_t years = 1 + chance_below(c, 5), back = chance_below(c, years * 365 + 25);
    if (!card || day_is(p->lost) || day_before(as_of, p->start)) return;
    struct day july = july_before(as_of);
    bool late = chance_percent(c, 2);
    if (municipal)
        p->card_until = late ? july : day_add_months(july, 12),
        p->card_from = later(p->start, day_add(day_add_months(p->card_until, -12), 1));
    else
        p->card_from = later(p->start, day_add(as_of, -(int)back)),
        p->card_until = day_add(day_add_months(p->card_from, (int)years * 12), -1);
    if (h->people[p->who].age == 74) p->card_until = earlier(p->card_until, day_add(h->people[p->who].late, -1));
    if (day_before(p->card_until, p->card_from)) p->card_from = p->start;
    if (day_before(p->card_until, p->card_from)) p->card_from = p->card_until = DAY_NONE;
    else p->issued = p->card_from;
}

/* 高齢受給者証: from the first day of 70–74 to 31 July, then a year each, to the eve of the 75th birthday. Three in a hundred are missing. */
static void give_elderly(const struct nation *n, const struct household *h, struct period *p, struct chance *c) {
    const struct person *x = &h->people[p->who];
    enum scheme s = n->insurers[p->insurer].scheme;
    struct day end = earlier(day_is(p->lost) ? p->lost : DAY_END, x->late), from = later(p->start, x->seventy),
               known = day_add(n->options.as_of, 40);
    uint8_t ratio = h->income == HIGH ? 30 : 20;
    uint32_t missing = chance_below(c, 100);
    if (s == KOUKI || s == AID || !day_before(from, end) || day_before(known, from)) return;
    if (missing < 3) {
        if (missing == 0) p->ratio = ratio;
        return;
    }
    while (day_before(from, end) && day_until(from, known) && p->elderly_count < PERIOD_ELDERLY_MAX) {
        struct day july = july_before(from);
        struct day until = earlier(day_eq(july, from) ? july : day_add_months(july, 12), day_add(x->late, -1));
        p->elderly[p->elderly_count++] =
            (struct elderly_certificate){later(p->start, day_add(from, -(int)chance_below(c, 20))), from, until, ratio};
        from = day_add(until, 1);
        if (chance_percent(c, 4)) ratio = ratio == 30 ? 20 : 30;
    }
    if (missing == 3 && p->elderly_count > 1) p->elderly_count--; /* this year's was forgotten */
}

/* The income that a share of 70 and over was decided by: an elderly certificate changes more often than the household's income here. */
static enum income income_of_share(const struct household *h, const struct period *p, struct day on) {
    uint8_t ratio = p->ratio;
    for (size_t i = 0; i < p->elderly_count; i++)
        if (certificate_on(p->elderly[i].from, p->elderly[i].until, on)) ratio = p->elderly[i].ratio;
    if (ratio == 30) return HIGH;
    return h->income == HIGH ? NORMAL : h->income;
}

static const char *limit_category(enum income income, bool elderly, struct chance *c) {
    static const char *const younger[3][2] = {{"A05", "A04"}, {"A03", "A04"}, {"A01", "A02"}};
    static const char *const older[3][2] = {{"B05", "B06"}, {"B04", "B04"}, {"B02", "B03"}};
    return (elderly ? older : younger)[income][chance_below(c, 2)];
}

/* 限度額適用認定証: four in a hundred, from the first of a month to 31 July. */
static void give_limit(const struct nation *n, const struct household *h, struct period *p, struct chance *c) {
    const struct person *x = &h->people[p->who];
    struct day as_of = n->options.as_of;
    if (!chance_permille(c, x->age >= 65 ? 70 : 20) || !covers(p, as_of) || p->class == CLASS_MEDICAL_AID) return;
    struct civil today = day_civil(day_add(as_of, -(int)chance_below(c, 500)));
    struct day from = of(today.year, today.month, 1);
    if (day_before(from, p->start)) from = p->start;
    bool elderly = day_until(x->seventy, from);
    p->limit = (struct limit_certificate){.from = from,
                                          .issued = from,
                                          .until = day_add_months(july_before(from), 12),
                                          .long_term = DAY_NONE,
                                          .class = 1};
    /* A category is one of an age: it ends with it. */
    if (!elderly) p->limit.until = earlier(p->limit.until, day_add(x->seventy, -1));
    else if (n->insurers[p->insurer].scheme != KOUKI) p->limit.until = earlier(p->limit.until, day_add(x->late, -1));
    memcpy(p->limit.category, limit_category(elderly ? income_of_share(h, p, as_of) : h->income, elderly, c), 4);
    if (strcmp(p->limit.category, "A05") == 0 || p->limit.category[2] > '4') p->limit.class = 2;
    if (p->limit.category[0] == 'A' && p->limit.category[2] < '5') p->limit.class = 1;
    if (p->limit.class == 2 && chance_percent(c, 20)) p->limit.long_term = from;
}

static void give_disease(const struct nation *n, const struct household *h, struct period *p, struct chance *c) {
    const struct person *x = &h->people[p->who];
    uint32_t at = chance_below(c, 10000);
    uint8_t disease = at < (x->age > 45 ? 50u : 4u) ? 1 : at < 52 ? 2 : at == 52 ? 3 : 0;
    if (disease == 0 || !covers(p, n->options.as_of) || p->class == CLASS_MEDICAL_AID || (disease > 1 && x->sex == 2))
        return;
    uint32_t yen = disease > 1 ? 0 : h->income == HIGH && x->age < 70 ? 20000 : 10000;
    struct day from = later(p->start, day_add(n->options.as_of, -(int)chance_below(c, 2500)));
    p->disease = (struct disease_certificate){
        .disease = disease, .from = from, .issued = from, .until = DAY_NONE, .self_pay_yen = yen};
}

/* 医療券: each of the last six months in three of four cases; some name the institution they are for. */
static void give_tickets(const struct nation *n, struct period *p, struct chance *c) {
    struct civil now = day_civil(n->options.as_of);
    for (int back = PERIOD_TICKETS_MAX - 1; back >= 0; back--) {
        struct day first = day_add_months(of(now.year, now.month, 1), -back),
                   last = day_add(day_add_months(first, 1), -1);
        struct civil month = day_civil(first);
        uint32_t at = chance_below(c, 100), institution = chance_below(c, 9000);
        if (at >= 74 || day_before(last, p->start) || (day_is(p->lost) && day_until(p->lost, first))) continue;
        struct medical_ticket *t = &p->tickets[p->ticket_count++];
        *t = (struct medical_ticket){.type = at < 8 ? 2 : 1,
                                     .treatment = at < 8    ? 4
                                                  : at < 15 ? 1
                                                  : at < 25 ? 3
                                                            : 2,
                                     .month = (uint32_t)(month.year * 100 + month.month),
                                     .from = later(first, p->start),
                                     .until = last};
        uint64_t nine = (uint64_t)n->insurers[p->insurer].prefecture * 10000000 + (at < 8 ? 4000000 : 1000000) + 10000 +
                        institution;
        if (at < 40) t->institution.n = nine * 10 + check_digit_21(nine);
        if (at % 10 == 9) t->self_pay_yen = 500 * (1 + at);
    }
}

void period_certificates(const struct nation *n, const struct household *h, struct period *p, struct chance *c) {
    give_card(n, h, p, c);
    give_elderly(n, h, p, c);
    give_limit(n, h, p, c);
    give_disease(n, h, p, c);
    if (p->class == CLASS_MEDICAL_AID) give_tickets(n, p, c);
    /* A few registered shares of their own: 国保組合 that pay more for the insured person, and plain 30 written out. */
    if (p->ratio != RATIO_NONE || p->class != CLASS_GENERAL) return;
    if (n->insurers[p->insurer].scheme == KOKUHO_SOCIETY && p->relation == 1 && p->owner % 3 == 0) p->ratio = 20;
    else if (chance_percent(c, 3)) p->ratio = 30;
}
