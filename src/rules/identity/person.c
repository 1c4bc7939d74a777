#include "rules/identity/person.h"

#include "rules/identity/reading.h"

#define TRAIT(name, code, ja, en)  {code, ja, en},
#define ACCORD(name, code, ja, en) {code, ja, en},
static const struct trait_info traits[] = {
#include "rules/identity/trait.def"
};
static const struct trait_info accords[] = {
#include "rules/identity/accord.def"
};
#undef TRAIT
#undef ACCORD

const struct trait_info *trait_info(enum trait t) {
    invariant(t < TRAIT_COUNT);
    return &traits[t];
}

const struct trait_info *accord_info(enum accord a) {
    invariant(a < ACCORD_COUNT);
    return &accords[a];
}

/* ---- names ---- */

struct named {
    struct str kanji, kana;
};

/* The kana of a former name is registered nowhere: it is that of the given name with another family name before it. */
static struct named name_of(const struct person *p, enum name_kind k) {
    if (k == NAME_OTHER) return (struct named){p->other_name, p->other_kana};
    if (k == NAME_FORMER) return (struct named){p->former_name, p->kana};
    return (struct named){p->name, p->kana};
}

struct parts {
    enum accord family, given;
};

static struct parts parts_of(const struct comparison *c) {
    switch (c->level) {
    case LEVEL_SAME:
    case LEVEL_VARIANT: return (struct parts){ACCORD_AGREES, ACCORD_AGREES};
    case LEVEL_NEAR:
        return (struct parts){ACCORD_SLIP, comparison_has(c, REASON_GIVEN_SAME) ? ACCORD_AGREES : ACCORD_SLIP};
    case LEVEL_PART:
        if (comparison_has(c, REASON_FAMILY_SAME)) return (struct parts){ACCORD_AGREES, ACCORD_DIFFERS};
        return (struct parts){ACCORD_DIFFERS, ACCORD_AGREES};
    case LEVEL_UNKNOWN: return (struct parts){ACCORD_UNKNOWN, ACCORD_UNKNOWN};
    default: return (struct parts){ACCORD_DIFFERS, ACCORD_DIFFERS};
    }
}

/* The table in person.h. */
static enum accord joined(enum accord kana, enum accord kanji) {
    static const enum accord table[ACCORD_COUNT][ACCORD_COUNT] = {
        /* kanji:           agrees         slip           unknown         differs */
        [ACCORD_AGREES] = {ACCORD_AGREES, ACCORD_AGREES, ACCORD_AGREES, ACCORD_SLIP},
        [ACCORD_SLIP] = {ACCORD_AGREES, ACCORD_SLIP, ACCORD_SLIP, ACCORD_DIFFERS},
        [ACCORD_UNKNOWN] = {ACCORD_AGREES, ACCORD_SLIP, ACCORD_UNKNOWN, ACCORD_DIFFERS},
        [ACCORD_DIFFERS] = {ACCORD_SLIP, ACCORD_DIFFERS, ACCORD_DIFFERS, ACCORD_DIFFERS},
    };
    return table[kana][kanji];
}

struct name_likeness {
    struct parts parts;
    enum level kanji, kana;
};

/* A member under the former name: the given name's kana agrees, and the whole kana is a reading of the former name. */
static enum err read_former(const struct named *m, const struct named *r, struct comparison *kana, struct diag *d) {
    struct reading reading;
    if (kana->level != LEVEL_PART || !comparison_has(kana, REASON_GIVEN_SAME)) return ERR_OK;
    TRY(reading_judge(r->kanji, m->kana, &reading, d));
    if (reading.score >= READING_ACCEPTED) kana->level = LEVEL_NEAR;
    return ERR_OK;
}

static enum err compare_names(const struct named *m, const struct named *r, enum name_kind kind,
                              struct name_likeness *out, struct diag *d) {
    struct comparison kanji = {.level = LEVEL_SAME}, kana = {.level = LEVEL_SAME};
    if (m->kanji.n == 0 || !str_eq(m->kanji, r->kanji)) TRY(name_compare(m->kanji, r->kanji, &kanji, d));
    if (m->kana.n == 0 || !str_eq(m->kana, r->kana)) TRY(kana_compare(m->kana, r->kana, &kana, d));
    if (kind == NAME_FORMER) TRY(read_former(m, r, &kana, d));
    struct parts a = parts_of(&kana), b = parts_of(&kanji);
    out->parts = (struct parts){joined(a.family, b.family), joined(a.given, b.given)};
    out->kanji = kanji.level, out->kana = kana.level;
    return ERR_OK;
}

