#include "lib/failing_world.h"
#include "lib/reception_play.h"
#include "lib/unit.h"
#include "service/reception/visits.h"

#include <errno.h>
#include <sys/stat.h>

static struct scratch scratch;
static struct clock_world clock_;
static char folder[SCRATCH_PATH_MAX];

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    (void)clock_world(&clock_);
    (void)scratch_path(&scratch, "today", folder);
    return 0;
}

static int end(void **state) {
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

static bool count_one(void *context, const char *name) {
    (void)name;
    ++*(size_t *)context;
    return true;
}

static size_t files(void) {
    size_t n = 0;
    (void)world_real()->list(world_real(), folder, count_one, &n);
    return n;
}

static struct visits opened(void) {
    struct visits v;
    assert_int_equal(visits_open(&v, &clock_.world, folder, NULL), ERR_OK);
    return v;
}

static struct visit *added(struct visits *v) {
    struct visit *one = visit_sample();
    assert_int_equal(visits_add(v, one, NULL), ERR_OK);
    return one;
}

static void a_visit_is_a_private_file_and_is_there_again(void **state) {
    (void)state;
    char path[SCRATCH_PATH_MAX], name[64];
    struct stat st;
    struct visits v = opened();
    struct visit *first = added(&v), *second = added(&v);
    assert_true(first->number == 1 && second->number == 2 && strcmp(first->id, second->id) != 0);
    snprintf(name, sizeof name, "today/%s.visit", first->id);
    assert_int_equal(stat(scratch_path(&scratch, name, path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    second->state = VISIT_ANSWERED;
    buf_puts(&second->answer, "{}");
    assert_int_equal(visits_keep(&v, second, NULL), ERR_OK);
    visits_close(&v);
    v = opened();
    assert_true(v.count == 2 && v.list[0]->number == 1 && v.list[1]->number == 2);
    assert_true(v.list[1]->state == VISIT_ANSWERED && v.list[1]->answer.n == 2);
    assert_int_equal(added(&v)->number, 3);
    visits_close(&v);
}

static void every_change_has_a_greater_version(void **state) {
    (void)state;
    struct visits v = opened();
    struct visit *one = added(&v);
    uint64_t was = one->version;
    assert_int_equal(visits_keep(&v, one, NULL), ERR_OK);
    assert_true(one->version > was && v.version == one->version);
    visits_close(&v);
}

static void the_day_over_all_of_it_is_erased(void **state) {
    (void)state;
    struct visits v = opened();
    (void)added(&v), (void)added(&v);
    scratch_write(&scratch, "today/ffffffffffffffffffffffffffffffff.visit.tmp", S("half"));
    uint64_t was = v.version;
    clock_.now_us += (int64_t)13 * 3600 * 1000000 + 3599 * (int64_t)1000000; /* 23:59:59 in Japan */
    assert_false(visits_turn(&v));
    assert_int_equal(files(), 3);
    clock_.now_us += 1000000;
    assert_true(visits_turn(&v));
    assert_true(v.count == 0 && v.version > was && files() == 0);
    assert_int_equal(added(&v)->number, 1);
    visits_close(&v);
}

static void one_that_is_dropped_is_gone_from_list_and_disk(void **state) {
    (void)state;
    struct visits v = opened();
    struct visit *first = added(&v), *second = added(&v), *third = added(&v);
    uint64_t was = v.version;
    visits_drop(&v, second);
    assert_true(v.count == 2 && v.list[0] == first && v.list[1] == third && v.version > was);
    assert_int_equal(files(), 2);
    visits_drop(&v, third);
    assert_int_equal(added(&v)->number, 4); /* a number called once is called to nobody else while the window runs */
    visits_close(&v);
}

static void what_another_day_left_goes_at_the_start(void **state) {
    (void)state;
    struct visits v = opened();
    (void)added(&v);
    visits_close(&v);
    scratch_write(&scratch, "today/ffffffffffffffffffffffffffffffff.visit.tmp", S("half"));
    clock_.now_us += (int64_t)24 * 3600 * 1000000;
    v = opened();
    assert_true(v.count == 0 && v.damaged == 0 && files() == 0);
    visits_close(&v);
}

static void a_clock_set_back_costs_nobody(void **state) {
    (void)state;
    static const int64_t day_us = (int64_t)24 * 3600 * 1000000;
    struct visits v = opened();
    (void)added(&v);
    clock_.now_us -= day_us;
    assert_false(visits_turn(&v));
    assert_int_equal(v.count, 1);
    visits_close(&v);
    v = opened(); /* started while the clock is wrong: nobody of today is known, and nobody is lost */
    assert_true(v.count == 0 && v.damaged == 0 && files() == 1);
    clock_.now_us += day_us;
    assert_true(visits_turn(&v));
    assert_int_equal(v.count, 1);
    visits_close(&v);
}

static void what_cannot_be_read_goes_with_the_day(void **state) {
    (void)state;
    struct visits v = opened();
    scratch_write(&scratch, "today/ffffffffffffffffffffffffffffffff.visit", S("no visit"));
    clock_.now_us += (int64_t)24 * 3600 * 1000000;
    assert_true(visits_turn(&v));
    assert_true(files() == 0 && v.damaged == 0);
    visits_close(&v);
}

static void a_damaged_file_is_counted_and_hurts_no_other(void **state) {
    (void)state;
    struct visits v = opened();
    (void)added(&v);
    visits_close(&v);
    scratch_write(&scratch, "today/ffffffffffffffffffffffffffffffff.visit", S("no visit"));
    scratch_write(&scratch, "today/someone else's", S("left alone"));
    v = opened();
    assert_true(v.count == 1 && v.damaged == 1);
    visits_close(&v);
    assert_int_equal(files(), 3);
}

static void a_disk_that_fails_leaves_no_visit_that_was_not_promised(void **state) {
    (void)state;
    struct failing_world f;
    for (size_t nth = 1;; nth++) {
        struct visits v;
        struct visit *one = visit_sample();
        struct diag d = {0};
        assert_int_equal(visits_open(&v, world_real(), folder, NULL), ERR_OK);
        v.world = failing_world(&f, nth, ENOSPC);
        enum err e = visits_add(&v, one, &d);
        if (e != ERR_OK) assert_true(f.hit && v.count == 0 && files() == 0), visit_free(one);
        visits_close(&v);
        if (f.hit) continue;
        assert_int_equal(e, ERR_OK);
        assert_int_equal(files(), 1);
        break;
    }
}

static void a_full_day_says_so(void **state) {
    (void)state;
    struct visits v = opened();
    struct visit *one = visit_sample();
    struct diag d;
    struct visit **list = v.list;
    v.count = VISITS_MAX; /* as if: three thousand files take a second */
    assert_int_equal(visits_add(&v, one, &d), ERR_LIMIT);
    assert_ptr_equal(v.list, list);
    v.count = 0;
    visit_free(one);
    visits_close(&v);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_visit_is_a_private_file_and_is_there_again, begin, end),
        cmocka_unit_test_setup_teardown(every_change_has_a_greater_version, begin, end),
        cmocka_unit_test_setup_teardown(the_day_over_all_of_it_is_erased, begin, end),
        cmocka_unit_test_setup_teardown(one_that_is_dropped_is_gone_from_list_and_disk, begin, end),
        cmocka_unit_test_setup_teardown(what_another_day_left_goes_at_the_start, begin, end),
        cmocka_unit_test_setup_teardown(a_clock_set_back_costs_nobody, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_goes_with_the_day, begin, end),
        cmocka_unit_test_setup_teardown(a_damaged_file_is_counted_and_hurts_no_other, begin, end),
        cmocka_unit_test_setup_teardown(a_disk_that_fails_leaves_no_visit_that_was_not_promised, begin, end),
        cmocka_unit_test_setup_teardown(a_full_day_says_so, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
