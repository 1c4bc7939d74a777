/* Where and when disaster mode is open. */
#include "lib/unit.h"
#include "rules/disaster/disaster.h"

static struct day day(const char *s) {
    struct day d = DAY_NONE;
    if (s && !day_parse(str_c(s), &d)) fail_msg("%s is no day", s);
    return d;
}

static void it_is_open_in_its_places_and_on_its_days_alone(void **state) {
    (void)state;
    static const struct {
        const char *what;
        struct disaster_place place;
        const char *closed;
        uint64_t institution;
        const char *today;
        bool want;
    } rows[] = {
        {"the prefecture", {17, 0, {0}}, NULL, 1710113715, "2026-01-05", true},
        {"another prefecture", {16, 0, {0}}, NULL, 1710113715, "2026-01-05", false},
        {"a prefecture of one digit", {1, 0, {0}}, NULL, 110113719, "2026-01-05", true},
        {"the 郡市区", {17, 1, {0}}, NULL, 1710113715, "2026-01-05", true},
        {"another 郡市区", {17, 2, {0}}, NULL, 1710113715, "2026-01-05", false},
        {"that institution", {0, 0, {1710113715}}, NULL, 1710113715, "2026-01-05", true},
        {"another institution", {0, 0, {1710113715}}, NULL, 1710113723, "2026-01-05", false},
        {"the operator is no institution", {17, 0, {0}}, NULL, 0, "2026-01-05", false},
        {"the first day", {17, 0, {0}}, NULL, 1710113715, "2026-01-01", true},
        {"the day before", {17, 0, {0}}, NULL, 1710113715, "2025-12-31", false},
        {"the last day", {17, 0, {0}}, NULL, 1710113715, "2026-01-31", true},
        {"the day after", {17, 0, {0}}, NULL, 1710113715, "2026-02-01", false},
        {"the day before it was closed", {17, 0, {0}}, "2026-01-10", 1710113715, "2026-01-09", true},
        {"the day on which it was closed", {17, 0, {0}}, "2026-01-10", 1710113715, "2026-01-10", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct disaster d = {.id = 1,
                                   .from = day("2026-01-01"),
                                   .until = day("2026-01-31"),
                                   .closed = day(rows[i].closed),
                                   .places = {rows[i].place},
                                   .place_count = 1};
        const struct institution_code code = {rows[i].institution};
        row_check((disaster_for(&d, 1, code, day(rows[i].today)) == &d) == rows[i].want, rows[i].what);
    }
    assert_null(disaster_for(NULL, 0, (struct institution_code){1710113715}, day("2026-01-05")));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_is_open_in_its_places_and_on_its_days_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
