/* What is remembered while the centre is silent, and visits taken off the list. */
#include "lib/reception_run.h"

#include <unistd.h>

static bool holds(const struct buf *b, const char *text) { return str_find(buf_str(b), str_c(text)) < b->n; }

/* The window starts anew, with memory and centre as they were. */
static void again(void) {
    bool knows = memory.knows;
    int err = centre.err;
    reception_close(&r);
    open_reception();
    memory.knows = knows, centre.err = err;
}

/* ---- memory ---- */

static void what_is_remembered_is_shown_while_nobody_answers(void **state) {
    (void)state;
    static const enum err whys[] = {ERR_UNAVAILABLE, ERR_TIMEOUT};
    memory.knows = true;
    for (size_t i = 0; i < ARRAY_LEN(whys); i++) {
        centre.err = (int)whys[i];
        struct visit *a = ask();
        assert_true(becomes(a, VISIT_SILENT));
        assert_true(holds(&a->answer, "\"ratio\":30") && a->told_us == clock_.now_us - INT64_C(86400000000));
        struct visit *b = ask(); /* with the first breath */
        assert_true(b->state == VISIT_SILENT && b->told_us && holds(&b->answer, "\"ratio\":30"));
        again(); /* and it is on the disk */
        b = r.visits.list[r.visits.count - 1];
        assert_true(b->told_us && holds(&b->answer, "\"ratio\":30"));
        centre.err = ERR_OK;
        for (size_t n = 0; n < r.visits.count; n++) {
            struct visit *v = r.visits.list[n];
            assert_true(becomes(v, VISIT_ANSWERED));
            assert_true(v->told_us == 0 && !v->changed); /* the centre said the same */
        }
    }
}

static void nobody_is_denied_by_a_memory_that_knows_nothing(void **state) {
    (void)state;
    centre.err = ERR_UNAVAILABLE;
    struct visit *v = ask();
    assert_true(becomes(v, VISIT_SILENT));
    assert_true(v->answer.n == 0 && v->told_us == 0 && v->why == ERR_UNAVAILABLE);
}

static void a_centre_that_is_there_is_not_silent(void **state) {
    (void)state;
    static const struct {
        int err, status;
        bool recalls;
    } rows[] = {{ERR_UNAVAILABLE, 0, true},
                {ERR_TIMEOUT, 0, true},
                {0, 502, true},
                {0, 503, true},
                {0, 504, true},
                {0, 401, false},
                {0, 429, false},
                {0, 500, false},
                {0, 408, false},
                {ERR_UNAUTHENTICATED, 0, false}};
    memory.knows = true;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char row[32];
        snprintf(row, sizeof row, "%d %d", rows[i].err, rows[i].status);
        centre.err = rows[i].err;
        centre.status = rows[i].status;
        struct visit *a = ask();
        row_check(becomes(a, VISIT_SILENT) && (a->answer.n > 0) == rows[i].recalls, row);
        struct visit *b = ask(); /* while it is not asked */
        row_check((b->answer.n > 0) == rows[i].recalls && becomes(b, VISIT_SILENT), row);
        centre.err = ERR_OK;
        centre.status = 0;
        clock_.steady_us += (int64_t)RECEPTION_AGAIN_MAX_S * 1000000;
        row_check(becomes(a, VISIT_ANSWERED) && becomes(b, VISIT_ANSWERED), row);
    }
}

static void a_refusal_takes_back_what_was_remembered(void **state) {
    (void)state;
    memory.knows = true;
    centre.err = ERR_UNAVAILABLE;
    struct visit *v = ask();
    assert_true(becomes(v, VISIT_SILENT) && v->answer.n > 0);
    centre.err = ERR_UNAUTHENTICATED;
    clock_.steady_us += (int64_t)RECEPTION_AGAIN_MAX_S * 1000000;
    for (int i = 0; i < 400 && v->why != ERR_UNAUTHENTICATED; i++) (void)reception_turn(&r), usleep(5000);
    assert_true(v->why == ERR_UNAUTHENTICATED && v->answer.n == 0 && v->told_us == 0);
}

