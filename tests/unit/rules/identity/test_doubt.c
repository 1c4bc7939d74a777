#include "lib/unit.h"
#include "rules/identity/alarm.h"

static unsigned pattern(enum accord family, enum accord given, enum accord birth, enum accord sex, enum accord address,
                        const struct likeness *other) {
    struct likeness holder = {.of = {family, given, birth, sex, address}};
    struct link_facts f = {
        .has_number = true, .holders = 1, .holder = &holder, .others = other, .other_count = other != NULL};
    return doubt_pattern(&f);
}

#define AG ACCORD_AGREES
#define SL ACCORD_SLIP
#define DI ACCORD_DIFFERS

static void the_best_of_the_others_counts(void **state) {
    (void)state;
    static const struct {
        struct likeness other;
        enum other_state state;
    } rows[] = {
        {{.of = {AG, AG, AG, AG, AG}}, OTHER_FITS_WHOLLY},
        {{.of = {AG, AG, AG, AG, DI}}, OTHER_FITS},
        {{.of = {AG, SL, AG, AG, DI}}, OTHER_REACH},
        {{.of = {AG, DI, AG, AG, AG}}, OTHER_REACH},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(pattern(AG, AG, AG, AG, AG, &rows[i].other) >> (2 * TRAIT_COUNT), rows[i].state);
    assert_int_equal(pattern(AG, AG, AG, AG, AG, NULL) >> (2 * TRAIT_COUNT), OTHER_NONE);
    assert_int_not_equal(pattern(AG, AG, AG, AG, DI, NULL), pattern(AG, DI, AG, AG, AG, NULL));
}

/* A register of 100,000 links: one in ten has an old address, one in fifty a namesake; 40 carry a namesake's number and 25 a family
 * member's. Nobody says which. */
static void make(struct doubt_counts *c) {
    static const struct likeness namesake = {.of = {AG, AG, AG, AG, DI}}, own = {.of = {AG, AG, AG, AG, AG}};
    memset(c, 0, sizeof *c);
    c->links[pattern(AG, AG, AG, AG, AG, NULL)] = 88200;
    c->links[pattern(AG, AG, AG, AG, DI, NULL)] = 9800;
    c->links[pattern(AG, AG, AG, AG, AG, &namesake)] = 1800;
    c->links[pattern(AG, AG, AG, AG, DI, &namesake)] = 200 + 4; /* four of the forty have an old address themselves */
    c->links[pattern(AG, AG, AG, AG, DI, &own)] = 36;
    c->links[pattern(AG, DI, DI, DI, AG, &own)] = 25;
    c->wrong[WRONG_NAMESAKE][pattern(AG, AG, AG, AG, DI, &own)] = 1800;
    c->wrong[WRONG_NAMESAKE][pattern(AG, AG, AG, AG, DI, &namesake)] = 200;
    c->wrong[WRONG_FAMILY][pattern(AG, DI, DI, DI, AG, &own)] = 900;
    c->wrong[WRONG_FAMILY][pattern(AG, DI, DI, AG, AG, &own)] = 900;
}

static void how_many_are_wrong_is_found_without_being_told(void **state) {
    (void)state;
    struct doubt_counts *c = malloc(sizeof *c);
    struct doubt_model *m = malloc(sizeof *m), *again = malloc(sizeof *again);
    static const struct likeness namesake = {.of = {AG, AG, AG, AG, DI}}, own = {.of = {AG, AG, AG, AG, AG}};
    make(c);
    doubt_learn(c, m);
    assert_in_range(m->expected[WRONG_NAMESAKE], 36000, 44000);
    assert_in_range(m->expected[WRONG_FAMILY], 24000, 26000);
    assert_true(m->wrong[pattern(AG, AG, AG, AG, DI, &own)] > 980000);
    assert_int_equal(m->kind[pattern(AG, AG, AG, AG, DI, &own)], WRONG_NAMESAKE);
    assert_int_equal(m->kind[pattern(AG, DI, DI, DI, AG, &own)], WRONG_FAMILY);
    /* Four in 204: an old address and a namesake, who may or may not be the one. */
    assert_in_range(m->wrong[pattern(AG, AG, AG, AG, DI, &namesake)], 10000, 30000);
    assert_true(m->wrong[pattern(AG, AG, AG, AG, AG, NULL)] < 10);
    assert_true(m->wrong[pattern(AG, AG, AG, AG, DI, NULL)] < 100);
    doubt_learn(c, again);
    assert_memory_equal(m, again, sizeof *m);
    c->links[0]++;
    doubt_learn(c, again);
    assert_true(m->id != again->id);
    free(c), free(m), free(again);
}

static void of_nothing_nothing_is_learned(void **state) {
    (void)state;
    struct doubt_counts *c = calloc(1, sizeof *c);
    struct doubt_model *m = malloc(sizeof *m);
    doubt_learn(c, m);
    for (size_t k = 0; k < WRONG_KINDS; k++) assert_int_equal(m->expected[k], 0);
    free(c), free(m);
}

static void an_alarm_says_what_it_is_and_what_to_do(void **state) {
    (void)state;
    static const struct likeness same = {.of = {AG, AG, AG, AG, DI}}, other_given = {.of = {AG, DI, AG, AG, AG}},
                                 stranger = {.of = {DI, DI, DI, AG, DI}};
    static const struct {
        struct alarm_facts f;
        bool rings;
        enum alarm_cause cause;
        enum alarm_next next;
    } rows[] = {
        {{LINK_RULE_ANOTHER, 999999, WRONG_TWIN, &other_given, true, true}, true, CAUSE_TWIN, NEXT_CLOSE_RECORDS},
        {{LINK_RULE_ANOTHER, 999999, WRONG_FAMILY, &other_given, true, false}, true, CAUSE_FAMILY, NEXT_CLOSE_RECORDS},
        {{LINK_RULE_ANOTHER, 10, WRONG_SHIFTED, &stranger, false, false}, true, CAUSE_SHIFTED, NEXT_CLOSE_RECORDS},
        {{LINK_RULE_GIVEN, 0, WRONG_FAMILY, &stranger, false, false}, true, CAUSE_NUMBER, NEXT_CLOSE_RECORDS},
        {{LINK_RULE_WITHIN_REACH, 3000, WRONG_NAMESAKE, &same, false, true}, true, CAUSE_NAMESAKE, NEXT_ASK_PERSON},
        {{LINK_RULE_WITHIN_REACH, 999, WRONG_NAMESAKE, &same, false, true}, false, CAUSE_NAMESAKE, NEXT_ASK_PERSON},
        {{LINK_RULE_BIRTH_SLIP, 5000, WRONG_SHIFTED, &same, false, false}, true, CAUSE_BIRTH, NEXT_ASK_INSURER},
        {{LINK_RULE_FAMILY, 0, WRONG_SHIFTED, &same, false, false}, true, CAUSE_NAME, NEXT_ASK_INSURER},
        {{LINK_RULE_NOBODY, 0, WRONG_SHIFTED, NULL, false, false}, true, CAUSE_GONE, NEXT_ASK_INSURER},
        {{LINK_RULE_ALL_AGREE, 0, WRONG_SHIFTED, &same, false, false}, false, CAUSE_SHIFTED, NEXT_CLOSE_RECORDS},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char row[16];
        snprintf(row, sizeof row, "row %zu", i);
        row_check(alarm_rings(&rows[i].f) == rows[i].rings, row);
        row_check(alarm_cause(&rows[i].f) == rows[i].cause, row);
        row_check(alarm_next(&rows[i].f) == rows[i].next, row);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_of_the_others_counts),
        cmocka_unit_test(how_many_are_wrong_is_found_without_being_told),
        cmocka_unit_test(of_nothing_nothing_is_learned),
        cmocka_unit_test(an_alarm_says_what_it_is_and_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
