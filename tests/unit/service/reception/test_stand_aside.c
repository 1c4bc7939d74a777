#include "lib/failing_world.h"
#include "lib/reception_play.h"
#include "lib/unit.h"
#include "service/reception/stand_aside.h"

#include <errno.h>

static struct scratch scratch;
static struct clock_world clock_;
static char path[SCRATCH_PATH_MAX];
static const int64_t minute = 60000000;

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    (void)clock_world(&clock_);
    (void)scratch_path(&scratch, "face-reader", path);
    return 0;
}

static int end(void **state) {
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

static struct stand_aside opened(void) {
    struct stand_aside s;
    assert_int_equal(stand_aside_open(&s, &clock_.world, path, NULL), ERR_OK);
    return s;
}

static void fails(struct stand_aside *s, unsigned times) {
    for (unsigned i = 0; i < times; i++) assert_int_equal(stand_aside_failed(s, NULL), ERR_OK);
}

static void the_tenth_failure_in_a_row_puts_it_aside_for_half_an_hour(void **state) {
    (void)state;
    struct stand_aside s = opened();
    fails(&s, 9);
    assert_false(stand_aside_now(&s));
    s = opened(); /* started anew forgives nothing */
    fails(&s, 1);
    assert_true(stand_aside_now(&s));
    s = opened();
    clock_.now_us += 30 * minute - 1;
    assert_true(stand_aside_now(&s));
    clock_.now_us += 1;
    assert_false(stand_aside_now(&s));
    fails(&s, 9);
    assert_false(stand_aside_now(&s));
}

static void a_yes_begins_the_count_anew(void **state) {
    (void)state;
    struct stand_aside s = opened();
    fails(&s, 9);
    assert_int_equal(stand_aside_succeeded(&s, NULL), ERR_OK);
    s = opened();
    fails(&s, 9);
    assert_false(stand_aside_now(&s));
}

static void a_clock_set_back_keeps_it_aside_no_longer(void **state) {
    (void)state;
    struct stand_aside s = opened();
    fails(&s, 10);
    clock_.now_us -= 24 * 60 * minute;
    assert_false(stand_aside_now(&s));
}

static void what_cannot_be_read_counts_as_ten_failures(void **state) {
    (void)state;
    static const char *const texts[] = {"",      "\n",     "9\n",     "9 0",     "10 0\n", "x 0\n",
                                        "9 x\n", "-1 0\n", "9 0\n\n", "9 0 0\n", "9  0\n", "9999999999999999999 0\n"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        scratch_write(&scratch, "face-reader", str_c(texts[i]));
        struct stand_aside s = opened();
        row_check(stand_aside_now(&s), texts[i]);
    }
    scratch_write(&scratch, "face-reader", S("9 0\n"));
    struct stand_aside s = opened();
    assert_false(stand_aside_now(&s));
}

static void a_disk_that_refuses_forgives_nothing_either(void **state) {
    (void)state;
    struct failing_world f;
    struct stand_aside s = opened();
    s.world = failing_world(&f, 1, ENOSPC);
    for (int i = 0; i < 10; i++) (void)!stand_aside_failed(&s, NULL);
    assert_true(f.hit && stand_aside_now(&s));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_tenth_failure_in_a_row_puts_it_aside_for_half_an_hour, begin, end),
        cmocka_unit_test_setup_teardown(a_yes_begins_the_count_anew, begin, end),
        cmocka_unit_test_setup_teardown(a_clock_set_back_keeps_it_aside_no_longer, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_counts_as_ten_failures, begin, end),
        cmocka_unit_test_setup_teardown(a_disk_that_refuses_forgives_nothing_either, begin, end),
    };
    return cmocka_run_group_tests_name("stand aside", tests, NULL, NULL);
}
