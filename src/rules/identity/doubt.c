#include "rules/identity/doubt.h"

#define WRONG_KIND(name, code, ja, en) {code, ja, en},
static const struct trait_info kinds[] = {
#include "rules/identity/wrong_kind.def"
};
#undef WRONG_KIND

const struct trait_info *wrong_kind_info(enum wrong_kind k) {
    invariant(k < WRONG_KINDS);
    return &kinds[k];
}

/* ---- patterns ---- */

enum { AXES = TRAIT_COUNT + 1 }; /* the traits, and the best of the others */

static unsigned axis(unsigned pattern, unsigned i) { return pattern >> (2 * i) & 3; }

static enum other_state other_state(const struct likeness *l) {
    bool name = l->of[TRAIT_GIVEN] == ACCORD_AGREES && l->of[TRAIT_FAMILY] == ACCORD_AGREES,
         birth = l->of[TRAIT_BIRTH] == ACCORD_AGREES && l->of[TRAIT_SEX] != ACCORD_DIFFERS;
    if (!name || !birth) return OTHER_REACH;
    return l->of[TRAIT_ADDRESS] == ACCORD_AGREES ? OTHER_FITS_WHOLLY : OTHER_FITS;
}

unsigned doubt_pattern(const struct link_facts *f) {
    enum other_state best = OTHER_NONE;
    unsigned pattern = 0;
    for (size_t i = 0; i < f->other_count; i++) {
        enum other_state s = other_state(&f->others[i]);
        if (s > best) best = s;
    }
    for (unsigned t = 0; t < TRAIT_COUNT; t++) pattern |= (unsigned)f->holder->of[t] << (2 * t);
    return pattern | (unsigned)best << (2 * TRAIT_COUNT);
}

/* ---- learning ---- */

enum { ROUNDS = 60, ENOUGH = 20 };
/* Before anything is seen: one link in so many is wrong in each way; so many made-up sightings of what the axes allow each by itself. */
static const double wrong_at_first = 1e-5, sightings = 4.0, never = 1e-9, seldom = 1e-3;

struct learning {
    const struct doubt_counts *counts;
    double right[AXES][4]; /* how often each value, of right links */
    double wrong[WRONG_KINDS][PATTERNS];
    double share[WRONG_KINDS];
    double total;
};

static double right_of(const struct learning *l, unsigned pattern) {
    double p = 1;
    for (unsigned i = 0; i < AXES; i++) p *= l->right[i][axis(pattern, i)];
    return p;
}

static void axes_of(const double *weights, double total, double least, double out[AXES][4]) {
    for (unsigned i = 0; i < AXES; i++)
        for (unsigned v = 0; v < 4; v++) out[i][v] = least;
    for (unsigned p = 0; p < PATTERNS; p++)
        for (unsigned i = 0; i < AXES; i++) out[i][axis(p, i)] += weights[p] / (total > 0 ? total : 1);
}

/* What was acted out, with a little of what its axes say of patterns that did not come up. */
static void smooth(struct learning *l, enum wrong_kind k) {
    double weights[PATTERNS], axes[AXES][4], n = 0;
    for (unsigned p = 0; p < PATTERNS; p++) n += weights[p] = (double)l->counts->wrong[k][p];
    axes_of(weights, n, seldom, axes);
    for (unsigned p = 0; p < PATTERNS; p++) {
        double alone = 1;
        for (unsigned i = 0; i < AXES; i++) alone *= axes[i][axis(p, i)];
        l->wrong[k][p] = (weights[p] + sightings * alone) / (n + sightings);
    }
    l->share[k] = n < ENOUGH ? 0 : wrong_at_first;
}

/* Of a pattern: how much of it each way of going wrong explains; what is left is right. */
static double blame(const struct learning *l, unsigned p, double out[WRONG_KINDS]) {
    double right = right_of(l, p), all = 0, wrong = 0;
    for (unsigned k = 0; k < WRONG_KINDS; k++) right *= 1 - l->share[k];
    all = right;
    for (unsigned k = 0; k < WRONG_KINDS; k++) all += out[k] = l->share[k] * l->wrong[k][p];
    for (unsigned k = 0; k < WRONG_KINDS; k++) wrong += out[k] = all > 0 ? out[k] / all : 0;
    return wrong;
}

static void round_once(struct learning *l) {
    double right[PATTERNS], share[WRONG_KINDS] = {0}, of_kind[WRONG_KINDS], n = 0;
    for (unsigned p = 0; p < PATTERNS; p++) {
        double seen = (double)l->counts->links[p];
        right[p] = 0;
        if (seen == 0) continue;
        right[p] = seen * (1 - blame(l, p, of_kind));
        n += right[p];
        for (unsigned k = 0; k < WRONG_KINDS; k++) share[k] += seen * of_kind[k];
    }
    axes_of(right, n, never, l->right);
    for (unsigned k = 0; k < WRONG_KINDS; k++) l->share[k] = l->total > 0 ? share[k] / l->total : 0;
}

static uint64_t hash_counts(const struct doubt_counts *c) {
    uint64_t h = 14695981039346656037u;
    const uint64_t *words = (const uint64_t *)(const void *)c;
    for (size_t i = 0; i < sizeof *c / sizeof *words; i++) h = (h ^ words[i]) * 1099511628211u;
    return h ^ (h >> 32);
}

void doubt_learn(const struct doubt_counts *counts, struct doubt_model *out) {
    static const double certain = DOUBT_CERTAIN;
    struct learning l = {.counts = counts};
    double weights[PATTERNS], of_kind[WRONG_KINDS];
    *out = (struct doubt_model){.id = hash_counts(counts)};
    for (unsigned p = 0; p < PATTERNS; p++)
        l.total += weights[p] = (double)counts->links[p], out->links += counts->links[p];
    axes_of(weights, l.total, never, l.right);
    for (unsigned k = 0; k < WRONG_KINDS; k++) smooth(&l, (enum wrong_kind)k);
    for (unsigned i = 0; i < ROUNDS; i++) round_once(&l);
    for (unsigned k = 0; k < WRONG_KINDS; k++) out->expected[k] = (uint64_t)(l.share[k] * l.total * 1000 + 0.5);
    for (unsigned p = 0; p < PATTERNS; p++) {
        out->wrong[p] = (uint32_t)(blame(&l, p, of_kind) * certain + 0.5);
        for (unsigned k = 1; k < WRONG_KINDS; k++)
            if (of_kind[k] > of_kind[out->kind[p]]) out->kind[p] = (uint8_t)k;
    }
}
