/* One patient at the page, with a card, a face reader, or nothing. */
#include "edge/reception/answer.h"
#include "edge/reception/question.h"
#include "lib/kiosk_play.h"
#include "lib/reception_play.h"
#include "lib/unit.h"

#include <unistd.h>

static const struct reception_form form = {question_put_message, reception_answer_read, reception_refusal_read,
                                           reception_card_read, reception_answer_same};
static struct scratch scratch;
static struct clock_world clock_;
static struct play_centre centre;
static struct kiosk_play play;
static struct reception r;
static struct kiosk k;
static char log_folder[SCRATCH_PATH_MAX], aside[SCRATCH_PATH_MAX];

static void wake(void *context) { (void)context; }

static void open_all(const struct kiosk_devices *devices) {
    char folder[SCRATCH_PATH_MAX];
    const struct reception_settings s = {.world = &clock_.world,
                                         .folder = scratch_path(&scratch, "today", folder),
                                         .log = scratch_path(&scratch, "log", log_folder),
                                         .asker = play_centre(&centre),
                                         .form = &form,
                                         .wake = wake};
    assert_int_equal(reception_open(&r, &s, NULL), ERR_OK);
    assert_int_equal(kiosk_open(&k, &r, devices, scratch_path(&scratch, "aside", aside), NULL), ERR_OK);
}

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    (void)clock_world(&clock_);
    struct kiosk_devices devices = kiosk_play(&play);
    open_all(&devices);
    return 0;
}

static int end(void **state) {
    (void)state;
    play.face_waits = false;
    kiosk_close(&k);
    reception_close(&r);
    scratch_remove(&scratch);
    return 0;
}

static void start(enum kiosk_kind kind) { assert_int_equal(kiosk_begin(&k, kind, NULL), ERR_OK); }

/* Turns until the card's progress is that; two seconds at most. */
static bool card_is(enum card_progress progress, enum card_verdict verdict) {
    for (int i = 0; i < 400; i++) {
        (void)kiosk_turn(&k);
        if (k.sitting.card.progress == progress && k.sitting.card.verdict == verdict) return true;
        usleep(5000);
    }
    return false;
}

static bool face_is(enum kiosk_face face) {
    for (int i = 0; i < 400 && k.sitting.face == KIOSK_FACE_LOOKING; i++) (void)kiosk_turn(&k), usleep(5000);
    return k.sitting.face == face;
}

static void type(const char *pin) { assert_int_equal(kiosk_pin(&k, str_c(k.sitting.id), str_c(pin), NULL), ERR_OK); }

static bool holds(const struct buf *b, const char *text) { return str_find(buf_str(b), str_c(text)) < b->n; }

/* ---- a card ---- */

static void a_card_and_its_pin_become_an_answered_visit(void **state) {
    (void)state;
    static const struct {
        const char *proof;
        enum card_verdict verdict;
        enum proof kept;
    } rows[] = {{"card-pin", CARD_VERDICT_ANSWERED, PROOF_CARD_PIN},
                {"card-pin", CARD_VERDICT_ENDS_SOON, PROOF_CARD_PIN},
                {"card-pin-ended", CARD_VERDICT_GRACE, PROOF_CARD_PIN_ENDED},
                {"card-pin-unchecked", CARD_VERDICT_UNCHECKED, PROOF_CARD_PIN_UNCHECKED}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        play.proof = rows[i].proof, play.question = (int)rows[i].verdict;
        size_t before = logged(log_folder, AUDIT_RECEIVED, rows[i].kept);
        start(KIOSK_CARD);
        row_check(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_NONE) && k.sitting.card.tries_left == 3, rows[i].proof);
        type("1234");
        row_check(card_is(CARD_PROGRESS_DONE, rows[i].verdict), rows[i].proof);
        row_check(k.sitting.number == i + 1 && k.sitting.err == ERR_OK, rows[i].proof);
        struct visit *v = r.visits.list[i];
        row_check(v->state == VISIT_ANSWERED && v->way == VISIT_BY_CARD && v->proof == rows[i].kept, rows[i].proof);
        row_check(strcmp(v->id, k.sitting.id) == 0 && holds(&v->answer, "\"ratio\":30"), rows[i].proof);
        row_check(v->insurer.n == 6139448 && v->branch == 1 && strcmp(v->insured_number, "1") == 0, rows[i].proof);
        row_check(logged(log_folder, AUDIT_RECEIVED, rows[i].kept) == before + 1, rows[i].proof);
        row_check(play.answered == i + 1 && r.heard, rows[i].proof);
    }
}

