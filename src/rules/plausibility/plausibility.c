/* A card's members one by one, and then as a family. */
#include "rules/plausibility/plausibility.h"

#include "core/age.h"
#include "rules/plausibility/look.h"

enum {
    WORKING_AGE = 15,
    DEPENDANTS_USUAL_MAX = 12,
    RELATION_INSURED = 1, /* OQSCD009 */
    RELATION_FAMILY = 2,
};

static const struct finding_info infos[FINDING_COUNT] = {
#define FINDING(name, code, level, ja, en, todo_ja, todo_en, source)                                                   \
    [FINDING_##name] = {code, ja, en, todo_ja, todo_en, source, FINDING_##level},
#include "rules/plausibility/finding.def"
#undef FINDING
};

const struct finding_info *finding_info(enum finding_kind k) {
    invariant(k < FINDING_COUNT);
    return &infos[k];
}

const char *finding_level_name(enum finding_level l) {
    static const char *const names[] = {"wrong", "missing", "doubtful"};
    return names[l];
}

const struct coverage *period_on(const struct member *m, struct day on) {
    for (size_t i = 0; i < m->period_count; i++)
        if (coverage_on(&m->periods[i], on)) return &m->periods[i];
    return NULL;
}

/* 被用者保険: somebody works, and the family hangs on that. 国保, 後期 and medical aid cover everyone in their own right. */
static bool has_dependants(struct insurer_number i) {
    return !insurer_is_kokuho(i) && !insurer_is_elderly(i) && !insurer_is_medical_aid(i) &&
           !insurer_is_retired_kokuho(i);
}

struct family {
    const struct member *first_insured, *first_dependant;
    size_t insured, dependants;
};

static struct family family_on(const struct member *members, size_t count, struct day on) {
    struct family f = {0};
    for (size_t i = 0; i < count; i++) {
        const struct coverage *c = period_on(&members[i], on);
        if (c == NULL) continue;
        if (c->relation == RELATION_INSURED && f.insured++ == 0) f.first_insured = &members[i];
        if (c->relation == RELATION_FAMILY && f.dependants++ == 0) f.first_dependant = &members[i];
    }
    return f;
}

static void look_at_family(const struct member *members, size_t count, struct look l) {
    struct family f = family_on(members, count, l.on);
    if (!has_dependants(members[0].insurer)) return;
    if (f.insured > 1) l.m = f.first_insured, tell(&l, FINDING_TWO_INSURED, period_on(l.m, l.on));
    if (f.insured == 1 && !age_reached(f.first_insured->birth, WORKING_AGE, l.on))
        l.m = f.first_insured, tell(&l, FINDING_INSURED_CHILD, period_on(l.m, l.on));
    if (f.dependants == 0) return;
    l.m = f.first_dependant;
    if (f.insured == 0) tell(&l, FINDING_DEPENDANTS_ALONE, period_on(l.m, l.on));
    if (f.dependants > DEPENDANTS_USUAL_MAX) tell(&l, FINDING_MANY_DEPENDANTS, period_on(l.m, l.on));
}

static bool same_person(const struct member *a, const struct member *b, struct day on) {
    const struct coverage *x = period_on(a, on), *y = period_on(b, on);
    return x && y && day_eq(a->birth, b->birth) && str_eq(x->name, y->name);
}

static void look_for_doubles(const struct member *members, size_t count, struct look l) {
    for (size_t i = 1; i < count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++) seen = same_person(&members[j], &members[i], l.on);
        l.m = &members[i];
        if (seen) tell(&l, FINDING_SAME_PERSON_TWICE, period_on(l.m, l.on));
    }
}

void plausibility_card(const struct member *members, size_t count, struct day on, const struct finding_sink *out) {
    struct look l = {.on = on, .out = out};
    invariant(day_is(on) && count <= MEMBERS_PER_CARD_MAX);
    for (size_t i = 0; i < count; i++) {
        l.m = &members[i];
        const struct coverage *now = period_on(l.m, on);
        if (now) look_at_shares(&l, now), look_at_names(&l, now);
        look_at_times(&l);
    }
    if (count == 0) return;
    look_at_family(members, count, l);
    look_for_doubles(members, count, l);
}
