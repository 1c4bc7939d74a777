/* Who is signed in, and for how long; wrong passphrases make a name wait. On a clock of the test's own. */
#include "edge/review/sessions.h"
#include "lib/unit.h"

static int64_t clock_us;
static int64_t steady(struct world *w) {
    (void)w;
    return clock_us;
}

static struct world fake;
static struct sessions *begin(void) {
    struct sessions *s = calloc(1, sizeof *s);
    fake = *world_real();
    fake.steady_us = steady;
    clock_us = (int64_t)1000 * 1000000;
    s->world = &fake;
    return s;
}
static void later(int seconds) { clock_us += (int64_t)seconds * 1000000; }

static void a_token_is_whose_it_is_and_no_other(void **state) {
    (void)state;
    struct sessions *s = begin();
    const struct session *a = session_begin(s, S("sato")), *b = session_begin(s, S("tanaka"));
    assert_true(a && b && strlen(a->token) == SESSION_TOKEN && strcmp(a->token, b->token) != 0);
    assert_string_equal(session_of(s, str_c(b->token))->reviewer, "tanaka");
    char other[SESSION_TOKEN + 1];
    memcpy(other, a->token, sizeof other);
    other[63] = other[63] == '0' ? '1' : '0';
    assert_null(session_of(s, str_c(other)));
    assert_null(session_of(s, S("")));
    assert_null(session_of(s, str_of(a->token, 63)));
    static const char zeros[SESSION_TOKEN];
    assert_null(session_of(s, str_of(zeros, sizeof zeros))); /* what a free place holds */
    session_end(s, str_of(zeros, sizeof zeros));
    memcpy(other, a->token, sizeof other);
    session_end(s, str_c(other));
    assert_null(session_of(s, str_c(other)));
    assert_non_null(session_of(s, str_c(b->token)));
    free(s);
}

static void it_ends_by_leaving_and_at_the_end_of_the_day(void **state) {
    (void)state;
    struct sessions *s = begin();
    const struct session *a = session_begin(s, S("sato"));
    char token[SESSION_TOKEN + 1];
    memcpy(token, a->token, sizeof token);
    later(SESSION_IDLE_S);
    assert_non_null(session_of(s, str_c(token)));
    later(SESSION_IDLE_S + 1);
    assert_null(session_of(s, str_c(token)));
    a = session_begin(s, S("sato"));
    memcpy(token, a->token, sizeof token);
    for (int t = 0; t + 600 <= SESSION_WHOLE_S; t += 600) later(600), assert_non_null(session_of(s, str_c(token)));
    later(600);
    assert_null(session_of(s, str_c(token)));
    free(s);
}

static void as_many_as_there_are_places(void **state) {
    (void)state;
    struct sessions *s = begin();
    for (int i = 0; i < SESSIONS_MAX; i++) assert_non_null(session_begin(s, S("sato")));
    assert_null(session_begin(s, S("tanaka")));
    later(SESSION_IDLE_S + 1);
    assert_non_null(session_begin(s, S("tanaka")));
    free(s);
}

static void wrong_passphrases_make_that_name_wait(void **state) {
    (void)state;
    struct sessions *s = begin();
    for (int i = 0; i < ATTEMPTS_MAX; i++)
        assert_int_equal(session_may_try(s, S("sato")), ERR_OK), session_tried(s, S("sato"), false);
    assert_int_equal(session_may_try(s, S("sato")), ERR_BUSY);
    assert_int_equal(session_may_try(s, S("tanaka")), ERR_OK);
    later(ATTEMPTS_WAIT_S);
    assert_int_equal(session_may_try(s, S("sato")), ERR_OK);
    session_tried(s, S("sato"), false);
    assert_int_equal(session_may_try(s, S("sato")), ERR_BUSY); /* one more in a row */
    later(ATTEMPTS_WAIT_S);
    session_tried(s, S("sato"), true);
    for (int i = 0; i < ATTEMPTS_MAX - 1; i++) session_tried(s, S("sato"), false);
    assert_int_equal(session_may_try(s, S("sato")), ERR_OK);
    free(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_whose_it_is_and_no_other),
        cmocka_unit_test(it_ends_by_leaving_and_at_the_end_of_the_day),
        cmocka_unit_test(as_many_as_there_are_places),
        cmocka_unit_test(wrong_passphrases_make_that_name_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
