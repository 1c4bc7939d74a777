/* Ages as rows: the first and the last day of each. */
#include "core/age.h"
#include "lib/unit.h"

static struct day day(const char *s) {
    struct day d = DAY_NONE;
    if (!day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

static void a_year_of_age_is_reached_on_the_birthday(void **state) {
    (void)state;
    static const struct {
        const char *birth, *on;
        int age;
        bool yes;
    } rows[] = {
        {"1951-06-15", "2026-06-14", 75, false}, {"1951-06-15", "2026-06-15", 75, true},
        {"1952-02-29", "2027-02-28", 75, false}, {"1952-02-29", "2027-03-01", 75, true},
        {"2026-06-01", "2026-06-01", 0, true},   {"2026-06-02", "2026-06-01", 0, false},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++)
        row_check(age_reached(day(rows[r].birth), rows[r].age, day(rows[r].on)) == rows[r].yes, rows[r].on);
}

static void seventy_to_seventy_four(void **state) {
    (void)state;
    static const struct {
        const char *birth, *on;
        bool yes;
    } rows[] = {
        /* born on a first: from the 70th birthday itself */
        {"1956-04-01", "2026-03-31", false},
        {"1956-04-01", "2026-04-01", true},
        /* otherwise from the next month's first */
        {"1956-04-02", "2026-04-02", false},
        {"1956-04-02", "2026-04-30", false},
        {"1956-04-02", "2026-05-01", true},
        {"1956-03-31", "2026-03-31", false},
        {"1956-03-31", "2026-04-01", true},
        {"1956-12-31", "2026-12-31", false},
        {"1956-12-31", "2027-01-01", true},
        {"1956-12-01", "2026-12-01", true},
        {"1956-01-01", "2026-01-01", true},
        /* born on 29 February: seventy on 1 March 2026, a first */
        {"1956-02-29", "2026-02-28", false},
        {"1956-02-29", "2026-03-01", true},
        /* to the day before the 75th birthday */
        {"1951-06-15", "2026-06-14", true},
        {"1951-06-15", "2026-06-15", false},
        {"1951-06-01", "2026-05-31", true},
        {"1951-06-01", "2026-06-01", false},
        {"1952-02-29", "2027-02-28", true},
        {"1952-02-29", "2027-03-01", false},
        {"1985-04-01", "2026-06-01", false},
        {"1930-04-01", "2026-06-01", false},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++)
        row_check(age_early_elderly(day(rows[r].birth), day(rows[r].on)) == rows[r].yes, rows[r].on);
}

static void before_school_age(void **state) {
    (void)state;
    static const struct {
        const char *birth, *on;
        bool yes;
    } rows[] = {
        /* born on 1 April: six at the end of 31 March, and to school the next day */
        {"2020-04-01", "2026-03-31", true},
        {"2020-04-01", "2026-04-01", false},
        /* born on 2 April: a year later */
        {"2020-04-02", "2026-04-01", true},
        {"2020-04-02", "2027-03-31", true},
        {"2020-04-02", "2027-04-01", false},
        {"2020-03-31", "2026-03-31", true},
        {"2020-03-31", "2026-04-01", false},
        {"2020-12-31", "2027-03-31", true},
        {"2020-12-31", "2027-04-01", false},
        {"2020-01-01", "2026-03-31", true},
        {"2020-01-01", "2026-04-01", false},
        /* born on 29 February */
        {"2020-02-29", "2026-02-28", true},
        {"2020-02-29", "2026-03-31", true},
        {"2020-02-29", "2026-04-01", false},
        /* the day of birth, and the day before */
        {"2026-06-01", "2026-06-01", true},
        {"2026-06-01", "2026-05-31", false},
        {"1985-04-01", "2026-06-01", false},
    };
    for (size_t r = 0; r < ARRAY_LEN(rows); r++)
        row_check(age_within_school_year(day(rows[r].birth), 6, day(rows[r].on)) == rows[r].yes, rows[r].on);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_of_age_is_reached_on_the_birthday),
        cmocka_unit_test(seventy_to_seventy_four),
        cmocka_unit_test(before_school_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
