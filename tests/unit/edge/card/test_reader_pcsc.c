#include "edge/card/reader_pcsc.h"
#include "lib/unit.h"

/* With a daemon, a reader and a card: tests/peers/card.sh. */
static void without_a_daemon_there_are_no_readers(void **state) {
    (void)state;
    struct reader r;
    struct diag d = {0};
    struct buf names;
    buf_init(&names, READER_NAMES_MAX);
    assert_int_equal(setenv("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm", 1), 0);
    assert_int_equal(reader_pcsc_open(&r, S(""), &d), ERR_UNAVAILABLE);
    assert_string_equal(d.where, "reader");
    assert_null(r.kind);
    reader_leave(&r);
    assert_int_equal(reader_pcsc_list(&names, &d), ERR_UNAVAILABLE);
    assert_int_equal(names.n, 0);
    buf_fini(&names);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_daemon_there_are_no_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
