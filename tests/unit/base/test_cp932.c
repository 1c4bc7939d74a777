#include "base/cp932.h"
#include "base/utf8.h"
#include "lib/hostile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct cp932 c;
static struct buf out;

static int begin(void **state) {
    (void)state;
    buf_init(&out, 1 << 20);
    return cp932_open(&c, NULL) == ERR_OK ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    cp932_close(&c);
    buf_fini(&out);
    return 0;
}

static void every_two_bytes_that_are_cp932_come_back(void **state) {
    (void)state;
    size_t characters = 0;
    for (unsigned v = 0; v < 0x10000; v++) {
        char bytes[2] = {(char)(v >> 8), (char)v};
        struct buf again;
        buf_reset(&out);
        if (cp932_decode(&c, str_of(bytes, 2), &out, NULL) != ERR_OK) continue;
        assert_true(utf8_valid(buf_str(&out)));
        buf_init(&again, 8);
        assert_int_equal(cp932_encode(&c, buf_str(&out), &again), out.n);
        buf_fini(&again);
        characters += utf8_length(buf_str(&out)) == 1;
    }
    assert_int_equal(characters, 7724); /* 6879 of JIS X 0208, 83 and 374 of NEC, 388 of IBM */
}

static void characters_of_names_have_a_place_or_not(void **state) {
    (void)state;
    static const struct {
        uint32_t c;
        bool held;
    } rows[] = {
        {U'髙', true},  {U'﨑', true},  {U'德', true},    {U'邉', true},  {U'①', true},  {U'㈱', true}, {U'〜', true},
        {U'～', true},  {U'‖', true},   {U'−', true},     {U'¢', true},   {U'ｱ', true},  {U'A', true},  {0x5c, true},
        {U'𠮷', false}, {U'栁', true},  {U'圡', false},   {0x2a, true},   {U'¥', false}, {U'‾', false}, {0xe000, false},
        {U'é', false},  {U'김', false}, {0xe0100, false}, {U'刘', false},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (cp932_holds(&c, rows[i].c) != rows[i].held) fail_msg("U+%04X", (unsigned)rows[i].c);
}

static void what_is_not_cp932_is_refused_with_its_place(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        unsigned line, column;
    } rows[] = {
        {"a\x80", 2, 1, 2},    {"\xa0", 1, 1, 1},     {"ab\xfd", 3, 1, 3},           {"\n\n x\xff", 5, 3, 3},
        {"\x81", 1, 1, 1},     {"\x81\x20", 2, 1, 1}, {"\x81\x40\xf0\x40", 4, 1, 3}, {"\xf9\xfc", 2, 1, 1},
        {"\x85\x40", 2, 1, 1},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diag d = {0};
        buf_reset(&out);
        assert_int_equal(cp932_decode(&c, str_of(rows[i].bytes, rows[i].n), &out, &d), ERR_CP932);
        if (d.line != rows[i].line || d.column != rows[i].column)
            fail_msg("row %zu: line %u column %u", i, d.line, d.column);
    }
}

static void a_trail_byte_that_looks_like_a_lead_byte_is_none(void **state) {
    (void)state;
    buf_reset(&out);
    assert_int_equal(cp932_decode(&c, S("\x83\xf0\x40"), &out, NULL), ERR_CP932); /* 83F0 has no character */
    buf_reset(&out);
    assert_int_equal(cp932_decode(&c, S("\x82\xf0\x40"), &out, NULL), ERR_OK);
    assert_true(str_eq(buf_str(&out), S("を@")));
}

static void encoding_stops_before_what_has_no_place(void **state) {
    (void)state;
    buf_reset(&out);
    assert_int_equal(cp932_encode(&c, S("見本𠮷"), &out), 6);
    assert_true(str_eq(buf_str(&out), S("\x8c\xa9\x96\x7b")));
    buf_reset(&out);
    assert_int_equal(cp932_encode(&c, S("a¥"), &out), 1);
}

static void feed(void *context, struct str s) {
    (void)context;
    buf_reset(&out);
    if (cp932_decode(&c, s, &out, NULL) == ERR_OK) assert_true(utf8_valid(buf_str(&out)));
}

static void truncated_and_flipped_bytes_come_back(void **state) {
    (void)state;
    assert_true(hostile_all(S("\x8c\xa9\x96\x7b\x81\x40\x91\xbe\x98\x59 \xd0\xce\xdd 12-34\r\n"), feed, NULL) > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_two_bytes_that_are_cp932_come_back),
        cmocka_unit_test(characters_of_names_have_a_place_or_not),
        cmocka_unit_test(what_is_not_cp932_is_refused_with_its_place),
        cmocka_unit_test(a_trail_byte_that_looks_like_a_lead_byte_is_none),
        cmocka_unit_test(encoding_stops_before_what_has_no_place),
        cmocka_unit_test(truncated_and_flipped_bytes_come_back),
    };
    return cmocka_run_group_tests_name("CP932", tests, begin, end);
}
