#include "lib/unit.h"
#include "net/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static void an_address_is_host_and_port(void **state) {
    (void)state;
    static const struct {
        const char *text;
        enum err want;
    } rows[] = {
        {"127.0.0.1:0", ERR_OK},
        {"localhost:0", ERR_OK},
        {"", ERR_VALUE},
        {"127.0.0.1", ERR_VALUE},
        {":8443", ERR_VALUE},
        {"127.0.0.1:", ERR_VALUE},
        {"127.0.0.1:x", ERR_VALUE},
        {"127.0.0.1:65536", ERR_VALUE},
        {"127.0.0.1:-1", ERR_VALUE},
        {"::1:0", ERR_VALUE},
        {"[::1:0", ERR_VALUE},
        {"192.0.2.1:0", ERR_VALUE},
        {"no host at all:0", ERR_VALUE},
        {"127.0.0.1:0000000000", ERR_VALUE},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct listener l;
        struct diag d = {0};
        row_check(listener_open(&l, str_c(rows[i].text), &d) == rows[i].want, rows[i].text);
        row_check(rows[i].want == ERR_OK || l.fd == -1, rows[i].text);
        listener_close(&l);
    }
}

static void port_0_is_a_free_one_and_is_told(void **state) {
    (void)state;
    struct listener l;
    char want[LISTEN_ADDRESS_MAX];
    assert_int_equal(listener_open(&l, S("127.0.0.1:0"), NULL), ERR_OK);
    assert_true(l.port > 0 && l.loopback);
    snprintf(want, sizeof want, "127.0.0.1:%u", l.port);
    assert_string_equal(l.address, want);
    assert_int_equal(fcntl(l.fd, F_GETFD), FD_CLOEXEC);
    listener_close(&l);
    assert_int_equal(listener_open(&l, S("0.0.0.0:0"), NULL), ERR_OK);
    assert_false(l.loopback);
    listener_close(&l);
}

/* Every worker of the door is woken for one client; those that come late must not wait for another. */
static void whoever_accepts_too_late_does_not_wait(void **state) {
    (void)state;
    struct listener l;
    assert_int_equal(listener_open(&l, S("127.0.0.1:0"), NULL), ERR_OK);
    alarm(10); /* a listener that blocks ends the test here */
    assert_int_equal(accept(l.fd, NULL, NULL), -1);
    assert_int_equal(errno, EAGAIN);
    alarm(0);
    listener_close(&l);
}

static void a_port_in_use_is_said_to_be(void **state) {
    (void)state;
    struct listener l, second;
    struct diag d;
    assert_int_equal(listener_open(&l, S("127.0.0.1:0"), NULL), ERR_OK);
    assert_int_equal(listener_open(&second, str_c(l.address), &d), ERR_LOCKED);
    assert_string_equal(d.where, l.address);
    listener_close(&l);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_host_and_port),
        cmocka_unit_test(port_0_is_a_free_one_and_is_told),
        cmocka_unit_test(whoever_accepts_too_late_does_not_wait),
        cmocka_unit_test(a_port_in_use_is_said_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
