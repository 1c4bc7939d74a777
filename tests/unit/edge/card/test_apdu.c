#include "edge/card/apdu.h"
#include "lib/hostile.h"
#include "lib/unit.h"

#define HEX(lit)                                                                                                       \
    { lit, sizeof(lit) - 1 }

static void the_four_cases_are_read(void **state) {
    (void)state;
    static const struct {
        struct str bytes;
        const char *what;
        size_t data;
        unsigned le;
    } rows[] = {
        {HEX("\x00\x20\x00\x80"), "nothing sent, nothing wanted", 0, 0},
        {HEX("\x00\xb0\x00\x00\x20"), "32 bytes wanted", 0, 32},
        {HEX("\x00\xb0\x00\x00\x00"), "all wanted", 0, 256},
        {HEX("\x00\x20\x00\x80\x04"
             "1234"),
         "four bytes sent", 4, 0},
        {HEX("\x80\x2a\x00\x80\x02xy\x00"), "two bytes sent, all wanted", 2, 256},
        {HEX("\x80\x2a\x00\x80\x02xy\x10"), "two bytes sent, 16 wanted", 2, 16},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct apdu a;
        row_check(apdu_read(rows[i].bytes, &a), rows[i].what);
        row_check(a.data.n == rows[i].data && a.le == rows[i].le, rows[i].what);
        char room[APDU_MAX];
        struct buf again = buf_over(room, sizeof room);
        apdu_put(&again, &a);
        row_check(str_eq(buf_str(&again), rows[i].bytes), rows[i].what);
    }
}

static void anything_else_is_refused(void **state) {
    (void)state;
    static const struct {
        struct str bytes;
        const char *why;
    } rows[] = {
        {HEX(""), "empty"},
        {HEX("\x00\xa4\x04"), "no whole header"},
        {HEX("\x00\xa4\x04\x0c\x03xy"), "less data than Lc says"},
        {HEX("\x00\xa4\x04\x0c\x01xyz"), "more than data and Le"},
        {HEX("\x00\xb0\x00\x00\x00\x01"), "half an extended length"},
        {HEX("\x00\xa4\x04\x0c\x00\x00\x02xy"), "extended lengths"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct apdu a;
        row_check(!apdu_read(rows[i].bytes, &a), rows[i].why);
    }
}

static void an_answer_ends_in_its_status(void **state) {
    (void)state;
    struct apdu_answer a;
    char room[APDU_ANSWER_MAX + 1] = {0};
    assert_true(apdu_answer_read(S("\x63\xc2"), &a));
    assert_int_equal(a.status, 0x63c2);
    assert_int_equal(a.data.n, 0);
    assert_true(apdu_answer_read(S("xyz\x90\x00"), &a));
    assert_str(a.data, S("xyz"));
    assert_int_equal(a.status, 0x9000);
    assert_false(apdu_answer_read(S("\x90"), &a));
    assert_true(apdu_answer_read(str_of(room, APDU_ANSWER_MAX), &a));
    assert_false(apdu_answer_read(str_of(room, APDU_ANSWER_MAX + 1), &a));
    struct buf out = buf_over(room, sizeof room);
    apdu_answer_put(&out, S("xyz"), 0x6a82);
    assert_str(buf_str(&out), S("xyz\x6a\x82"));
}

static void feed(void *context, struct str input) {
    struct apdu a;
    struct apdu_answer answer;
    size_t *read = context;
    if (apdu_answer_read(input, &answer)) assert_int_equal(answer.data.n + 2, input.n);
    if (!apdu_read(input, &a)) return;
    ++*read;
    assert_true(a.data.n <= APDU_DATA_MAX && a.le <= APDU_LE_ALL);
    assert_true(a.data.n == 0 || (a.data.p >= input.p && a.data.p + a.data.n <= input.p + input.n));
}

static void no_damage_harms_the_reader(void **state) {
    (void)state;
    size_t read = 0;
    assert_true(hostile_all(S("\x00\xa4\x04\x0c\x0a\xd3\x92\xf0\x00\x26\x01\x00\x00\x00\x01\x00"), feed, &read) > 100);
    assert_true(read > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_four_cases_are_read),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(an_answer_ends_in_its_status),
        cmocka_unit_test(no_damage_harms_the_reader),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
