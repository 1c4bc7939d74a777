#include "base/utf8.h"
#include "lib/unit.h"

static void only_the_shortest_form_of_a_character_is_valid(void **state) {
    static const struct {
        struct str bytes;
        uint32_t c;
        const char *why;
    } rows[] = {
        {S("a"), 'a', "ASCII"},
        {S("\x00"), 0, "zero is a character"},
        {S("\xc2\x80"), 0x80, "first of two bytes"},
        {S("\xdf\xbf"), 0x7ff, "last of two bytes"},
        {S("\xe0\xa0\x80"), 0x800, "first of three"},
        {S("\xef\xbf\xbf"), 0xffff, "last of three"},
        {S("\xf0\x90\x80\x80"), 0x10000, "first of four"},
        {S("\xf4\x8f\xbf\xbf"), 0x10ffff, "last of all"},
        {S("髙"), 0x9ad9, "髙"},
        {S("𠮷"), 0x20bb7, "𠮷"},
        {S(""), UTF8_BAD, "nothing"},
        {S("\x80"), UTF8_BAD, "a tail alone"},
        {S("\xc0\x80"), UTF8_BAD, "zero in two bytes"},
        {S("\xc1\xbf"), UTF8_BAD, "overlong"},
        {S("\xe0\x9f\xbf"), UTF8_BAD, "overlong in three"},
        {S("\xf0\x8f\xbf\xbf"), UTF8_BAD, "overlong in four"},
        {S("\xed\xa0\x80"), UTF8_BAD, "a surrogate"},
        {S("\xed\xbf\xbf"), UTF8_BAD, "the last surrogate"},
        {S("\xf4\x90\x80\x80"), UTF8_BAD, "past U+10FFFF"},
        {S("\xf5\x80\x80\x80"), UTF8_BAD, "no such first byte"},
        {S("\xe3\x81"), UTF8_BAD, "cut short"},
        {S("\xe3\x81x"), UTF8_BAD, "a tail that is none"},
        {S("\xff"), UTF8_BAD, "no such byte"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct str s = rows[i].bytes;
        row_check(utf8_next(&s) == rows[i].c, rows[i].why);
        row_check(s.n == (rows[i].c == UTF8_BAD ? rows[i].bytes.n : 0), rows[i].why);
        row_check(utf8_valid(rows[i].bytes) == (rows[i].c != UTF8_BAD || rows[i].bytes.n == 0), rows[i].why);
    }
}

static void every_character_survives_being_written_and_read(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 4);
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        if (c >= 0xd800 && c <= 0xdfff) continue;
        buf_reset(&b);
        utf8_put(&b, c);
        struct str s = buf_str(&b);
        assert_true(utf8_next(&s) == c && s.n == 0);
    }
    buf_fini(&b);
}

static void the_valid_part_ends_where_the_fault_begins(void **state) {
    (void)state;
    assert_int_equal(utf8_valid_length(S("ab髙\xe3\x81")), 5);
    assert_int_equal(utf8_valid_length(S("")), 0);
    assert_int_equal(utf8_valid_length(S("\xffz")), 0);
}

static void length_is_counted_in_characters(void **state) {
    (void)state;
    assert_int_equal(utf8_length(S("a髙𠮷")), 3);
    assert_int_equal(utf8_length(S("葛\xf3\xa0\x84\x80")), 2); /* an ideographic variation sequence is two */
    assert_int_equal(utf8_length(S("")), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_shortest_form_of_a_character_is_valid),
        cmocka_unit_test(every_character_survives_being_written_and_read),
        cmocka_unit_test(the_valid_part_ends_where_the_fault_begins),
        cmocka_unit_test(length_is_counted_in_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