static void a_wrong_pin_is_asked_for_again_and_a_locked_one_is_no_dead_end(void **state) {
    (void)state;
    start(KIOSK_CARD);
    assert_true(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_NONE));
    type("12345");
    assert_true(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_PIN_FORM) && k.sitting.card.tries_left == 3);
    type("0000");
    assert_true(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_PIN_WRONG) && k.sitting.card.tries_left == 2);
    type("0001");
    for (int i = 0; i < 400 && k.sitting.card.tries_left != 1; i++) (void)kiosk_turn(&k), usleep(5000);
    type("0002");
    assert_true(card_is(CARD_PROGRESS_DONE, CARD_VERDICT_PIN_LOCKED));
    assert_true(k.sitting.number == 0 && r.visits.count == 0);
    assert_true(play.taken == play.left); /* the card is let go */
    struct visit *v = visit_new();        /* the other ways are as open as before */
    v->way = VISIT_BY_CARD;
    assert_int_equal(kiosk_receive(&k, v, NULL), ERR_OK);
    assert_true(v->state == VISIT_DESK && v->proof == PROOF_NONE);
}

static void every_trouble_is_told_and_makes_no_visit(void **state) {
    (void)state;
    static const struct {
        enum card_verdict take, look, challenge, question, told;
    } rows[] = {{CARD_VERDICT_NO_READER, 0, 0, 0, CARD_VERDICT_NO_READER},
                {CARD_VERDICT_CARD_BUSY, 0, 0, 0, CARD_VERDICT_CARD_BUSY},
                {0, CARD_VERDICT_OTHER_CARD, 0, 0, CARD_VERDICT_OTHER_CARD},
                {0, CARD_VERDICT_PINLESS, 0, 0, CARD_VERDICT_PINLESS},
                {0, 0, CARD_VERDICT_SILENT, 0, CARD_VERDICT_SILENT},
                {0, 0, 0, CARD_VERDICT_REVOKED, CARD_VERDICT_REVOKED},
                {0, 0, 0, CARD_VERDICT_NOT_REGISTERED, CARD_VERDICT_NOT_REGISTERED}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char row[16];
        snprintf(row, sizeof row, "%d", (int)rows[i].told);
        play.take = (int)rows[i].take;
        play.look = (int)rows[i].look;
        play.challenge = (int)rows[i].challenge;
        play.question = (int)rows[i].question;
        start(KIOSK_CARD);
        if (rows[i].take == 0 && rows[i].look == 0 && rows[i].challenge == 0) {
            row_check(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_NONE), row);
            type("1234");
        }
        row_check(card_is(CARD_PROGRESS_DONE, rows[i].told), row);
        row_check(k.sitting.number == 0 && r.visits.count == 0, row);
    }
}

static void an_answer_that_is_none_is_no_visit(void **state) {
    (void)state;
    play.proof = "by a friend's word";
    start(KIOSK_CARD);
    assert_true(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_NONE));
    type("1234");
    assert_true(card_is(CARD_PROGRESS_DONE, CARD_VERDICT_ANSWERED));
    assert_true(k.sitting.number == 0 && k.sitting.err == ERR_CODE && r.visits.count == 0 && play.answered == 0);
}

/* ---- sittings ---- */

static void nobody_goes_on_with_anothers_sitting(void **state) {
    (void)state;
    char first[VISIT_ID + 1];
    start(KIOSK_CARD);
    memcpy(first, k.sitting.id, sizeof first);
    assert_true(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_NONE));
    start(KIOSK_CARD); /* the next patient */
    assert_string_not_equal(first, k.sitting.id);
    assert_int_equal(kiosk_pin(&k, str_c(first), S("1234"), NULL), ERR_NOT_FOUND);
    assert_int_equal(kiosk_pin(&k, S(""), S("1234"), NULL), ERR_NOT_FOUND);
    for (int i = 0; i < 400 && play.taken < 2; i++) (void)kiosk_turn(&k), usleep(5000);
    assert_true(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_NONE));
    type("1234");
    assert_true(card_is(CARD_PROGRESS_DONE, CARD_VERDICT_ANSWERED));
    assert_true(r.visits.count == 1 && strcmp(r.visits.list[0]->id, k.sitting.id) == 0);
}

