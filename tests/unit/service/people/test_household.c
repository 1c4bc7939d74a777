/* Households are looked at as they are made, without files. */
#include "core/codes.h"
#include "lib/unit.h"
#include "service/people/people.h"
#include "service/people/text.h"

enum { PEOPLE = 60000 };

struct town_fixture {
    struct nation nation;
    struct household *household;
};
static struct town_fixture fixture;

static int make_nation(void **state) {
    struct people_options o = {.count = PEOPLE, .seed = 11, .questions = 1000, .as_of = people_default_day()};
    (void)state;
    fixture.household = malloc(sizeof *fixture.household);
    return fixture.household && nation_init(&fixture.nation, world_real(), &o, NULL) == ERR_OK ? 0 : -1;
}
static int drop_nation(void **state) {
    (void)state;
    free(fixture.household);
    nation_fini(&fixture.nation);
    return 0;
}

typedef void look_fn(const struct nation *n, const struct household *h, void *context);
static uint64_t look_at_all(look_fn *look, void *context) {
    uint64_t done = 0;
    while (done < PEOPLE) {
        uint64_t block = done / BLOCK_PEOPLE, end = (block + 1) * BLOCK_PEOPLE;
        for (unsigned k = 0; done < end; k++) {
            household_make(&fixture.nation, block, k, done, (size_t)(end - done), fixture.household);
            look(&fixture.nation, fixture.household, context);
            done += fixture.household->people_count;
        }
    }
    return done;
}

static void look_at_periods(const struct nation *n, const struct household *h, void *context) {
    size_t *seen = context;
    for (size_t i = 0; i < h->period_count; i++) {
        const struct period *p = &h->periods[i];
        const struct person *x = &h->people[p->who];
        assert_true(p->who < h->people_count && p->insurer < n->insurer_count && p->slot < SLOT_NOBODY);
        assert_true(day_until(x->birth, p->start));
        assert_true(!day_is(p->lost) || day_before(p->start, p->lost));
        assert_true(day_is(p->lost) == (p->loss_reason != 0));
        assert_true(!day_is(x->died) || (day_is(p->lost) && day_until(p->lost, day_add(x->died, 1))));
        assert_true((n->insurers[p->insurer].scheme == AID) == (p->class == CLASS_MEDICAL_AID));
        assert_true(!day_is(p->card_until) || day_until(p->card_from, p->card_until));
        assert_true(n->insurers[p->insurer].scheme != KOUKI || p->ratio == 10 || p->ratio == 20 || p->ratio == 30);
        for (size_t e = 0; e < p->elderly_count; e++) {
            assert_true(day_until(p->elderly[e].from, p->elderly[e].until));
            assert_true(e == 0 || day_before(p->elderly[e - 1].until, p->elderly[e].from));
            assert_true(day_until(x->seventy, p->elderly[e].from) && day_before(p->elderly[e].until, x->late));
        }
        ++*seen;
    }
}
static void every_period_is_possible(void **state) {
    size_t seen = 0;
    (void)state;
    assert_int_equal(look_at_all(look_at_periods, &seen), PEOPLE);
    assert_true(seen > PEOPLE);
}

/* The business key of a file: insurer, symbol, number, branch, start. Here without start: a member. */
static void look_at_members(const struct nation *n, const struct household *h, void *context) {
    (void)n, (void)context;
    for (size_t i = 0; i < h->period_count; i++)
        for (size_t j = i + 1; j < h->period_count; j++) {
            const struct period *a = &h->periods[i], *b = &h->periods[j];
            if (!same_number(a, b) || a->branch != b->branch) continue;
            assert_int_equal(a->who, b->who);
            assert_true(day_is(a->lost) && day_until(a->lost, b->start));
        }
}
static void members_are_told_apart_and_their_periods_do_not_overlap(void **state) {
    (void)state;
    look_at_all(look_at_members, NULL);
}