static void an_answer_that_changed_meanwhile_says_so(void **state) {
    (void)state;
    memory.knows = true;
    centre.err = ERR_UNAVAILABLE;
    struct visit *v = ask();
    struct buf b, other;
    assert_true(becomes(v, VISIT_SILENT) && v->answer.n > 0);
    buf_init(&b, 8192), buf_init(&other, 8192);
    put_sample_reply(&b, v->id);
    struct str reply = buf_str(&b);
    size_t at = str_find(reply, S("\"030\""));
    buf_put(&other, str_head(reply, at)), buf_puts(&other, "\"020\""), buf_put(&other, str_skip(reply, at + 5));
    buf_putc(&other, 0);
    centre.body = other.p, centre.err = ERR_OK;
    clock_.steady_us += (int64_t)RECEPTION_AGAIN_MAX_S * 1000000;
    assert_true(becomes(v, VISIT_ANSWERED));
    assert_true(v->changed && v->told_us == 0 && holds(&v->answer, "\"ratio\":20"));
    again();
    assert_true(r.visits.list[0]->changed);
    buf_fini(&b), buf_fini(&other);
}

static void what_the_centre_answers_is_kept_and_nothing_else(void **state) {
    (void)state;
    assert_true(becomes(ask(), VISIT_ANSWERED));
    assert_int_equal(memory.kept, 1);
    centre.status = 400;
    assert_true(becomes(ask(), VISIT_REFUSED));
    centre.status = 0;
    centre.body = "{}";
    assert_true(becomes(ask(), VISIT_REFUSED));
    assert_int_equal(memory.kept, 1);
}

/* ---- one that hangs ---- */

static void a_question_that_hangs_does_not_hold_up_the_next(void **state) {
    (void)state;
    centre.hangs = true;
    struct visit *a = ask();
    for (int i = 0; i < 400 && centre.asked == 0; i++) usleep(1000);
    struct visit *b = ask(), *c = ask();
    assert_true(becomes(b, VISIT_ANSWERED) && becomes(c, VISIT_ANSWERED));
    assert_true(a->state == VISIT_WAITING && a->asking);
    centre.hangs = false;
    assert_true(becomes(a, VISIT_ANSWERED));
}

/* ---- off the list, and back ---- */

static void a_removed_visit_comes_back_for_some_seconds_and_both_are_logged(void **state) {
    (void)state;
    struct visit *v = ask(), *got;
    char id[VISIT_ID + 1];
    assert_true(becomes(v, VISIT_ANSWERED));
    memcpy(id, v->id, sizeof id);
    assert_int_equal(reception_remove(&r, str_c(id), &got, NULL), ERR_OK);
    assert_ptr_equal(got, v);
    assert_int_equal(reception_remove(&r, str_c(id), &got, NULL), ERR_NOT_FOUND); /* once is enough */
    again();                                                                      /* also with the power gone */
    clock_.now_us += (int64_t)RECEPTION_UNDO_S * 1000000 - 1;
    (void)reception_turn(&r);
    assert_int_equal(reception_restore(&r, str_c(id), &got, NULL), ERR_OK);
    assert_true(got->removed_us == 0 && got->state == VISIT_ANSWERED && holds(&got->answer, "\"ratio\":30"));
    assert_int_equal(reception_restore(&r, str_c(id), &got, NULL), ERR_NOT_FOUND);
    assert_int_equal(logged(log_folder, AUDIT_VISIT_REMOVED, PROOF_NONE), 1);
    assert_int_equal(logged(log_folder, AUDIT_VISIT_RESTORED, PROOF_NONE), 1);
    assert_int_equal(logged(log_folder, AUDIT_RECEIVED, PROOF_NUMBER), 1);
}

static void after_that_it_is_erased(void **state) {
    (void)state;
    static const int64_t steps[] = {(int64_t)RECEPTION_UNDO_S * 1000000, -1};
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) { /* the clock set back gives nobody longer */
        struct visit *v = ask(), *got;
        char path[SCRATCH_PATH_MAX], name[64], id[VISIT_ID + 1];
        memcpy(id, v->id, sizeof id);
        snprintf(name, sizeof name, "today/%s.visit", id);
        assert_int_equal(reception_remove(&r, str_c(id), &got, NULL), ERR_OK);
        assert_int_equal(access(scratch_path(&scratch, name, path), F_OK), 0);
        clock_.now_us += steps[i];
        assert_int_equal(reception_restore(&r, str_c(id), &got, NULL), ERR_NOT_FOUND);
        (void)reception_turn(&r);
        assert_int_equal(r.visits.count, 0);
        assert_int_equal(access(path, F_OK), -1);
        pass(); /* the answer that was on its way finds nobody */
    }
}

