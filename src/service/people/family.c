/* Who lives in a household: kinds and ages by households.def, names by the time of birth, twins, foreign residents, the dead. */
#include "service/people/namesakes.h"

enum { HOUSEHOLD_AGES = 17, FIRST_AGE = 15, OLDEST = 104 };

#define HOUSEHOLD(kind, ...) [kind] = {__VA_ARGS__},
static const uint32_t household_weights[HOUSEHOLD_KINDS][HOUSEHOLD_AGES] = {
#include "service/people/households.def"
};
#undef HOUSEHOLD

/* Kind of household and age of the person it is drawn by. */
static enum household_kind draw_kind(struct chance *c, int *age) {
    uint32_t total = 0, at, kind = 0, group = 0;
    for (kind = 0; kind < HOUSEHOLD_KINDS; kind++)
        for (group = 0; group < HOUSEHOLD_AGES; group++) total += household_weights[kind][group];
    at = chance_below(c, total);
    for (kind = 0; kind < HOUSEHOLD_KINDS; kind++)
        for (group = 0; group < HOUSEHOLD_AGES; group++) {
            if (at < household_weights[kind][group]) {
                int low = FIRST_AGE + (int)group * 5;
                *age = chance_range(c, low < 18 ? 18 : low, group == HOUSEHOLD_AGES - 1 ? 99 : low + 4);
                return (enum household_kind)kind;
            }
            at -= household_weights[kind][group];
        }
    invariant(!"weights end before their sum");
}

static struct day birth_at(const struct nation *n, int age, struct chance *c) {
    return day_add(n->options.as_of, -(age * 146097 / 400) - (int)chance_below(c, 365));
}

static struct person *add_person(const struct nation *n, struct household *h, enum role role, unsigned sex, int age,
                                 struct chance *c) {
    invariant(h->people_count < HOUSEHOLD_PEOPLE_MAX);
    struct person *p = &h->people[h->people_count];
    *p = (struct person){
        .ordinal = h->first + h->people_count, .role = role, .sex = (uint8_t)sex, .age = age < OLDEST ? age : OLDEST};
    p->birth = birth_at(n, p->age, c);
    p->died = DAY_NONE;
    h->people_count++;
    return p;
}

/* Two children in a hundred are twins, most of them of one sex; children stand two to four years apart. */
static void add_children(const struct nation *n, struct household *h, int parent, int count, struct chance *c) {
    int age = parent - chance_range(c, 23, 36);
    for (int i = 0; i < count && age >= 0; i++) {
        if (age > 50) age = 50;
        struct person *child = add_person(n, h, CHILD, 1 + chance_below(c, 2), age, c);
        if (chance_permille(c, 11) && h->people_count < HOUSEHOLD_PEOPLE_MAX - 2) {
            unsigned sex = chance_percent(c, 65) ? child->sex : 3u - child->sex;
            struct person *twin = add_person(n, h, CHILD, sex, age, c);
            twin->birth = child->birth, twin->twin = child->twin = true, i++;
        }
        age -= chance_range(c, 2, 4);
    }
}

static void add_grandparents(const struct nation *n, struct household *h, int age, struct chance *c) {
    int older = age + chance_range(c, 24, 34);
    add_person(n, h, GRANDPARENT, 2, older, c);
    if (chance_below(c, 3) == 0) add_person(n, h, GRANDPARENT, 1, older + chance_range(c, 0, 4), c);
}

/* The number of children, in the order of one to three; see tools' fit in README.md. */
static int draw_children(const uint8_t of_ten[3], struct chance *c) {
    uint32_t at = chance_below(c, 10);
    return at < of_ten[0] ? 1 : at < (uint32_t)of_ten[0] + of_ten[1] ? 2 : 3;
}

static void draw_people(const struct nation *n, struct household *h, struct chance *c) {
    static const uint8_t couple_children[3] = {4, 5, 1}, parent_children[3] = {5, 3, 2};
    int age;
    h->kind = draw_kind(c, &age);
    if (h->kind == SINGLE_WOMAN || h->kind == MOTHER) add_person(n, h, WOMAN, 2, age, c);
    else add_person(n, h, MAN, 1, age, c);
    if (h->kind == MOTHER || h->kind == FATHER) add_children(n, h, age, draw_children(parent_children, c), c);
    if (h->kind <= SINGLE_WOMAN || h->kind == MOTHER || h->kind == FATHER) return;
    int wife = age - chance_range(c, -2, 6);
    if (wife < 18) wife = 18;
    add_person(n, h, WOMAN, 2, wife, c);
    if (h->kind == FAMILY || h->kind == THREE) add_children(n, h, wife, draw_children(couple_children, c), c);
    if (h->kind == THREE || h->kind == ELDERS) add_grandparents(n, h, age, c);
}

/* Deaths of the last two years, by age; the dead stay in the files with their day. */
static void maybe_died(const struct nation *n, struct person *p, struct chance *c) {
    uint32_t permille_a_year = p->age < 40   ? 1
                               : p->age < 60 ? 2
                               : p->age < 70 ? 8
                               : p->age < 80 ? 20
                               : p->age < 90 ? 60
                                             : 180;
    if (!chance_permille(c, permille_a_year * 2)) return;
    struct day died = day_add(n->options.as_of, -(int)chance_below(c, 730));
    if (day_before(p->birth, died)) p->died = died;
}

