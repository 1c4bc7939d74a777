#include "lib/unit.h"

static void order_is_that_of_bytes_and_the_shorter_stands_first(void **state) {
    static const struct {
        struct str a, b;
        int sign;
    } rows[] = {
        {S(""), S(""), 0},     {S("a"), S(""), 1},     {S(""), S("a"), -1},        {S("ab"), S("abc"), -1},
        {S("b"), S("abc"), 1}, {S("\xff"), S("a"), 1}, {S("a\0b"), S("a\0c"), -1},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int c = str_cmp(rows[i].a, rows[i].b);
        row_check((c > 0) - (c < 0) == rows[i].sign, rows[i].a.p);
    }
}

static void absent_and_empty_are_equal(void **state) {
    (void)state;
    assert_true(str_eq((struct str){0}, S("")));
    assert_int_equal(str_cmp((struct str){0}, S("")), 0);
    assert_true(str_empty(str_c(NULL)));
    assert_str(str_trim((struct str){0}), S(""));
}

static void trimming_takes_ascii_space_only(void **state) {
    (void)state;
    assert_str(str_trim(S(" \t\r\n a b \n")), S("a b"));
    assert_str(str_trim(S(" \t ")), S(""));
    assert_str(str_trim(S("\xe3\x80\x80x")), S("\xe3\x80\x80x"));
}

static void a_cut_gives_what_stood_before_and_leaves_what_stood_after(void **state) {
    static const struct {
        struct str all, head, rest;
    } rows[] = {
        {S("a,b,c"), S("a"), S("b,c")}, {S(",b"), S(""), S("b")}, {S("a,"), S("a"), S("")},
        {S("abc"), S("abc"), S("")},    {S(""), S(""), S("")},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str rest = rows[i].all;
        assert_str(str_cut(&rest, ','), rows[i].head);
        assert_str(rest, rows[i].rest);
    }
}

static void a_needle_is_found_where_it_first_stands_or_not_at_all(void **state) {
    (void)state;
    assert_int_equal(str_find(S("banana"), S("an")), 1);
    assert_int_equal(str_find(S("banana"), S("x")), 6);
    assert_int_equal(str_find(S(""), S("x")), 0);
    assert_int_equal(str_find(S("abc"), S("abcd")), 3);
}

static void only_digits_within_the_limit_are_a_number(void **state) {
    static const struct {
        const char *text;
        uint64_t max;
        bool good;
        uint64_t value;
    } rows[] = {
        {"0", 0, true, 0},
        {"007", 7, true, 7},
        {"8", 7, false, 0},
        {"", 9, false, 0},
        {"-1", 9, false, 0},
        {"+1", 9, false, 0},
        {" 1", 9, false, 0},
        {"1 ", 9, false, 0},
        {"0x1", 9, false, 0},
        {"\xef\xbc\x91", 9, false, 0}, /* fullwidth 1 */
        {"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
        {"18446744073709551616", UINT64_MAX, false, 0},
        {"99999999999999999999999999", UINT64_MAX, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint64_t v = 4711;
        row_check(str_uint(str_c(rows[i].text), rows[i].max, &v) == rows[i].good, rows[i].text);
        row_check(v == (rows[i].good ? rows[i].value : 4711), rows[i].text);
    }
}

static void a_c_string_needs_room_for_its_end_and_holds_no_zero(void **state) {
    char out[4];
    (void)state;
    assert_true(str_to_c(S("abc"), out, sizeof out));
    assert_string_equal(out, "abc");
    assert_false(str_to_c(S("abcd"), out, sizeof out));
    assert_false(str_to_c(S("a\0b"), out, sizeof out));
    assert_true(str_to_c((struct str){0}, out, sizeof out));
    assert_string_equal(out, "");
    assert_false(str_to_c(S(""), out, 0));
}

static void case_is_ignored_for_ascii_letters_only(void **state) {
    (void)state;
    assert_true(str_eq_ascii_case(S("Shift_JIS"), S("SHIFT_jis")));
    assert_false(str_eq_ascii_case(S("a"), S("b")));
    assert_false(str_eq_ascii_case(S("a"), S("aa")));
    assert_false(str_eq_ascii_case(S("[") /* 0x5b */, S("{") /* 0x7b */));
    assert_false(str_eq_ascii_case(S("\xc3\xa9"), S("\xc3\x89")));
}

static void starts_ends_head_and_skip_stay_inside(void **state) {
    (void)state;
    assert_true(str_starts(S("abc"), S("ab")) && !str_starts(S("a"), S("ab")) && str_starts(S("a"), S("")));
    assert_true(str_starts((struct str){0}, S("")) && str_ends((struct str){0}, (struct str){0})); /* both NULL */
    assert_true(str_ends(S("abc"), S("bc")) && !str_ends(S("c"), S("bc")) && str_ends(S("a"), S("")));
    assert_str(str_head(S("abc"), 9), S("abc"));
    assert_str(str_skip(S("abc"), 9), S(""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_that_of_bytes_and_the_shorter_stands_first),
        cmocka_unit_test(absent_and_empty_are_equal),
        cmocka_unit_test(trimming_takes_ascii_space_only),
        cmocka_unit_test(a_cut_gives_what_stood_before_and_leaves_what_stood_after),
        cmocka_unit_test(a_needle_is_found_where_it_first_stands_or_not_at_all),
        cmocka_unit_test(only_digits_within_the_limit_are_a_number),
        cmocka_unit_test(a_c_string_needs_room_for_its_end_and_holds_no_zero),
        cmocka_unit_test(case_is_ignored_for_ascii_letters_only),
        cmocka_unit_test(starts_ends_head_and_skip_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
