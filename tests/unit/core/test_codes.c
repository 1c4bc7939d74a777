#include "core/codes.h"
#include "lib/unit.h"

/* The field's tables once more, by hand: table, then its values in order. */
static const char *const tables[] = {
    "1 0 1",
    "2 1 2",
    "3 1 2 9",
    "4 1 2",
    "5 0 1",
    "6 1 2 3 4 5 6",
    "7 1 2 3",
    "8 01 02 03 99",
    "9 1 2",
    "10 01 02 03 04 05 06 07 A1",
    "11 01 02 03",
    "12 A01 A02 A03 A04 A05 A06 B01 B02 B03 B04 B05 B06 B07 B08 B09 B10",
    "13 1 2 3",
    "14 0 1",
    "15 1",
    "16 0 1 2 3",
    "17 1 2",
    "18 01 02",
    "19 01 02 03 04 05",
    "20 01 02",
    "21 01 02",
    "22 1",
    "23 01 02",
    "24 01 02",
    "25 01 02",
    "26 0 1",
    "27 1",
    "28 1 2 3 4",
    "29 TSR TKK YZK SRJ SHJ",
    "34 1 2",
    "41 1 2 3",
    "44 01",
};

static void every_table_has_exactly_its_values(void **state) {
    (void)state;
    size_t count = 0, seen = 0;
    const struct code *rows = code_rows(&count);
    for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
        struct str rest = str_c(tables[t]);
        uint64_t table = 0;
        assert_true(str_uint(str_cut(&rest, ' '), 99, &table));
        while (rest.n) {
            struct str value = str_cut(&rest, ' ');
            row_check(seen < count, tables[t]);
            row_check(rows[seen].table == table && str_eq(str_c(rows[seen].value), value), tables[t]);
            row_check(code_find((enum code_table)table, value) == &rows[seen], tables[t]);
            row_check(rows[seen].ja[0] && rows[seen].en[0], tables[t]);
            seen++;
        }
    }
    assert_int_equal(seen, count);
}

static void a_value_of_another_table_is_not_known(void **state) {
    (void)state;
    assert_false(code_known(CODES_SEX, S("9")));
    assert_false(code_known(CODES_SEX, S("01")));
    assert_false(code_known(CODES_SEX, S("")));
    assert_false(code_known(CODES_CARD_CLASS, S("a1")));
    assert_false(code_known(CODES_CARD_CLASS, S("1")));
    assert_false(code_known(CODES_LIMIT_CATEGORY, S("A07")));
    assert_false(code_known((enum code_table)99, S("1")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_has_exactly_its_values),
        cmocka_unit_test(a_value_of_another_table_is_not_known),
    };
    return cmocka_run_group_tests_name("codes", tests, NULL, NULL);
}
