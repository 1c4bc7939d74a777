#include "rules/identity/alarm.h"

#define ALARM_CAUSE(name, code, next, ja, en) {code, NEXT_##next, ja, en},
static const struct alarm_cause_info causes[] = {
#include "rules/identity/alarm_cause.def"
};
#undef ALARM_CAUSE

#define ALARM_NEXT(name, code, ja, en) {code, ja, en},
static const struct trait_info nexts[] = {
#include "rules/identity/alarm_next.def"
};
#undef ALARM_NEXT

const struct alarm_cause_info *alarm_cause_info(enum alarm_cause c) {
    invariant(c < ALARM_CAUSES);
    return &causes[c];
}

const struct trait_info *alarm_next_info(enum alarm_next n) {
    invariant(n < ALARM_NEXTS);
    return &nexts[n];
}

bool alarm_rings(const struct alarm_facts *f) {
    enum link_outcome o = link_rule_info(f->rule)->outcome;
    if (f->holder == NULL || o == LINK_CONTRADICTED || f->rule == LINK_RULE_FAMILY) return true;
    return f->wrong >= ALARM_FROM;
}

static bool agrees(const struct likeness *l, enum trait t) { return l->of[t] <= ACCORD_SLIP; }

static enum alarm_cause mixed_up(const struct alarm_facts *f) {
    if (f->household) return f->same_birth ? CAUSE_TWIN : CAUSE_FAMILY;
    return agrees(f->holder, TRAIT_FAMILY) && agrees(f->holder, TRAIT_GIVEN) ? CAUSE_NAMESAKE : CAUSE_SHIFTED;
}

static enum alarm_cause of_doubt(const struct alarm_facts *f) {
    static const enum alarm_cause of[WRONG_KINDS] = {
        [WRONG_TWIN] = CAUSE_TWIN,
        [WRONG_FAMILY] = CAUSE_FAMILY,
        [WRONG_NAMESAKE] = CAUSE_NAMESAKE,
        [WRONG_SHIFTED] = CAUSE_SHIFTED,
    };
    return of[f->kind];
}

enum alarm_cause alarm_cause(const struct alarm_facts *f) {
    if (f->holder == NULL) return CAUSE_GONE;
    switch (f->rule) {
    case LINK_RULE_ANOTHER: return mixed_up(f);
    case LINK_RULE_GIVEN:
        return agrees(f->holder, TRAIT_FAMILY) && agrees(f->holder, TRAIT_ADDRESS) ? CAUSE_FAMILY : CAUSE_NUMBER;
    case LINK_RULE_NUMBER_TWICE:
    case LINK_RULE_BIRTH: return CAUSE_NUMBER;
    case LINK_RULE_SEX:
    case LINK_RULE_SEX_ALONE: return CAUSE_SEX;
    case LINK_RULE_BIRTH_SLIP:
    case LINK_RULE_BIRTH_UNKNOWN: return CAUSE_BIRTH;
    case LINK_RULE_FAMILY:
    case LINK_RULE_GIVEN_UNSURE: return CAUSE_NAME;
    case LINK_RULE_TOO_LITTLE: return CAUSE_ADDRESS;
    default: return of_doubt(f);
    }
}

enum alarm_next alarm_next(const struct alarm_facts *f) {
    if (f->holder && link_rule_info(f->rule)->outcome == LINK_CONTRADICTED) return NEXT_CLOSE_RECORDS;
    return alarm_cause_info(alarm_cause(f))->next;
}
