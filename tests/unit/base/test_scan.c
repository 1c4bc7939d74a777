#include "base/buf.h"
#include "base/scan.h"
#include "lib/hostile.h"
#include "lib/unit.h"

static void a_failed_step_leaves_the_place(void **state) {
    struct scan s = scan_of(S("12"));
    struct str out;
    uint32_t u32 = 0;
    uint64_t u64 = 0;
    uint16_t u16 = 0;
    (void)state;
    assert_false(scan_byte(&s, 'x') || scan_take(&s, 3, &out) || scan_digits(&s, 3, &u32));
    assert_false(scan_u32(&s, &u32) || scan_u64(&s, &u64));
    assert_int_equal(scan_offset(&s), 0);
    assert_true(scan_digits(&s, 2, &u32));
    assert_int_equal(u32, 12);
    assert_true(scan_end(&s));
    assert_false(scan_byte(&s, 0) || scan_u16(&s, &u16) || scan_varint(&s, &u64) || scan_bytes(&s, &out));
    assert_int_equal(scan_offset(&s), 2);
}

static void digits_must_all_be_digits(void **state) {
    static const struct {
        struct str text;
        unsigned n;
        bool good;
        uint32_t value;
    } rows[] = {
        {S("0042"), 4, true, 42},        {S("4294967295"), 10, true, UINT32_MAX},
        {S("4294967296"), 10, false, 0}, {S("4x"), 2, false, 0},
        {S("-1"), 2, false, 0},          {S("1"), 0, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct scan s = scan_of(rows[i].text);
        uint32_t v = 0;
        row_check(scan_digits(&s, rows[i].n, &v) == rows[i].good && v == rows[i].value, rows[i].text.p);
    }
}

static void a_varint_past_64_bits_is_refused(void **state) {
    static const struct {
        struct str bytes;
        bool good;
        uint64_t value;
    } rows[] = {
        {S("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), true, UINT64_MAX},
        {S("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), false, 0},
        {S("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x00"), false, 0},
        {S("\x80"), false, 0},
        {S("\x80\x00"), true, 0},
        {S(""), false, 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct scan s = scan_of(rows[i].bytes);
        uint64_t v = 0;
        assert_int_equal(scan_varint(&s, &v), rows[i].good);
        assert_true(v == rows[i].value);
        assert_int_equal(scan_end(&s), rows[i].good || rows[i].bytes.n == 0);
    }
}

static void a_length_longer_than_what_is_left_is_refused(void **state) {
    struct scan s = scan_of(S("\x04"
                              "abc"));
    struct scan huge = scan_of(S("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
                                 "abc"));
    struct str out;
    (void)state;
    assert_false(scan_bytes(&s, &out) || scan_bytes(&huge, &out));
    assert_int_equal(scan_offset(&s) + scan_offset(&huge), 0);
}

static void read_row(void *context, struct str row) {
    struct scan s = scan_of(row);
    struct str name;
    uint32_t day = 0;
    uint64_t count = 0;
    bool whole = scan_u32(&s, &day) && scan_varint(&s, &count) && scan_bytes(&s, &name) && scan_end(&s);
    if (whole) assert_true(name.n <= row.n);
    *(size_t *)context += whole;
}

static void a_damaged_row_is_refused_or_read_within_its_bytes(void **state) {
    struct buf b;
    size_t whole = 0;
    (void)state;
    buf_init(&b, 100);
    buf_u32(&b, 20260101), buf_varint(&b, 300), buf_bytes(&b, S("診療太郎"));
    assert_int_equal(hostile_truncations(buf_str(&b), read_row, &whole), b.n);
    assert_int_equal(whole, 0); /* every truncation is noticed */
    assert_int_equal(hostile_bit_flips(buf_str(&b), read_row, &whole), b.n * 8);
    assert_true(whole > 0); /* a flipped bit in a value is not: that is what the ledger's chain is for */
    buf_fini(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_step_leaves_the_place),
        cmocka_unit_test(digits_must_all_be_digits),
        cmocka_unit_test(a_varint_past_64_bits_is_refused),
        cmocka_unit_test(a_length_longer_than_what_is_left_is_refused),
        cmocka_unit_test(a_damaged_row_is_refused_or_read_within_its_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
