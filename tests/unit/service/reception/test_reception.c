#include "lib/reception_run.h"

#include <unistd.h>

static void an_answer_goes_to_its_own_visit_and_to_the_disk(void **state) {
    (void)state;
    struct visit *a = ask(), *b = ask();
    assert_true(becomes(a, VISIT_ANSWERED) && becomes(b, VISIT_ANSWERED));
    assert_true(r.heard && !r.silent && centre.asked == 2);
    assert_true(str_find(buf_str(&b->answer), S("\"ratio\":30")) < b->answer.n);
    reception_close(&r);
    open_reception();
    assert_true(r.visits.count == 2 && r.visits.list[1]->state == VISIT_ANSWERED && r.visits.list[1]->answer.n > 0);
    pass();
    assert_int_equal(centre.asked, 0); /* nothing is asked twice */
}

static void what_was_not_answered_is_asked_by_the_next_run(void **state) {
    (void)state;
    centre.err = ERR_UNAVAILABLE;
    struct visit *v = ask();
    assert_true(becomes(v, VISIT_SILENT));
    reception_close(&r);
    open_reception();
    assert_int_equal(r.visits.count, 1);
    assert_true(becomes(r.visits.list[0], VISIT_ANSWERED));
}

static void a_silent_centre_is_asked_again_by_itself_and_then_for_all(void **state) {
    (void)state;
    static const enum err whys[] = {ERR_UNAVAILABLE, ERR_TIMEOUT, ERR_UNAUTHENTICATED};
    for (size_t i = 0; i < ARRAY_LEN(whys); i++) {
        centre.err = (int)whys[i];
        struct visit *a = ask();
        assert_true(becomes(a, VISIT_SILENT));
        assert_true(r.silent && r.why == whys[i] && a->why == whys[i] && r.silent_since_us > 0);
        struct visit *b = ask(); /* learns at once what is known */
        assert_true(b->state == VISIT_SILENT && b->asking);
        assert_true(becomes(b, VISIT_SILENT));
        int asked = centre.asked;
        pass();
        assert_int_equal(centre.asked, asked); /* not in a hurry */
        centre.err = ERR_OK;
        clock_.steady_us += (int64_t)RECEPTION_AGAIN_MAX_S * 1000000;
        assert_true(becomes(a, VISIT_ANSWERED) && becomes(b, VISIT_ANSWERED));
        assert_true(!r.silent && r.failures == 0);
    }
}

static void pauses_grow_to_a_limit(void **state) {
    (void)state;
    static const int seconds[] = {2, 4, 8, 16, 30, 30};
    struct visit *v;
    centre.err = ERR_UNAVAILABLE;
    v = ask();
    for (size_t i = 0; i < ARRAY_LEN(seconds); i++) {
        assert_true(becomes(v, VISIT_SILENT));
        while (r.failures == i) (void)reception_turn(&r);
        assert_int_equal((r.again_us - clock_.steady_us) / 1000000, seconds[i]);
        clock_.steady_us = r.again_us;
        (void)reception_turn(&r);
    }
}

static void statuses_mean_what_they_say(void **state) {
    (void)state;
    static const struct {
        int status;
        enum visit_state state;
    } rows[] = {{400, VISIT_REFUSED}, {403, VISIT_REFUSED}, {422, VISIT_REFUSED}, {401, VISIT_SILENT},
                {408, VISIT_SILENT},  {429, VISIT_SILENT},  {500, VISIT_SILENT},  {503, VISIT_SILENT}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char row[16];
        snprintf(row, sizeof row, "%d", rows[i].status);
        centre.status = rows[i].status;
        centre.body = "{\"error\":{\"code\":\"X\",\"ja\":\"番号がありません\"}}";
        struct visit *v = ask();
        row_check(becomes(v, rows[i].state), row);
        row_check(strcmp(v->said, rows[i].state == VISIT_REFUSED ? "番号がありません" : "") == 0, row);
        centre.status = 0;
        centre.body = NULL;
        clock_.steady_us += (int64_t)RECEPTION_AGAIN_MAX_S * 1000000;
        if (rows[i].state == VISIT_SILENT) row_check(becomes(v, VISIT_ANSWERED), row);
    }
}

static void an_answer_to_another_question_is_none(void **state) {
    (void)state;
    struct buf b;
    buf_init(&b, 8192);
    put_sample_reply(&b, "ffffffffffffffffffffffffffffffff");
    buf_putc(&b, 0);
    centre.body = b.p;
    struct visit *v = ask();
    assert_true(becomes(v, VISIT_REFUSED));
    assert_true(v->why == ERR_CONFLICT && v->answer.n == 0);
    centre.body = "no message";
    v = ask();
    assert_true(becomes(v, VISIT_REFUSED));
    assert_true(v->why == ERR_SYNTAX && v->answer.n == 0);
    reception_close(&r); /* its thread may still look at the body */
    buf_fini(&b);
    open_reception();
}

static void an_answer_after_midnight_belongs_to_nobody(void **state) {
    (void)state;
    (void)ask();
    clock_.now_us += (int64_t)24 * 3600 * 1000000;
    pass();
    assert_int_equal(r.visits.count, 0);
    assert_int_equal(centre.asked, 1);
    struct visit *v = ask();
    assert_true(v->number == 1 && becomes(v, VISIT_ANSWERED));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answer_goes_to_its_own_visit_and_to_the_disk, begin, end),
        cmocka_unit_test_setup_teardown(what_was_not_answered_is_asked_by_the_next_run, begin, end),
        cmocka_unit_test_setup_teardown(a_silent_centre_is_asked_again_by_itself_and_then_for_all, begin, end),
        cmocka_unit_test_setup_teardown(pauses_grow_to_a_limit, begin, end),
        cmocka_unit_test_setup_teardown(statuses_mean_what_they_say, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_to_another_question_is_none, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_after_midnight_belongs_to_nobody, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