static void one_that_is_stopped_comes_to_nothing(void **state) {
    (void)state;
    start(KIOSK_CARD);
    assert_true(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_NONE));
    kiosk_stop(&k, S("another's"));
    assert_int_equal(k.sitting.kind, KIOSK_CARD);
    kiosk_stop(&k, str_c(k.sitting.id));
    for (int i = 0; i < 400 && k.asking; i++) (void)kiosk_turn(&k), usleep(5000);
    assert_true(k.asking == NULL && k.sitting.kind == KIOSK_NOTHING && r.visits.count == 0);
    assert_int_equal(play.taken, play.left);
}

static void a_pin_nobody_asked_for_is_refused(void **state) {
    (void)state;
    play.take = CARD_VERDICT_NO_CARD;
    start(KIOSK_CARD);
    assert_int_equal(kiosk_pin(&k, str_c(k.sitting.id), S("1234"), NULL), ERR_CONFLICT);
}

/* ---- a face reader ---- */

static void a_yes_is_a_visit_for_the_staff_and_opens_no_more_than_any_way(void **state) {
    (void)state;
    start(KIOSK_FACE);
    assert_true(face_is(KIOSK_FACE_YES) && k.sitting.number == 1);
    struct visit *v = r.visits.list[0], *typed = visit_sample(), *got;
    assert_true(v->state == VISIT_DESK && v->proof == PROOF_FACE && v->answer.n == 0);
    assert_int_equal(play.face_certificate_bytes, sizeof "a certificate" - 1);
    assert_int_equal(logged(log_folder, AUDIT_RECEIVED, PROOF_FACE), 1);
    assert_int_equal(reception_complete(&r, str_c(v->id), typed, &got, NULL), ERR_OK);
    for (int i = 0; i < 400 && v->state != VISIT_ANSWERED; i++) (void)reception_turn(&r), usleep(5000);
    assert_true(v->state == VISIT_ANSWERED && v->proof == PROOF_FACE && holds(&v->answer, "\"ratio\":30"));
    visit_free(typed);
}

static void a_no_and_what_is_not_believed_are_logged_and_counted(void **state) {
    (void)state;
    static const struct {
        enum err err;
        enum face_answer answer;
        enum kiosk_face face;
        bool counts;
    } rows[] = {{ERR_OK, FACE_NO, KIOSK_FACE_NO, true},
                {ERR_UNAUTHENTICATED, FACE_YES, KIOSK_FACE_NO, true},
                {ERR_UNKNOWN, FACE_YES, KIOSK_FACE_NO, true},
                {ERR_CONFLICT, FACE_YES, KIOSK_FACE_NO, true},
                {ERR_OK, FACE_GIVEN_UP, KIOSK_FACE_GIVEN_UP, false},
                {ERR_UNAVAILABLE, FACE_YES, KIOSK_FACE_OFF, false},
                {ERR_TIMEOUT, FACE_YES, KIOSK_FACE_OFF, false}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char row[16];
        snprintf(row, sizeof row, "row %zu", i);
        size_t before = logged(log_folder, AUDIT_FACE_REFUSED, PROOF_NONE);
        unsigned failures = k.aside.failures;
        play.face_err = (int)rows[i].err;
        play.face_answer = (int)rows[i].answer;
        start(KIOSK_FACE);
        row_check(face_is(rows[i].face) && k.sitting.number == 0 && r.visits.count == 0, row);
        row_check(logged(log_folder, AUDIT_FACE_REFUSED, PROOF_NONE) == before + rows[i].counts, row);
        row_check(k.aside.failures == failures + rows[i].counts, row);
    }
}

