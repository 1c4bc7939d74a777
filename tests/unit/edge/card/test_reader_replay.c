#include "edge/card/reader_replay.h"
#include "lib/unit.h"

static void it_says_what_the_transcript_says(void **state) {
    (void)state;
    struct replay replay;
    char room[64];
    struct buf out = buf_over(room, sizeof room);
    struct reader r =
        replay_open(&replay, S("# a card\n\n> 00b0 \n< 0102 # no comment here\n> 00B1\r\n<  aB9000\r\n> 00B2\n< -\n"));
    struct diag d = {0};
    assert_int_equal(reader_send(&r, S("\x00\xb0"), &out, &d), ERR_CORRUPT);
    assert_int_equal(d.line, 4);
    assert_int_equal(reader_send(&r, S("\x00\xb1"), &out, &d), ERR_OK);
    assert_str(buf_str(&out), S("\xab\x90\x00"));
    assert_false(replay_finished(&replay));
    assert_int_equal(reader_send(&r, S("\x00\xb2"), &out, &d), ERR_UNAVAILABLE);
    assert_true(replay_finished(&replay));
    reader_leave(&r);
    assert_true(replay.left);
}

static void anything_else_is_refused_with_its_line(void **state) {
    (void)state;
    static const struct {
        const char *transcript, *why;
        enum err err;
        unsigned line;
    } rows[] = {
        {"", "it is empty", ERR_CONFLICT, 0},
        {"> 00B1\n< 9000\n", "another command", ERR_CONFLICT, 1},
        {"> 00B000\n< 9000\n", "a longer command", ERR_CONFLICT, 1},
        {"< 9000\n", "an answer first", ERR_CONFLICT, 1},
        {"> 00B0\n> 00B0\n", "a command instead of an answer", ERR_CONFLICT, 2},
        {"> 00B0\n", "no answer", ERR_CONFLICT, 1},
        {"> 00B\n< 9000\n", "half a byte", ERR_CORRUPT, 1},
        {"> 00G0\n< 9000\n", "no hexadecimal digit", ERR_CORRUPT, 1},
        {"> 00B0\n<\n", "an empty answer", ERR_CORRUPT, 2},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct replay replay;
        struct diag d = {0};
        char room[64];
        struct buf out = buf_over(room, sizeof room);
        struct reader r = replay_open(&replay, str_c(rows[i].transcript));
        row_check(reader_send(&r, S("\x00\xb0"), &out, &d) == rows[i].err && d.line == rows[i].line, rows[i].why);
        row_check(out.n == 0, rows[i].why);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_the_transcript_says),
        cmocka_unit_test(anything_else_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
