#include "base/buf.h"
#include "lib/failing_world.h"
#include "lib/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static int enter(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/mado-world-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state) {
    static const char *const names[] = {"file", "file.tmp", "a/b/c", "a/b", "a", "big"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) (void)remove(names[i]);
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1;
}

static void assert_file(struct str want) {
    struct buf b;
    buf_init(&b, 1 << 20);
    assert_int_equal(world_read_file(world_real(), "file", &b, NULL), ERR_OK);
    assert_str(buf_str(&b), want);
    buf_fini(&b);
}

static void the_clocks_go_and_randomness_differs(void **state) {
    struct world *w = world_real();
    char a[32] = {0}, b[32] = {0};
    (void)state;
    assert_true(w->now_us(w) > 1700000000000000);
    int64_t before = w->steady_us(w);
    assert_true(w->steady_us(w) >= before);
    w->random(w, a, sizeof a), w->random(w, b, sizeof b);
    assert_true(memcmp(a, b, sizeof a) != 0);
}

static void a_replaced_file_is_whole_with_its_mode_and_nothing_beside_it(void **state) {
    struct stat st;
    (void)state;
    assert_int_equal(world_replace_file(world_real(), "file", S("one"), 0640, NULL), ERR_OK);
    assert_file(S("one"));
    assert_int_equal(world_replace_file(world_real(), "file", S("two two"), 0640, NULL), ERR_OK);
    assert_file(S("two two"));
    assert_int_equal(stat("file", &st), 0);
    assert_int_equal(st.st_mode & 0777 & ~0640, 0);
    assert_int_equal(stat("file.tmp", &st), -1);
}

static void when_any_disk_operation_fails_the_old_or_the_new_file_is_there(void **state) {
    static const int errors[] = {EIO, ENOSPC};
    struct failing_world f;
    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(errors); k++) {
        for (size_t nth = 1, more = 1; more; nth++) {
            struct stat st;
            struct diag d = {0};
            assert_int_equal(world_replace_file(world_real(), "file", S("the old one"), 0600, NULL), ERR_OK);
            enum err e = world_replace_file(failing_world(&f, nth, errors[k]), "file", S("the new one"), 0600, &d);
            more = f.hit;
            assert_int_equal(e, !more ? ERR_OK : errors[k] == EIO ? ERR_IO : ERR_DISK_FULL);
            /* After the rename, the fifth, the new one stands there although its folder was not synced. */
            assert_file(nth > 5 ? S("the new one") : S("the old one"));
            assert_int_equal(stat("file.tmp", &st), -1);
            assert_true(nth < 10);
        }
    }
}

static void a_short_write_is_carried_on_and_an_interrupted_one_tried_again(void **state) {
    static const int errors[] = {0, EINTR};
    struct failing_world f;
    (void)state;
    for (size_t k = 0; k < ARRAY_LEN(errors); k++) {
        assert_int_equal(world_replace_file(failing_world(&f, 2, errors[k]), "file", S("whole text"), 0600, NULL),
                         ERR_OK);
        assert_true(f.hit);
        assert_file(S("whole text"));
    }
}

static ssize_t writes_nothing(struct world *w, int fd, const void *from, size_t n, off_t at) {
    (void)w, (void)fd, (void)from, (void)n, (void)at;
    return 0;
}

static void a_disk_that_takes_nothing_is_an_error_not_an_endless_loop(void **state) {
    struct world w = *world_real();
    (void)state;
    w.pwrite = writes_nothing;
    assert_int_equal(world_write_all(&w, -1, S("x"), 0, NULL), ERR_IO);
    assert_int_equal(world_write_all(&w, -1, S(""), 0, NULL), ERR_OK);
}

static void an_absent_file_and_one_too_large_are_told_apart(void **state) {
    struct buf b;
    struct failing_world f;
    (void)state;
    buf_init(&b, 20000);
    assert_int_equal(world_read_file(world_real(), "nothing", &b, NULL), ERR_NOT_FOUND);
    assert_int_equal(world_read_file(world_real(), ".", &b, NULL), ERR_IO);
    int fd = open("big", O_WRONLY | O_CREAT, 0600);
    assert_int_equal(ftruncate(fd, 20000), 0);
    assert_int_equal(world_read_file(world_real(), "big", &b, NULL), ERR_OK);
    assert_int_equal(b.n, 20000);
    assert_int_equal(ftruncate(fd, 20001), 0);
    assert_int_equal(world_read_file(world_real(), "big", &b, NULL), ERR_LIMIT);
    assert_int_equal(world_read_file(failing_world(&f, 2, EIO), "big", &b, NULL), ERR_IO);
    close(fd);
    buf_fini(&b);
}

static void folders_are_made_down_to_the_last_and_only_for_their_owner(void **state) {
    struct stat st;
    struct diag d = {0};
    (void)state;
    assert_int_equal(world_make_folder("a/b//c/", NULL), ERR_OK);
    assert_int_equal(world_make_folder("a/b/c", NULL), ERR_OK);
    assert_int_equal(stat("a/b/c", &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(world_replace_file(world_real(), "file", S("x"), 0600, NULL), ERR_OK);
    assert_int_equal(world_make_folder("file", &d), ERR_IO);
    assert_string_equal(d.detail, "ENOTDIR");
    assert_int_equal(world_make_folder("file/below", NULL), ERR_IO);
    assert_int_equal(world_make_folder("", NULL), ERR_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clocks_go_and_randomness_differs),
        cmocka_unit_test_setup_teardown(a_replaced_file_is_whole_with_its_mode_and_nothing_beside_it, enter, leave),
        cmocka_unit_test_setup_teardown(when_any_disk_operation_fails_the_old_or_the_new_file_is_there, enter, leave),
        cmocka_unit_test_setup_teardown(a_short_write_is_carried_on_and_an_interrupted_one_tried_again, enter, leave),
        cmocka_unit_test(a_disk_that_takes_nothing_is_an_error_not_an_endless_loop),
        cmocka_unit_test_setup_teardown(an_absent_file_and_one_too_large_are_told_apart, enter, leave),
        cmocka_unit_test_setup_teardown(folders_are_made_down_to_the_last_and_only_for_their_owner, enter, leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