static void after_ten_failures_it_steps_aside_and_the_other_ways_stay(void **state) {
    (void)state;
    play.face_answer = FACE_NO;
    for (int i = 0; i < STAND_ASIDE_FAILURES; i++) {
        assert_true(kiosk_has_face(&k));
        start(KIOSK_FACE);
        assert_true(face_is(KIOSK_FACE_NO));
    }
    assert_false(kiosk_has_face(&k));
    assert_int_equal(kiosk_begin(&k, KIOSK_FACE, NULL), ERR_NOT_FOUND);
    assert_int_equal(play.faces, STAND_ASIDE_FAILURES);
    assert_true(kiosk_has_card(&k));
    start(KIOSK_CARD);
    assert_true(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_NONE));
    clock_.now_us += STAND_ASIDE_MINUTES * INT64_C(60000000);
    assert_true(kiosk_has_face(&k));
}

static void a_yes_that_comes_after_the_patient_left_is_nobodys(void **state) {
    (void)state;
    play.face_waits = true;
    start(KIOSK_FACE);
    for (int i = 0; i < 400 && play.faces == 0; i++) usleep(5000);
    kiosk_stop(&k, str_c(k.sitting.id));
    start(KIOSK_CARD); /* waits until the face reader is done */
    play.face_waits = false;
    assert_true(card_is(CARD_PROGRESS_PIN, CARD_VERDICT_NONE));
    assert_int_equal(r.visits.count, 0);
}

/* ---- nothing ---- */

static void whoever_has_nothing_is_received_too(void **state) {
    (void)state;
    struct kiosk_devices none = {0};
    kiosk_close(&k), reception_close(&r);
    open_all(&none);
    assert_false(kiosk_has_card(&k) || kiosk_has_face(&k));
    assert_int_equal(kiosk_begin(&k, KIOSK_CARD, NULL), ERR_NOT_FOUND);
    struct visit *v = visit_new();
    v->way = VISIT_BY_NOTHING, v->proof = PROOF_STATEMENT;
    assert_int_equal(kiosk_receive(&k, v, NULL), ERR_OK);
    assert_true(v->state == VISIT_DESK && v->number == 1);
    assert_int_equal(logged(log_folder, AUDIT_RECEIVED, PROOF_STATEMENT), 1);
}

static void a_childs_thumb_does_not_fill_the_day(void **state) {
    (void)state;
    struct visit *v, *got;
    for (int i = 0; i < KIOSK_WAITING_MAX; i++) {
        v = visit_new(), v->way = VISIT_BY_PAPER;
        assert_int_equal(kiosk_receive(&k, v, NULL), ERR_OK);
    }
    struct visit *more = visit_new();
    assert_int_equal(kiosk_receive(&k, more, NULL), ERR_BUSY);
    assert_int_equal(reception_remove(&r, str_c(v->id), &got, NULL), ERR_OK); /* the staff saw to one */
    assert_int_equal(kiosk_receive(&k, more, NULL), ERR_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_card_and_its_pin_become_an_answered_visit, begin, end),
        cmocka_unit_test_setup_teardown(a_wrong_pin_is_asked_for_again_and_a_locked_one_is_no_dead_end, begin, end),
        cmocka_unit_test_setup_teardown(every_trouble_is_told_and_makes_no_visit, begin, end),
        cmocka_unit_test_setup_teardown(an_answer_that_is_none_is_no_visit, begin, end),
        cmocka_unit_test_setup_teardown(nobody_goes_on_with_anothers_sitting, begin, end),
        cmocka_unit_test_setup_teardown(one_that_is_stopped_comes_to_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_pin_nobody_asked_for_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_yes_is_a_visit_for_the_staff_and_opens_no_more_than_any_way, begin, end),
        cmocka_unit_test_setup_teardown(a_no_and_what_is_not_believed_are_logged_and_counted, begin, end),
        cmocka_unit_test_setup_teardown(after_ten_failures_it_steps_aside_and_the_other_ways_stay, begin, end),
        cmocka_unit_test_setup_teardown(a_yes_that_comes_after_the_patient_left_is_nobodys, begin, end),
        cmocka_unit_test_setup_teardown(whoever_has_nothing_is_received_too, begin, end),
        cmocka_unit_test_setup_teardown(a_childs_thumb_does_not_fill_the_day, begin, end),
    };
    return cmocka_run_group_tests_name("kiosk", tests, NULL, NULL);
}
