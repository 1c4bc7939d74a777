/* The fixture of tests of a reception that runs: one state a program, opened by begin() and closed by end(). */
#ifndef TESTS_LIB_RECEPTION_RUN_H
#define TESTS_LIB_RECEPTION_RUN_H

#include "edge/reception/answer.h"
#include "edge/reception/question.h"
#include "lib/reception_play.h"
#include "lib/unit.h"

#include <unistd.h>

static const struct reception_form form = {question_put_message, reception_answer_read, reception_refusal_read,
                                           reception_card_read, reception_answer_same};
static struct scratch scratch;
static struct clock_world clock_;
static struct play_centre centre;
static struct play_memory memory;
static struct reception r;
static char log_folder[SCRATCH_PATH_MAX];

static void wake(void *context) { (void)context; }

static void open_reception(void) {
    char folder[SCRATCH_PATH_MAX];
    const struct reception_settings s = {.world = &clock_.world,
                                         .folder = scratch_path(&scratch, "today", folder),
                                         .log = scratch_path(&scratch, "log", log_folder),
                                         .memory = play_memory(&memory, &clock_),
                                         .asker = play_centre(&centre),
                                         .form = &form,
                                         .wake = wake};
    assert_int_equal(reception_open(&r, &s, NULL), ERR_OK);
}

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    (void)clock_world(&clock_);
    open_reception();
    return 0;
}

static int end(void **state) {
    (void)state;
    reception_close(&r);
    scratch_remove(&scratch);
    return 0;
}

static struct visit *ask(void) {
    struct visit *v = visit_sample();
    assert_int_equal(reception_ask(&r, v, NULL), ERR_OK);
    return v;
}

/* Turns until the visit has that state; two seconds at most. */
static bool becomes(const struct visit *v, enum visit_state state) {
    for (int i = 0; i < 400 && (v->state != state || v->asking); i++) {
        (void)reception_turn(&r);
        if (v->state != state || v->asking) usleep(5000);
    }
    return v->state == state;
}

/* Turns long enough for the line to have asked, had it been told to. */
static void pass(void) {
    for (int i = 0; i < 20; i++) (void)reception_turn(&r), usleep(2000);
}

#endif