static struct day school_day(struct day birth) {
    /* The first 1 April after a year of age is complete on the sixth birthday's eve (学校教育法17条; born on 1 April: that very day). */
    struct civil six = day_civil(day_add(day_birthday(birth, 6), -1));
    struct day april = DAY_NONE;
    invariant(day_from_civil(six.year + (six.month > 3), 4, 1, &april));
    return april;
}

static struct day seventy_day(struct day birth) {
    struct day seventy = day_birthday(birth, 70);
    struct civil c = day_civil(seventy);
    if (c.day == 1) return seventy;
    return day_add_months(day_add(seventy, 1 - c.day), 1);
}

void write_mynumber(const struct nation *n, uint64_t ordinal, char out[12]) {
    /* A walk through all 11-digit numbers that visits each once: the step shares no factor with 10^11. */
    uint64_t space = 100000000000u, at = (ordinal * 61803398873u + chance_mix(n->options.seed) % space) % space;
    unsigned char digits[11];
    for (int i = 10; i >= 0; i--, at /= 10) digits[i] = (unsigned char)(at % 10);
    for (int i = 0; i < 11; i++) out[i] = (char)('0' + digits[i]);
    out[11] = (char)('0' + mynumber_check_digit(digits));
}

static void name_japanese(const struct nation *n, struct person *p, const struct name *family, struct chance *c) {
    p->family = family;
    p->given = name_pick(&n->names.given[p->sex - 1][generation_of(p->birth)], c);
    if (p->role == WOMAN && chance_percent(c, 60)) p->maiden = name_pick(&n->names.surnames, c);
}

/* Whole households come from one community; a wife may keep her family's name, and a third has a Japanese 通称 too. */
static void name_foreign(const struct nation *n, struct person *p, const struct name *family, bool alias,
                         struct chance *c) {
    bool own = p->role == WOMAN && communities[p->community].wife_keeps;
    p->alias_family = alias ? p->family : NULL, p->alias_given = alias ? p->given : NULL;
    p->family = own ? name_pick(&n->names.families_of[p->community], c) : family;
    p->given = name_pick(&n->names.given_of[p->community][p->sex - 1], c);
    p->maiden = NULL;
}

static enum community draw_community(struct chance *c) {
    uint32_t at = chance_below(c, 1000), i = 0;
    for (; i + 1 < COMMUNITIES && at >= communities[i].permille; i++) at -= communities[i].permille;
    return (enum community)i;
}

/* Brothers and sisters are not called the same. */
static bool called_alike(const struct household *h, size_t i) {
    const struct person *p = &h->people[i];
    for (size_t j = 0; j < i; j++)
        if (h->people[j].role == CHILD && h->people[j].sex == p->sex &&
            str_eq(h->people[j].given->kana, p->given->kana))
            return true;
    return false;
}

static void name_people(const struct nation *n, struct household *h, struct chance *c) {
    enum { TRIES = 32 }; /* a table of few names may have no other */
    const struct name *family = name_pick(&n->names.surnames, c), *elder = family, *abroad = NULL;
    bool foreign = h->people[0].age < 70 && chance_permille(c, 30), alias = chance_percent(c, 33);
    enum community community = foreign ? draw_community(c) : JAPANESE;
    if (chance_percent(c, 30)) elder = name_pick(&n->names.surnames, c); /* the wife's parents */
    if (foreign) abroad = name_pick(&n->names.families_of[community], c);
    for (size_t i = 0; i < h->people_count; i++) {
        struct person *p = &h->people[i];
        p->community = community;
        for (int tries = 0; tries == 0 || (tries < TRIES && p->role == CHILD && called_alike(h, i)); tries++) {
            name_japanese(n, p, p->role == GRANDPARENT ? elder : family, c);
            if (foreign) name_foreign(n, p, abroad, alias, c);
        }
    }
}

/* Becomes whoever the plan says, as far as a stranger can know it: name, sex and birth. */
static void share_name(const struct namesakes *shared, struct person *p) {
    const struct namesake *x = shared ? namesake_of(shared, p->ordinal) : NULL;
    if (x == NULL) return;
    p->has_namesake = true, p->namesake = x->other;
    if (x->family == NULL) return;
    p->family = x->family, p->given = x->given, p->birth = x->birth, p->age = x->age;
}

void household_people(const struct nation *n, const struct namesakes *shared, struct household *h, size_t room,
                      struct chance *c) {
    draw_people(n, h, c);
    if (h->people_count > room) h->people_count = room;
    name_people(n, h, c);
    uint32_t rich = chance_below(c, 100);
    h->income = rich < 9 ? HIGH : rich < 34 ? LOW : NORMAL;
    int moved = (int)chance_below(c, 9000);
    for (size_t i = 0; i < h->people_count; i++) {
        struct person *p = &h->people[i];
        share_name(shared, p);
        maybe_died(n, p, c);
        p->school = school_day(p->birth), p->seventy = seventy_day(p->birth), p->late = day_birthday(p->birth, 75);
        struct day since = day_add(n->options.as_of, -moved);
        p->since = day_before(since, p->birth) ? p->birth : since;
        p->no_number = chance_permille(c, 8), p->no_kana = chance_permille(c, 6),
        p->no_address = chance_permille(c, 40);
        write_mynumber(n, p->ordinal, p->mynumber);
    }
}
