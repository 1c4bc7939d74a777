#include "service/link/acting.h"

enum { ACTED_MAX = 100000 }; /* members of a batch that act, for each way but the rare ones */

void evidence_of(const struct registry_found *all, const struct link_member *m, const struct found *found, size_t count,
                 struct link_evidence *out) {
    struct link_facts *f = &out->facts;
    out->holder = NULL;
    *f = (struct link_facts){.has_number = m->has_number, .others = out->others};
    for (size_t i = 0; i < count; i++)
        if (found[i].holder) f->holders++;
        else if (f->other_count < LINK_OTHERS_MAX) out->others[f->other_count++] = found[i].likeness;
    if (f->holders == 0) return;
    out->holder = &found[0], f->holder = &found[0].likeness;
    f->holder_has_double = registry_has_double(all, found[0].resident);
}

struct acting {
    const struct members *members;
    const struct registry_found *f;
    struct doubt_counts *counts;
    uint64_t every; /* of the members, for what every member can act */
};

/* The member with `wrong` as the holder, the true holder being somebody else now. `skip`: who of the others has become the holder. */
static void act(struct acting *a, enum wrong_kind k, const struct link_evidence *e, const struct likeness *wrong,
                size_t skip) {
    struct likeness others[LINK_OTHERS_MAX];
    struct link_facts f = {.has_number = true, .holders = 1, .holder = wrong, .others = others};
    if (link_within_reach(e->facts.holder)) others[f.other_count++] = *e->facts.holder;
    for (size_t i = 0; i < e->facts.other_count && f.other_count < LINK_OTHERS_MAX; i++)
        if (i != skip) others[f.other_count++] = e->others[i];
    a->counts->wrong[k][doubt_pattern(&f)]++;
}

static bool same_household(const struct packed *a, const struct packed *b) {
    return packed_second(a).n && str_eq(packed_second(a), packed_second(b));
}

/* Whoever is within reach: twins and namesakes. */
static void act_others(struct acting *a, const struct link_evidence *e, const struct found *found, size_t count) {
    size_t other = 0;
    for (size_t i = 0; i < count && other < LINK_OTHERS_MAX; i++) {
        if (found[i].holder) continue;
        bool twin = same_household(found[i].resident, e->holder->resident);
        act(a, twin ? WRONG_TWIN : WRONG_NAMESAKE, e, &found[i].likeness, other++);
    }
}

/* The first of a household in the sample, or sample_count. */
static size_t find_household(const struct registry_found *f, struct str household) {
    size_t low = 0, high = f->sample_count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (str_cmp(packed_second(f->sample[mid]), household) < 0) low = mid + 1;
        else high = mid;
    }
    return low;
}

static enum err act_family(struct acting *a, const struct link_evidence *e, const struct person *p, struct diag *d) {
    const struct registry_found *f = a->f;
    struct str household = packed_second(e->holder->resident);
    if (household.n == 0) return ERR_OK;
    for (size_t i = find_household(f, household); i < f->sample_count && str_eq(packed_second(f->sample[i]), household);
         i++) {
        struct person other = packed_person(f->sample[i]);
        struct likeness l;
        if (str_eq(packed_first(f->sample[i]), packed_first(e->holder->resident))) continue;
        if (day_eq(other.birth, e->holder->resident->birth)) continue; /* twins act for themselves */
        TRY(person_compare(p, &other, &l, d));
        act(a, WRONG_FAMILY, e, &l, LINK_OTHERS_MAX);
    }
    return ERR_OK;
}

static enum err act_shifted(struct acting *a, const struct link_evidence *e, const struct person *p,
                            const struct packed *stranger, struct diag *d) {
    struct likeness l;
    struct person other = packed_person(stranger);
    TRY(person_compare(p, &other, &l, d));
    act(a, WRONG_SHIFTED, e, &l, LINK_OTHERS_MAX);
    return ERR_OK;
}

static enum err act_all(struct acting *a, uint32_t member, const struct found *found, size_t count,
                        const struct packed *stranger, struct diag *d) {
    const struct link_member *m = &a->members->all[member];
    struct link_evidence e;
    evidence_of(a->f, m, found, count, &e);
    if (e.holder == NULL || e.facts.holders > 1) return ERR_OK;
    a->counts->links[doubt_pattern(&e.facts)]++;
    if (link_rule_info(link_decide(&e.facts))->outcome == LINK_CONTRADICTED)
        return ERR_OK; /* whose own record is another one */
    struct person p = packed_person(&m->packed);
    act_others(a, &e, found, count);
    TRY(act_family(a, &e, &p, d));
    bool strange = stranger && !same_household(stranger, e.holder->resident);
    return strange && member % a->every == 0 ? act_shifted(a, &e, &p, stranger, d) : ERR_OK;
}

enum err acting_count(const struct members *m, const struct registry_found *f, struct doubt_counts *counts,
                      struct diag *d) {
    struct acting a = {.members = m, .f = f, .counts = counts, .every = m->count / ACTED_MAX + 1};
    const struct packed *before = NULL; /* the holder of the line above */
    for (size_t at = 0, from; at < f->count;) {
        uint32_t member = f->all[at].member;
        for (from = at; at < f->count && f->all[at].member == member;) at++;
        TRY(act_all(&a, member, f->all + from, at - from, before, d));
        if (f->all[from].holder) before = f->all[from].resident;
    }
    return ERR_OK;
}