struct last_key {
    char text[4 * CARD_TEXT_BYTES];
    size_t n;
};
static void look_at_order(const struct nation *n, const struct household *h, void *context) {
    struct last_key *last = context;
    for (size_t i = 0; i < h->period_count; i++) {
        const struct period *p = &h->periods[i];
        struct last_key *l = &last[p->insurer];
        struct card_text card;
        char room[4 * CARD_TEXT_BYTES];
        struct buf key = {room, 0, sizeof room, sizeof room, false};
        card_text_make(n, &n->insurers[p->insurer], p->owner, p->slot, &card);
        if (card.symbol.n) assert_int_equal(insured_part_fold(card.symbol, &key), ERR_OK);
        buf_putc(&key, 0);
        assert_int_equal(insured_part_fold(card.number, &key), ERR_OK);
        assert_true(str_cmp(str_of(l->text, l->n), buf_str(&key)) <= 0);
        memcpy(l->text, key.p, key.n), l->n = key.n;
    }
}
static void each_insurers_keys_ascend_as_the_store_folds_them(void **state) {
    struct last_key *last = calloc(fixture.nation.insurer_count, sizeof *last);
    (void)state;
    assert_non_null(last);
    look_at_all(look_at_order, last);
    free(last);
}

static void look_at_ages(const struct nation *n, const struct household *h, void *context) {
    unsigned(*ages)[2] = context;
    (void)n;
    for (size_t i = 0; i < h->people_count; i++) {
        int group = h->people[i].age / 5;
        ages[group < 19 ? group : 19][h->people[i].sex - 1]++;
    }
}
static void ages_follow_the_pyramid(void **state) {
#define AGES(from, males, females) {males, females},
    static const unsigned pyramid[20][2] = {
#include "service/people/pyramid.def"
    };
#undef AGES
    unsigned ages[20][2] = {0};
    (void)state;
    look_at_all(look_at_ages, ages);
    for (size_t g = 0; g < 20; g++)
        for (size_t s = 0; s < 2; s++) {
            /* Within a tenth, and what chance does to small groups: three standard deviations. */
            unsigned want = pyramid[g][s] * PEOPLE / 10000, slack = want / 10 + 3 * 25;
            assert_in_range(ages[g][s], want > slack ? want - slack : 0, want + slack);
        }
}

struct twins {
    size_t same_sex, other;
};
static void look_for_twins(const struct nation *n, const struct household *h, void *context) {
    struct twins *t = context;
    (void)n;
    for (size_t i = 0; i + 1 < h->people_count; i++) {
        const struct person *a = &h->people[i], *b = &h->people[i + 1];
        if (!a->twin || !b->twin || !day_eq(a->birth, b->birth)) continue;
        if (a->sex == b->sex && a->community == JAPANESE)
            t->same_sex++, assert_false(str_eq(a->given->kana, b->given->kana));
        else if (a->sex != b->sex) t->other++;
    }
}
static void twins_of_one_sex_live_here_under_different_names(void **state) {
    struct twins t = {0};
    (void)state;
    look_at_all(look_for_twins, &t);
    assert_true(t.same_sex > 20 && t.other > 5 && t.same_sex > t.other);
}

static void look_at_numbers(const struct nation *n, const struct household *h, void *context) {
    (void)n, (void)context;
    for (size_t i = 0; i < h->people_count; i++) {
        struct mynumber m;
        assert_int_equal(mynumber_parse(str_of(h->people[i].mynumber, 12), &m), ERR_OK);
    }
}
static void numbers_carry_their_check_digits(void **state) {
    const struct nation *n = &fixture.nation;
    (void)state;
    look_at_all(look_at_numbers, NULL);
    bool seen[SCHEMES] = {false};
    for (size_t i = 0; i < n->insurer_count; i++) {
        struct insurer_number number;
        assert_int_equal(insurer_number_parse(str_c(n->insurers[i].digits), &number), ERR_OK);
        assert_int_equal(number.n, n->insurers[i].number);
        assert_true(i == 0 || n->insurers[i - 1].number < number.n);
        seen[n->insurers[i].scheme] = true;
    }
    for (size_t s = 0; s < SCHEMES; s++) assert_true(seen[s]);
}

