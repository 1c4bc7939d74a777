#include "lib/short_memory.h"
#include "lib/unit.h"
#include "service/people/namesakes.h"
#include "service/people/people.h"

enum { PEOPLE = 39500 }; /* 40 blocks, the last cut */

struct town_fixture {
    struct nation nation;
    struct namesakes namesakes;
    struct household *household;
};
static struct town_fixture town;

static int enter(void **state) {
    struct people_options o = {.count = PEOPLE, .seed = 12, .questions = 1000, .as_of = people_default_day()};
    (void)state;
    town.household = malloc(sizeof *town.household);
    return town.household && nation_init(&town.nation, world_real(), &o, NULL) == ERR_OK &&
                   namesakes_init(&town.namesakes, &town.nation, NULL) == ERR_OK
               ? 0
               : -1;
}
static int leave(void **state) {
    (void)state;
    free(town.household);
    namesakes_fini(&town.namesakes);
    nation_fini(&town.nation);
    return 0;
}

struct nearness {
    uint64_t namesakes, twins, same_kanji, by[PEOPLE], name[PEOPLE], kanji[PEOPLE], in_household[PEOPLE];
};
static uint64_t mixed(struct str a, struct str b, uint64_t more) {
    for (size_t i = 0; i < a.n; i++) more = chance_mix(more + (unsigned char)a.p[i]);
    more = chance_mix(more + 1000);
    for (size_t i = 0; i < b.n; i++) more = chance_mix(more + (unsigned char)b.p[i]);
    return more;
}
static void look_who_is_near(const struct household *h, struct nearness *n) {
    for (size_t i = 0; i < h->people_count; i++) {
        const struct person *p = &h->people[i];
        n->by[p->ordinal] = p->has_namesake ? p->namesake + 1 : 0;
        n->name[p->ordinal] = mixed(p->family->kana, p->given->kana, chance_mix((uint64_t)p->birth.n * 4 + p->sex));
        n->kanji[p->ordinal] = mixed(p->family->kanji, p->given->kanji, 0);
        n->in_household[p->ordinal] = h->first;
        n->namesakes += p->has_namesake, n->twins += p->twin;
    }
}

static void one_in_fifty_has_a_namesake_who_shares_kana_sex_and_birth(void **state) {
    struct nearness *n = calloc(1, sizeof *n);
    (void)state;
    assert_non_null(n);
    for (uint64_t done = 0; done < PEOPLE;) {
        uint64_t block = done / BLOCK_PEOPLE,
                 end = (block + 1) * BLOCK_PEOPLE < PEOPLE ? (block + 1) * BLOCK_PEOPLE : PEOPLE;
        namesakes_of_block(&town.namesakes, block);
        for (unsigned k = 0; done < end; k++) {
            household_make_among(&town.nation, &town.namesakes, block, k, done, (size_t)(end - done), town.household);
            look_who_is_near(town.household, n);
            done += town.household->people_count;
        }
    }
    for (size_t i = 0; i < PEOPLE; i++) {
        if (n->by[i] == 0) continue;
        size_t other = (size_t)n->by[i] - 1;
        assert_int_equal(n->by[other], i + 1);
        assert_true(n->name[i] == n->name[other]);
        assert_int_not_equal(n->in_household[i], n->in_household[other]);
        n->same_kanji += n->kanji[i] == n->kanji[other];
    }
    assert_in_range(n->namesakes, PEOPLE * 17 / 1000, PEOPLE * 23 / 1000);
    assert_in_range(n->same_kanji, n->namesakes * 20 / 100, n->namesakes * 30 / 100);
    assert_in_range(n->twins, PEOPLE * 4 / 1000, PEOPLE * 9 / 1000);
    free(n);
}

static void a_homophone_is_read_the_same_and_written_otherwise(void **state) {
    struct chance c = chance_of(1, 2, 3);
    size_t other = 0;
    const struct name stranger = {.kanji = S("無"), .kana = S("ｲﾅｲ")};
    (void)state;
    for (size_t i = 0; i < town.nation.names.surnames.n; i++) {
        const struct name *name = town.nation.names.surnames.rows[i],
                          *found = homophone(&town.namesakes.homophones.surnames, name, &c);
        assert_str(found->kana, name->kana);
        assert_int_equal(found == name, str_eq(found->kanji, name->kanji));
        other += found != name;
    }
    assert_true(other > 50);
    assert_ptr_equal(homophone(&town.namesakes.homophones.surnames, &stranger, &c), &stranger);
}

static void any_block_makes_the_same_pairs_by_itself(void **state) {
    struct namesakes again;
    (void)state;
    assert_int_equal(namesakes_init(&again, &town.nation, NULL), ERR_OK);
    namesakes_of_block(&town.namesakes, 3), namesakes_of_block(&town.namesakes, 31), namesakes_of_block(&again, 31);
    size_t pairs = 0;
    for (uint64_t i = 31 * BLOCK_PEOPLE; i < 32 * BLOCK_PEOPLE; i++) {
        const struct namesake *a = namesake_of(&town.namesakes, i), *b = namesake_of(&again, i);
        assert_int_equal(a != NULL, b != NULL);
        if (a) assert_true(a->other == b->other && a->family == b->family && a->given == b->given && ++pairs);
    }
    assert_true(pairs > 5);
    namesakes_fini(&again);
}

static void a_nation_of_any_size_is_paired(void **state) {
    static const uint64_t counts[] = {1, 2, 999, 1000, 1001, 2001, 3000};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        struct people_options o = {.count = counts[i], .seed = 3, .as_of = people_default_day()};
        struct namesakes x;
        struct nation n;
        size_t pairs = 0;
        assert_int_equal(nation_init(&n, world_real(), &o, NULL), ERR_OK);
        assert_int_equal(namesakes_init(&x, &n, NULL), ERR_OK);
        for (uint64_t at = 0; at < counts[i]; at++) {
            if (at % BLOCK_PEOPLE == 0) namesakes_of_block(&x, at / BLOCK_PEOPLE);
            const struct namesake *found = namesake_of(&x, at);
            if (found) assert_true(found->other < counts[i] && found->other != at && ++pairs);
        }
        assert_int_equal(pairs % 2, 0);
        assert_int_equal(pairs > 0, counts[i] >= 999);
        namesakes_fini(&x);
        nation_fini(&n);
    }
}

static void too_little_memory_is_an_error_and_loses_nothing(void **state) {
    size_t failures = 0;
    (void)state;
    for (size_t nth = 1;; nth++) {
        struct namesakes x;
        struct diag d = {0};
        short_memory_from(nth);
        enum err e = namesakes_init(&x, &town.nation, &d);
        bool hit = short_memory_hit();
        assert_int_equal(e, hit ? ERR_MEMORY : ERR_OK);
        assert_int_equal(d.err, e);
        namesakes_fini(&x);
        if (!hit) break;
        failures++;
    }
    assert_int_equal(failures, 2 + 1 + 2 * GENERATIONS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_homophone_is_read_the_same_and_written_otherwise),
        cmocka_unit_test(one_in_fifty_has_a_namesake_who_shares_kana_sex_and_birth),
        cmocka_unit_test(any_block_makes_the_same_pairs_by_itself),
        cmocka_unit_test(a_nation_of_any_size_is_paired),
        cmocka_unit_test(too_little_memory_is_an_error_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
