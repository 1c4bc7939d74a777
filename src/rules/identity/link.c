#include "rules/identity/link.h"

#define LINK_RULE(name, code, outcome, ja, en) {code, LINK_##outcome, ja, en},
static const struct link_rule_info rules[] = {
#include "rules/identity/link_rule.def"
};
#undef LINK_RULE

#define LINK_OUTCOME(name, code, ja, en) {code, ja, en},
static const struct trait_info outcomes[] = {
#include "rules/identity/link_outcome.def"
};
#undef LINK_OUTCOME

const struct link_rule_info *link_rule_info(enum link_rule r) {
    invariant(r < LINK_RULES);
    return &rules[r];
}

const struct trait_info *link_outcome_info(enum link_outcome o) {
    invariant(o < LINK_OUTCOMES);
    return &outcomes[o];
}

/* ---- within reach ---- */

static bool at_most(const struct likeness *l, enum trait t, enum accord a) { return l->of[t] <= a; }

/* Nothing there to compare must not hide somebody: unknown counts as within reach, as long as something speaks for it. */
bool link_within_reach(const struct likeness *l) {
    if (l->of[TRAIT_BIRTH] != ACCORD_AGREES || l->of[TRAIT_SEX] == ACCORD_DIFFERS) return false;
    bool family = at_most(l, TRAIT_FAMILY, ACCORD_SLIP), given = at_most(l, TRAIT_GIVEN, ACCORD_SLIP);
    return (family && given) || (family && at_most(l, TRAIT_ADDRESS, ACCORD_SLIP)) ||
           (given && at_most(l, TRAIT_ADDRESS, ACCORD_SLIP));
}

/* Somebody else in whom nothing differs, or all that matters agrees. */
static bool fits(const struct likeness *l) {
    return l->of[TRAIT_GIVEN] == ACCORD_AGREES && l->of[TRAIT_BIRTH] == ACCORD_AGREES &&
           at_most(l, TRAIT_FAMILY, ACCORD_SLIP) && at_most(l, TRAIT_SEX, ACCORD_UNKNOWN);
}

static bool fits_wholly(const struct likeness *l) {
    return fits(l) && l->of[TRAIT_FAMILY] == ACCORD_AGREES && l->of[TRAIT_ADDRESS] == ACCORD_AGREES;
}

static bool somebody(const struct link_facts *f, bool (*who)(const struct likeness *)) {
    for (size_t i = 0; i < f->other_count; i++)
        if (who(&f->others[i])) return true;
    return false;
}

/* Another character or another reading counts: it differs from the member where the holder does not. */
static bool differs(const struct likeness *other) {
    for (enum trait t = 0; t < TRAIT_COUNT; t++)
        if (other->of[t] == ACCORD_DIFFERS) return true;
    return other->level[FACT_NAME] == LEVEL_DIFFERENT || other->level[FACT_NAME] == LEVEL_PART;
}

static bool told_apart(const struct link_facts *f) {
    for (enum trait t = 0; t < TRAIT_COUNT; t++)
        if (f->holder->of[t] != ACCORD_AGREES) return false;
    if (f->holder->level[FACT_NAME] > LEVEL_VARIANT || f->holder->level[FACT_KANA] > LEVEL_VARIANT) return false;
    for (size_t i = 0; i < f->other_count; i++)
        if (!differs(&f->others[i])) return false;
    return f->other_count < LINK_OTHERS_MAX;
}

/* ---- the rules ---- */

static enum link_rule without_holder(const struct link_facts *f) {
    if (!f->has_number) return LINK_RULE_BLANK;
    return somebody(f, fits_wholly) ? LINK_RULE_NOBODY_BUT : LINK_RULE_NOBODY;
}

/* True when something speaks against the holder; *out is what. */
static bool contradicted(const struct link_facts *f, enum link_rule *out) {
    const enum accord *of = f->holder->of;
    bool given = of[TRAIT_GIVEN] == ACCORD_DIFFERS, birth = of[TRAIT_BIRTH] == ACCORD_DIFFERS,
         sex = of[TRAIT_SEX] == ACCORD_DIFFERS;
    bool rest =
        of[TRAIT_FAMILY] == ACCORD_AGREES && of[TRAIT_GIVEN] == ACCORD_AGREES && of[TRAIT_BIRTH] == ACCORD_AGREES;
    if ((given || birth || sex) && somebody(f, fits)) return *out = LINK_RULE_ANOTHER, true;
    if (given) return *out = LINK_RULE_GIVEN, true;
    if (birth) return *out = LINK_RULE_BIRTH, true;
    if (sex) return *out = rest ? LINK_RULE_SEX_ALONE : LINK_RULE_SEX, true;
    return false;
}

/* True when a person must look; *out is why. */
static bool doubtful(const struct link_facts *f, enum link_rule *out) {
    const enum accord *of = f->holder->of;
    if (of[TRAIT_BIRTH] == ACCORD_SLIP) return *out = LINK_RULE_BIRTH_SLIP, true;
    if (of[TRAIT_BIRTH] == ACCORD_UNKNOWN) return *out = LINK_RULE_BIRTH_UNKNOWN, true;
    if (of[TRAIT_FAMILY] == ACCORD_DIFFERS) return *out = LINK_RULE_FAMILY, true;
    if (f->other_count || f->holder_has_double)
        return *out = told_apart(f) ? LINK_RULE_TOLD_APART : LINK_RULE_WITHIN_REACH, true;
    if (of[TRAIT_GIVEN] == ACCORD_UNKNOWN) return *out = LINK_RULE_GIVEN_UNSURE, true;
    return false;
}

/* Nobody else is within reach, and nothing contradicts. */
static enum link_rule alone(const struct likeness *h) {
    bool names = h->of[TRAIT_FAMILY] == ACCORD_AGREES && h->of[TRAIT_GIVEN] == ACCORD_AGREES,
         written = h->level[FACT_NAME] <= LEVEL_VARIANT ||
                   (h->level[FACT_NAME] <= LEVEL_NEAR && h->level[FACT_KANA] <= LEVEL_NEAR),
         sex = h->of[TRAIT_SEX] == ACCORD_AGREES, address = h->of[TRAIT_ADDRESS] == ACCORD_AGREES;
    if (names && sex && address) return LINK_RULE_ALL_AGREE;
    if (address && (sex || names)) return LINK_RULE_WRITTEN_OTHERWISE;
    if (at_most(h, TRAIT_FAMILY, ACCORD_SLIP) && h->of[TRAIT_GIVEN] == ACCORD_AGREES && sex && written)
        return h->of[TRAIT_ADDRESS] == ACCORD_SLIP ? LINK_RULE_WRITTEN_OTHERWISE : LINK_RULE_MOVED;
    return h->of[TRAIT_GIVEN] == ACCORD_AGREES ? LINK_RULE_TOO_LITTLE : LINK_RULE_GIVEN_UNSURE;
}

enum link_rule link_decide(const struct link_facts *f) {
    enum link_rule rule;
    if (f->holders > 1) return LINK_RULE_NUMBER_TWICE;
    if (!f->has_number || f->holder == NULL) return without_holder(f);
    if (contradicted(f, &rule) || doubtful(f, &rule)) return rule;
    return alone(f->holder);
}
