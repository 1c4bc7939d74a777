#include "edge/card/vpcd.h"
#include "lib/hostile.h"
#include "lib/unit.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* No keys: nothing here reads a certificate or signs. */
static struct virtual_card blank(void) {
    struct virtual_card c;
    const struct virtual_card_plan plan = {.pin = S("1234"), .sign_pin = S("ABC123")};
    assert_int_equal(virtual_card_init(&c, &plan, NULL), ERR_OK);
    return c;
}

#define SELECT_JPKI "\x00\xa4\x04\x0c\x0a\xd3\x92\xf0\x00\x26\x01\x00\x00\x00\x01"

static void messages_are_cut_where_they_end(void **state) {
    (void)state;
    struct str message, bytes = S("\x00\x01\x04\x00\x03xyz\x00");
    assert_true(vpcd_take(&bytes, &message));
    assert_str(message, S("\x04"));
    assert_true(vpcd_take(&bytes, &message));
    assert_str(message, S("xyz"));
    assert_false(vpcd_take(&bytes, &message));
    assert_int_equal(bytes.n, 1);
    bytes = S("\x00\x03xy");
    assert_false(vpcd_take(&bytes, &message));
    assert_int_equal(bytes.n, 4);
}

static void orders_and_commands_are_answered(void **state) {
    (void)state;
    static const struct {
        struct str message, reply;
        bool command;
        const char *what;
    } rows[] = {
        {{"\x04", 1}, {"\x00\x09\x3b\xe0\x00\xff\x81\x31\xfe\x45\x14", 11}, false, "the answer to reset"},
        {{"\x00", 1}, {"", 0}, false, "power off"},
        {{"\x01", 1}, {"", 0}, false, "power on"},
        {{"\x02", 1}, {"", 0}, false, "reset"},
        {{"\x07", 1}, {"", 0}, false, "an unknown order"},
        {{"", 0}, {"", 0}, false, "an empty message"},
        {{SELECT_JPKI, 15}, {"\x00\x02\x90\x00", 4}, true, "a command"},
        {{"\x00\xa4", 2}, {"\x00\x02\x67\x00", 4}, true, "half a command"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char room[VPCD_HEADER + APDU_ANSWER_MAX];
        struct buf out = buf_over(room, sizeof room);
        struct virtual_card c = blank();
        row_check(vpcd_answer(&c, rows[i].message, &out) == rows[i].command, rows[i].what);
        row_check(str_eq(buf_str(&out), rows[i].reply), rows[i].what);
    }
}

static void every_order_of_power_resets_the_card(void **state) {
    (void)state;
    for (char order = 0; order <= 2; order++) {
        char room[VPCD_HEADER + APDU_ANSWER_MAX];
        struct buf out = buf_over(room, sizeof room);
        struct virtual_card c = blank();
        assert_true(vpcd_answer(&c, S(SELECT_JPKI), &out) && c.selected);
        assert_false(vpcd_answer(&c, str_of(&order, 1), &out));
        assert_false(c.selected);
    }
}

struct reader {
    int fd;
    struct virtual_card card;
    volatile bool stop;
    enum err err;
};

static void *serve(void *context) {
    struct reader *r = context;
    r->err = vpcd_serve(r->fd, &r->card, 0, &r->stop, NULL);
    return NULL;
}

static void a_line_is_served_byte_by_byte_until_it_closes(void **state) {
    (void)state;
    int ends[2];
    pthread_t thread;
    char got[32] = {0};
    struct reader r = {.card = blank()};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    r.fd = ends[0];
    assert_int_equal(pthread_create(&thread, NULL, serve, &r), 0);
    static const char sent[] = "\x00\x0f" SELECT_JPKI;
    for (size_t i = 0; i < sizeof sent - 1; i++) assert_int_equal(send(ends[1], sent + i, 1, 0), 1);
    assert_int_equal(recv(ends[1], got, 4, MSG_WAITALL), 4);
    assert_memory_equal(got, "\x00\x02\x90\x00", 4);
    close(ends[1]);
    pthread_join(thread, NULL);
    assert_int_equal(r.err, ERR_UNAVAILABLE);
    close(ends[0]);
}

static void it_ends_when_told_to(void **state) {
    (void)state;
    int ends[2];
    struct reader r = {.card = blank(), .stop = true};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(vpcd_serve(ends[0], &r.card, 0, &r.stop, NULL), ERR_OK);
    close(ends[0]), close(ends[1]);
}

static void only_a_place_can_be_called(void **state) {
    (void)state;
    int fd;
    assert_int_equal(vpcd_connect(&fd, S("localhost"), NULL), ERR_VALUE);
    assert_int_equal(vpcd_connect(&fd, S("127.0.0.1:1"), NULL), ERR_UNAVAILABLE);
    assert_int_equal(fd, -1);
}

static void feed(void *context, struct str input) {
    struct str message;
    (void)context;
    while (vpcd_take(&input, &message)) {
        char room[VPCD_HEADER + APDU_ANSWER_MAX];
        struct buf out = buf_over(room, sizeof room);
        struct virtual_card c = blank();
        bool command = vpcd_answer(&c, message, &out);
        assert_true(buf_ok(&out) && (!command || out.n >= VPCD_HEADER + 2));
    }
}

static void no_damage_harms_the_line(void **state) {
    (void)state;
    assert_true(hostile_all(S("\x00\x01\x04\x00\x0f" SELECT_JPKI "\x00\x04\x00\x20\x00\x98"), feed, NULL) > 200);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_cut_where_they_end),
        cmocka_unit_test(orders_and_commands_are_answered),
        cmocka_unit_test(every_order_of_power_resets_the_card),
        cmocka_unit_test(a_line_is_served_byte_by_byte_until_it_closes),
        cmocka_unit_test(it_ends_when_told_to),
        cmocka_unit_test(only_a_place_can_be_called),
        cmocka_unit_test(no_damage_harms_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
