#include "service/people/household.h"

#include <stdlib.h>

static int compare(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

static int by_key(const void *a, const void *b) {
    const struct period *x = *(const struct period *const *)a, *y = *(const struct period *const *)b;
    int c = compare(x->insurer, y->insurer);
    if (c == 0) c = compare(x->owner, y->owner);
    if (c == 0) c = compare(x->slot, y->slot);
    if (c == 0) c = compare((uint64_t)(x->branch + 1), (uint64_t)(y->branch + 1));
    return c ? c : compare((uint64_t)(x->start.n + 1000000), (uint64_t)(y->start.n + 1000000));
}

static void sort_periods(struct household *h) {
    const struct period *order[HOUSEHOLD_PERIODS_MAX];
    struct period sorted[HOUSEHOLD_PERIODS_MAX];
    for (size_t i = 0; i < h->period_count; i++) order[i] = &h->periods[i];
    qsort(order, h->period_count, sizeof *order, by_key);
    for (size_t i = 0; i < h->period_count; i++) sorted[i] = *order[i];
    memcpy(h->periods, sorted, h->period_count * sizeof *sorted);
}

/* Some insurers have no branch for a member who is alone on a number; two without one would be the same member. */
static void leave_out_branches(struct household *h) {
    for (size_t i = 0; i < h->period_count; i++) {
        struct period *p = &h->periods[i];
        if (p->branch == BRANCH_NONE || chance_mix(p->owner * 31 + p->insurer) % 100 >= 4) continue;
        bool alone = true;
        for (size_t j = 0; j < h->period_count; j++)
            if (same_number(p, &h->periods[j]) && h->periods[j].who != p->who) alone = false;
        for (size_t j = 0; alone && j < h->period_count; j++)
            if (same_number(p, &h->periods[j])) h->periods[j].branch = BRANCH_NONE;
    }
}

static struct chance settle_in(const struct nation *n, const struct namesakes *shared, uint64_t block, unsigned k,
                               uint64_t first, size_t room, struct household *h) {
    struct chance c = chance_of(n->options.seed, block, k);
    h->first = first;
    h->people_count = h->period_count = 0;
    h->home = nation_home(n, first);
    h->town = &h->home->towns[chance_below(&c, (uint32_t)h->home->town_count)];
    household_people(n, shared, h, room, &c);
    return c;
}

void household_make_people(const struct nation *n, uint64_t block, unsigned k, uint64_t first, size_t room,
                           struct household *h) {
    (void)settle_in(n, NULL, block, k, first, room, h);
}

void household_make_among(const struct nation *n, const struct namesakes *shared, uint64_t block, unsigned k,
                          uint64_t first, size_t room, struct household *h) {
    struct chance c = settle_in(n, shared, block, k, first, room, h);
    household_address(h, n->prefectures[h->home->prefecture], &c);
    household_history(n, h, &c);
    leave_out_branches(h);
    for (size_t i = 0; i < h->period_count; i++) period_certificates(n, h, &h->periods[i], &c);
    sort_periods(h);
}

void household_make(const struct nation *n, uint64_t block, unsigned k, uint64_t first, size_t room,
                    struct household *h) {
    household_make_among(n, NULL, block, k, first, room, h);
}
