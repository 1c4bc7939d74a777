#include "base/buf.h"
#include "base/scan.h"
#include "lib/short_memory.h"
#include "lib/unit.h"

static void numbers_are_written_in_decimal(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 1000);
    buf_uint(&b, 0), buf_putc(&b, ' '), buf_uint(&b, UINT64_MAX), buf_putc(&b, ' ');
    buf_int(&b, INT64_MIN), buf_putc(&b, ' '), buf_int(&b, -1), buf_putc(&b, ' ');
    buf_uint_pad(&b, 42, 5), buf_putc(&b, ' '), buf_uint_pad(&b, 123456, 3);
    assert_str(buf_str(&b), S("0 18446744073709551615 -9223372036854775808 -1 00042 123456"));
    buf_fini(&b);
}

static void bytes_are_written_in_lower_case_hex(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 8);
    buf_hex(&b, S("\x00\x1f\xab\xff"));
    assert_str(buf_str(&b), S("001fabff"));
    assert_true(buf_ok(&b));
    buf_hex(&b, S("x"));
    assert_false(buf_ok(&b));
    buf_fini(&b);
}

static void the_limit_is_exact_and_once_past_it_nothing_more_is_written(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 300);
    for (int i = 0; i < 300; i++) buf_putc(&b, 'x');
    assert_true(buf_ok(&b));
    assert_int_equal(b.n, 300);
    buf_put(&b, S("ab"));
    assert_false(buf_ok(&b));
    buf_cut(&b, 0);
    buf_putc(&b, 'y');
    assert_int_equal(b.n, 0); /* still broken: a hole in what was built must not be hidden by what comes later */
    buf_reset(&b);
    buf_putc(&b, 'z');
    assert_str(buf_str(&b), S("z"));
    buf_fini(&b);
}

static void a_length_that_would_wrap_around_is_past_the_limit(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, SIZE_MAX);
    buf_putc(&b, 'x');
    assert_null(buf_room(&b, SIZE_MAX));
    assert_false(buf_ok(&b));
    buf_reset(&b);
    short_memory_from(1); /* half of all memory: asking for it must end, however it ends */
    assert_null(buf_room(&b, SIZE_MAX / 2 + 2));
    assert_true(short_memory_hit());
    buf_fini(&b);
}

static void without_memory_it_is_broken_and_keeps_what_was_there(void **state) {
    struct buf b;
    (void)state;
    for (size_t nth = 1, done = 0; !done; nth++) {
        buf_init(&b, 1 << 20);
        short_memory_from(nth);
        for (int i = 0; i < 100; i++) buf_puts(&b, "0123456789012345678901234567890123456789");
        done = !short_memory_hit();
        assert_int_equal(buf_ok(&b), done);
        assert_int_equal(b.n % 40, 0);
        buf_fini(&b);
        assert_true(nth < 20);
    }
}

static void json_strings_escape_what_must_be_and_leave_utf8_alone(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 1000);
    buf_json(&b, S("a\"b\\c\n\r\t\x01\x1f\x7f\0z髙𠮷/"));
    assert_str(buf_str(&b), S("\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\\u007f\\u0000z髙𠮷/\""));
    buf_reset(&b);
    buf_json(&b, (struct str){0});
    assert_str(buf_str(&b), S("\"\""));
    buf_fini(&b);
}

static void stored_forms_are_read_back(void **state) {
    static const uint64_t values[] = {
        0, 1, 127, 128, 255, 256, 16383, 16384, UINT32_MAX, (uint64_t)UINT32_MAX + 1, UINT64_MAX >> 1, UINT64_MAX};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct buf b;
        uint8_t u8 = 0;
        uint16_t u16 = 0;
        uint32_t u32 = 0;
        uint64_t u64 = 0, varint = 0, v = values[i];
        struct str bytes = S("");
        buf_init(&b, 1000);
        buf_u8(&b, (uint8_t)v), buf_u16(&b, (uint16_t)v), buf_u32(&b, (uint32_t)v), buf_u64(&b, v);
        buf_varint(&b, v), buf_bytes(&b, S("髙\0x"));
        struct scan s = scan_of(buf_str(&b));
        assert_true(scan_u8(&s, &u8) && scan_u16(&s, &u16) && scan_u32(&s, &u32) && scan_u64(&s, &u64));
        assert_true(scan_varint(&s, &varint) && scan_bytes(&s, &bytes) && scan_end(&s));
        assert_true(u8 == (uint8_t)v && u16 == (uint16_t)v && u32 == (uint32_t)v && u64 == v && varint == v);
        assert_str(bytes, S("髙\0x"));
        buf_fini(&b);
    }
}

static void stored_numbers_are_little_endian(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 100);
    buf_u32(&b, 0x01020304), buf_varint(&b, 300);
    assert_str(buf_str(&b), S("\x04\x03\x02\x01\xac\x02"));
    buf_fini(&b);
}

static void formatted_text_is_appended(void **state) {
    struct buf b;
    (void)state;
    buf_init(&b, 100);
    buf_puts(&b, "a");
    buf_printf(&b, "%s-%d", "b", 7);
    assert_str(buf_str(&b), S("ab-7"));
    buf_fini(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_in_decimal),
        cmocka_unit_test(bytes_are_written_in_lower_case_hex),
        cmocka_unit_test(the_limit_is_exact_and_once_past_it_nothing_more_is_written),
        cmocka_unit_test(a_length_that_would_wrap_around_is_past_the_limit),
        cmocka_unit_test(without_memory_it_is_broken_and_keeps_what_was_there),
        cmocka_unit_test(json_strings_escape_what_must_be_and_leave_utf8_alone),
        cmocka_unit_test(stored_forms_are_read_back),
        cmocka_unit_test(stored_numbers_are_little_endian),
        cmocka_unit_test(formatted_text_is_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
