/* The share of the cost against age, scheme and income category. */
#include "core/age.h"
#include "rules/plausibility/look.h"

enum {
    MINOR_AGE = 18,
    LATE_STAGE_AGE = 75,
    CATEGORY_ACTIVE_LAST = 3, /* OQSCD012: B01–B03 現役並み, and above it 一般 and low incomes */
    CATEGORY_GENERAL = 4,
    CATEGORY_GENERAL_II = 9, /* B09 and B10: 後期 alone, since its share of 20 % began (October 2022) */
    CATEGORY_GENERAL_I = 10,
    FULL_ACTIVE = 30,
    HALF_ACTIVE = 20,
    LEAST = 10,
};

static bool is_elderly_category(const struct limit_certificate *l) { return l->category[0] == 'B'; }
static int category_number(const struct limit_certificate *l) {
    return (l->category[1] - '0') * 10 + (l->category[2] - '0');
}

/* 70–74: 30 % is what active incomes pay, 20 % everybody else. 後期: 30 % active, 20 % 一般Ⅱ, 10 % 一般Ⅰ and low incomes; B04 stood for both
 * before there were two. */
static bool share_fits(const struct look *l, unsigned share, int category) {
    bool active = category <= CATEGORY_ACTIVE_LAST;
    if (active != (share == FULL_ACTIVE)) return false;
    if (active || !insurer_is_elderly(l->m->insurer) || category == CATEGORY_GENERAL) return true;
    return (share == HALF_ACTIVE) == (category == CATEGORY_GENERAL_II);
}

static bool category_fits_age(const struct look *l, const struct limit_certificate *limit) {
    bool late = insurer_is_elderly(l->m->insurer), elderly = late || age_early_elderly(l->m->birth, l->on);
    bool late_only = category_number(limit) >= CATEGORY_GENERAL_II;
    if (!is_elderly_category(limit)) return !elderly;
    return elderly && (late || !late_only);
}

static void look_at_limits(const struct look *l, const struct coverage *c, unsigned share) {
    for (size_t i = 0; i < c->limit_count; i++) {
        const struct limit_certificate *limit = &c->limits[i];
        if (!certificate_on(limit->from, limit->until, l->on)) continue;
        if (!category_fits_age(l, limit)) tell(l, FINDING_CATEGORY_AGAINST_AGE, c);
        else if (is_elderly_category(limit) && share != RATIO_NONE && !share_fits(l, share, category_number(limit)))
            tell(l, FINDING_SHARE_AGAINST_CATEGORY, c);
        else continue;
        return; /* once a period */
    }
}

/* The last birthday for 10 %: those who were 70 before the rule changed in April 2014. */
static bool born_for_ten_percent(struct day birth) {
    struct day last = DAY_NONE;
    invariant(day_from_civil(1944, 4, 1, &last));
    return day_until(birth, last);
}

static void look_at_elderly(const struct look *l, const struct coverage *c, const struct elderly_certificate *e) {
    bool age = age_early_elderly(l->m->birth, l->on);
    if (e && !age) tell(l, FINDING_ELDERLY_AGAINST_AGE, c);
    else if (e && e->ratio == LEAST && !born_for_ten_percent(l->m->birth)) tell(l, FINDING_ELDERLY_TEN_PERCENT, c);
    else if (e == NULL && age) tell(l, FINDING_ELDERLY_MISSING, c);
}

/* 特別療養費 is a thing of 国保 and 後期, and never of minors. */
static void look_at_full_share(const struct look *l, const struct coverage *c) {
    bool known = insurer_is_kokuho(l->m->insurer) || insurer_is_retired_kokuho(l->m->insurer) ||
                 insurer_is_elderly(l->m->insurer);
    if (c->class != CLASS_SPECIAL_EXPENSE) return;
    if (age_within_school_year(l->m->birth, MINOR_AGE, l->on)) tell(l, FINDING_CHILD_FULL_SHARE, c);
    else if (!known) tell(l, FINDING_SCHEME_FULL_SHARE, c);
}

void look_at_shares(const struct look *l, const struct coverage *c) {
    bool late = insurer_is_elderly(l->m->insurer);
    const struct elderly_certificate *e = coverage_elderly_on(c, l->on);
    if (c->class == CLASS_MEDICAL_AID) return; /* pays nothing at any age */
    look_at_full_share(l, c);
    if (!late && age_reached(l->m->birth, LATE_STAGE_AGE, l->on)) {
        tell(l, FINDING_PAST_75, c);
        return; /* all else follows from it */
    }
    if (!late) look_at_elderly(l, c, e);
    look_at_limits(l, c, late ? c->ratio : e ? e->ratio : RATIO_NONE);
}