/* Smaller is better: names in which nothing differs, then the given name, because it is what must not differ. */
static unsigned cost(const struct name_likeness *n) {
    unsigned differ = (n->parts.given == ACCORD_DIFFERS ? 20u : 0u) + (n->parts.family == ACCORD_DIFFERS ? 10u : 0u);
    return ((differ + (unsigned)n->parts.given) * 10 + (unsigned)n->parts.family) * 100 + (unsigned)n->kana * 10 +
           (unsigned)n->kanji;
}

static enum err best_names(const struct person *m, const struct person *r, struct likeness *out,
                           struct name_likeness *best, struct diag *d) {
    bool first = true;
    for (enum name_kind i = NAME_OWN; i < NAME_FORMER; i++) {
        struct named mine = name_of(m, i);
        if (i != NAME_OWN && mine.kanji.n == 0 && mine.kana.n == 0) continue;
        for (enum name_kind k = NAME_OWN; k < NAME_KINDS; k++) {
            struct named theirs = name_of(r, k);
            struct name_likeness n;
            if (k != NAME_OWN && theirs.kanji.n == 0 && (k == NAME_FORMER || theirs.kana.n == 0)) continue;
            TRY(compare_names(&mine, &theirs, k, &n, d));
            if (!first && cost(&n) >= cost(best)) continue;
            *best = n, out->member_name = i, out->resident_name = k, first = false;
            if (n.kanji <= LEVEL_VARIANT && n.kana <= LEVEL_VARIANT) return ERR_OK;
        }
    }
    return ERR_OK;
}

/* ---- the other facts ---- */

static enum accord accord_of(enum level l, enum level slip_until) {
    if (l <= LEVEL_VARIANT) return ACCORD_AGREES;
    if (l == LEVEL_UNKNOWN) return ACCORD_UNKNOWN;
    return l <= slip_until ? ACCORD_SLIP : ACCORD_DIFFERS;
}

static void birth_text(struct day day, struct buf *out) {
    if (day_is(day)) day_put_iso(out, day);
}

static enum err compare_births(struct day m, struct day r, struct comparison *out, struct diag *d) {
    static const char *const nowhere = "";
    char a_room[16], b_room[16];
    struct buf a = buf_over(a_room, sizeof a_room), b = buf_over(b_room, sizeof b_room);
    birth_text(m, &a), birth_text(r, &b);
    TRY(birth_compare(buf_str(&a), buf_str(&b), out, d));
    for (size_t i = 0; i < out->finding_count; i++) /* the texts end here; whoever shows the finding has both days */
        out->findings[i].a = str_of(nowhere, 0), out->findings[i].b = str_of(nowhere, 0);
    return ERR_OK;
}

static enum accord sex_accord(char m, char r) {
    if (m == 0 || r == 0 || m == '3' || r == '3') return ACCORD_UNKNOWN; /* 3: 未設定 */
    return m == r ? ACCORD_AGREES : ACCORD_DIFFERS;
}

enum err person_compare(const struct person *m, const struct person *r, struct likeness *out, struct diag *d) {
    struct name_likeness names = {0};
    struct comparison birth = {.level = LEVEL_SAME}, address = {.level = LEVEL_SAME};
    *out = (struct likeness){0};
    TRY(best_names(m, r, out, &names, d));
    if (!day_is(m->birth) || !day_eq(m->birth, r->birth)) TRY(compare_births(m->birth, r->birth, &birth, d));
    if (m->address.n == 0 || !str_eq(m->address, r->address)) TRY(address_compare(m->address, r->address, &address, d));
    out->of[TRAIT_FAMILY] = names.parts.family, out->of[TRAIT_GIVEN] = names.parts.given;
    out->of[TRAIT_BIRTH] = accord_of(birth.level, LEVEL_NEAR);
    out->of[TRAIT_SEX] = sex_accord(m->sex, r->sex);
    out->of[TRAIT_ADDRESS] = accord_of(address.level, LEVEL_NEAR);
    out->level[FACT_NAME] = names.kanji, out->level[FACT_KANA] = names.kana;
    out->level[FACT_BIRTH] = birth.level, out->level[FACT_ADDRESS] = address.level;
    return ERR_OK;
}

enum err person_explain(const struct person *m, const struct person *r, const struct likeness *l, enum fact fact,
                        struct comparison *out, struct diag *d) {
    struct named mine = name_of(m, l->member_name), theirs = name_of(r, l->resident_name);
    switch (fact) {
    case FACT_NAME: return name_compare(mine.kanji, theirs.kanji, out, d);
    case FACT_KANA: return kana_compare(mine.kana, theirs.kana, out, d);
    case FACT_BIRTH: return compare_births(m->birth, r->birth, out, d);
    case FACT_ADDRESS: return address_compare(m->address, r->address, out, d);
    default: invariant(false); return ERR_OK;
    }
}