/* Days on which the share changes, worked out by hand. */
static void look_for_birthdays(const struct nation *n, const struct household *h, void *context) {
    static const struct {
        int birth[3], school[3], seventy[3];
    } rows[] = {
        {{2020, 4, 1}, {2026, 4, 1}, {2090, 4, 1}}, /* six is complete on 31 March: school the next day; seventy on a first */
        {{2020, 4, 2}, {2027, 4, 1}, {2090, 5, 1}},   {{2020, 2, 29}, {2026, 4, 1}, {2090, 3, 1}},
        {{2020, 12, 31}, {2027, 4, 1}, {2091, 1, 1}}, {{2020, 3, 31}, {2026, 4, 1}, {2090, 4, 1}},
    };
    size_t *seen = context;
    (void)n;
    for (size_t i = 0; i < h->people_count; i++) {
        const struct person *p = &h->people[i];
        struct civil b = day_civil(p->birth);
        for (size_t r = 0; r < ARRAY_LEN(rows); r++) {
            struct day school, seventy;
            if (b.month != rows[r].birth[1] || b.day != rows[r].birth[2]) continue;
            int later = b.year - rows[r].birth[0];
            assert_true(day_from_civil(rows[r].school[0] + later, rows[r].school[1], rows[r].school[2], &school));
            assert_true(day_from_civil(rows[r].seventy[0] + later, rows[r].seventy[1], rows[r].seventy[2], &seventy));
            assert_int_equal(p->school.n, school.n);
            assert_int_equal(p->seventy.n, seventy.n);
            ++*seen;
        }
    }
}
static void the_days_that_change_a_share_are_those_of_the_law(void **state) {
    size_t seen = 0;
    (void)state;
    look_at_all(look_for_birthdays, &seen);
    assert_true(seen > 300);
}

static void insurers_grow_with_the_people(void **state) {
    static const struct {
        uint64_t people;
        size_t municipalities, least, most; /* insurers */
    } rows[] = {{1, 2, 20, 40}, {20000, 2, 20, 40}, {100000, 12, 35, 60}, {125000000, 1716, 3300, 3900}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct people_options o = {.count = rows[i].people, .seed = 7, .as_of = people_default_day()};
        struct nation n;
        assert_int_equal(nation_init(&n, world_real(), &o, NULL), ERR_OK);
        assert_int_equal(n.municipality_count, rows[i].municipalities);
        assert_in_range(n.insurer_count, rows[i].least, rows[i].most);
        assert_int_equal(n.municipalities[n.municipality_count - 1].upto, rows[i].people);
        print_message("%llu people: %zu insurers\n", (unsigned long long)rows[i].people, n.insurer_count);
        nation_fini(&n);
    }
}

static void a_household_can_be_made_without_those_before_it(void **state) {
    const struct nation *n = &fixture.nation;
    struct household *a = malloc(sizeof *a), *b = fixture.household;
    struct buf x, y;
    (void)state;
    assert_non_null(a);
    buf_init(&x, 1 << 20), buf_init(&y, 1 << 20);
    household_make(n, 40, 3, 40007, 500, a);
    for (unsigned k = 0; k < 20; k++) household_make(n, k, k, k * 1000u, 900, b);
    household_make(n, 40, 3, 40007, 500, b);
    assert_int_equal(a->period_count, b->period_count);
    for (size_t i = 0; i < a->period_count; i++)
        put_period(&x, n, a, &a->periods[i]), put_period(&y, n, b, &b->periods[i]);
    for (size_t i = 0; i < a->people_count; i++)
        put_resident(&x, n, a, &a->people[i]), put_resident(&y, n, b, &b->people[i]);
    assert_str(buf_str(&x), buf_str(&y));
    assert_true(x.n > 0);
    buf_fini(&x), buf_fini(&y);
    free(a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_period_is_possible),
        cmocka_unit_test(members_are_told_apart_and_their_periods_do_not_overlap),
        cmocka_unit_test(each_insurers_keys_ascend_as_the_store_folds_them),
        cmocka_unit_test(ages_follow_the_pyramid),
        cmocka_unit_test(twins_of_one_sex_live_here_under_different_names),
        cmocka_unit_test(numbers_carry_their_check_digits),
        cmocka_unit_test(the_days_that_change_a_share_are_those_of_the_law),
        cmocka_unit_test(insurers_grow_with_the_people),
        cmocka_unit_test(a_household_can_be_made_without_those_before_it),
    };
    return cmocka_run_group_tests(tests, make_nation, drop_nation);
}