static void a_removed_visit_is_not_asked_about(void **state) {
    (void)state;
    centre.err = ERR_UNAVAILABLE;
    struct visit *v = ask(), *got;
    assert_true(becomes(v, VISIT_SILENT));
    assert_int_equal(reception_remove(&r, str_c(v->id), &got, NULL), ERR_OK);
    int asked = centre.asked;
    clock_.steady_us += (int64_t)RECEPTION_AGAIN_MAX_S * 1000000;
    pass();
    assert_int_equal(centre.asked, asked);
    assert_int_equal(reception_restore(&r, str_c(v->id), &got, NULL), ERR_OK);
    centre.err = ERR_OK;
    assert_true(becomes(v, VISIT_ANSWERED));
}

static void an_unknown_visit_is_not_removed(void **state) {
    (void)state;
    struct visit *got;
    struct diag d;
    assert_int_equal(reception_remove(&r, S("ffffffffffffffffffffffffffffffff"), &got, &d), ERR_NOT_FOUND);
    assert_int_equal(reception_remove(&r, S(""), &got, &d), ERR_NOT_FOUND);
    assert_int_equal(logged(log_folder, AUDIT_VISIT_REMOVED, PROOF_NONE), 0);
}

/* ---- one that waits for the staff ---- */

static struct visit *at_the_desk(void) {
    struct visit *v = visit_new();
    v->way = VISIT_BY_NOTHING, v->proof = PROOF_STATEMENT, v->sex = 2;
    snprintf(v->name, sizeof v->name, "窓口　三津");
    assert_int_equal(reception_receive(&r, v, NULL), ERR_OK);
    return v;
}

static void a_visit_of_the_patients_page_waits_until_the_staff_typed_its_numbers(void **state) {
    (void)state;
    struct visit *v = at_the_desk(), *typed = visit_sample(), *got;
    pass();
    assert_true(v->state == VISIT_DESK && centre.asked == 0);
    again();
    v = r.visits.list[0];
    assert_true(v->state == VISIT_DESK && v->way == VISIT_BY_NOTHING && v->proof == PROOF_STATEMENT && v->sex == 2);
    typed->proof = PROOF_STAFF;
    assert_int_equal(reception_complete(&r, str_c(v->id), typed, &got, NULL), ERR_OK);
    assert_true(got == v && becomes(v, VISIT_ANSWERED));
    assert_true(v->proof == PROOF_STAFF && v->number == 1 && strcmp(v->name, "窓口　三津") == 0);
    assert_int_equal(reception_complete(&r, str_c(v->id), typed, &got, NULL), ERR_NOT_FOUND);
    assert_int_equal(logged(log_folder, AUDIT_RECEIVED, PROOF_STATEMENT), 1);
    assert_int_equal(logged(log_folder, AUDIT_RECEIVED, PROOF_STAFF), 1);
    visit_free(typed);
}

static void how_it_came_stays_when_the_staff_checked_nothing(void **state) {
    (void)state;
    struct visit *v = at_the_desk(), *typed = visit_sample(), *got;
    assert_int_equal(reception_complete(&r, str_c(v->id), typed, &got, NULL), ERR_OK);
    assert_true(v->proof == PROOF_STATEMENT);
    visit_free(typed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_remembered_is_shown_while_nobody_answers, begin, end),
        cmocka_unit_test_setup_teardown(nobody_is_denied_by_a_memory_that_knows_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_centre_that_is_there_is_not_silent, begin, end),
        cmocka_unit_test_setup_teardown(a_refusal_takes_back_what_was_remembered, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_that_changed_meanwhile_says_so, begin, end),
        cmocka_unit_test_setup_teardown(what_the_centre_answers_is_kept_and_nothing_else, begin, end),
        cmocka_unit_test_setup_teardown(a_question_that_hangs_does_not_hold_up_the_next, begin, end),
        cmocka_unit_test_setup_teardown(a_removed_visit_comes_back_for_some_seconds_and_both_are_logged, begin, end),
        cmocka_unit_test_setup_teardown(after_that_it_is_erased, begin, end),
        cmocka_unit_test_setup_teardown(a_removed_visit_is_not_asked_about, begin, end),
        cmocka_unit_test_setup_teardown(an_unknown_visit_is_not_removed, begin, end),
        cmocka_unit_test_setup_teardown(a_visit_of_the_patients_page_waits_until_the_staff_typed_its_numbers, begin,
                                        end),
        cmocka_unit_test_setup_teardown(how_it_came_stays_when_the_staff_checked_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
