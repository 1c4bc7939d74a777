/* Sorting beyond memory: everything comes out once, in byte order; nothing is left on the disk, whatever fails. */
#include "lib/failing_world.h"
#include "lib/scratch.h"
#include "lib/short_memory.h"
#include "lib/sim_disk.h"
#include "lib/unit.h"
#include "state/sort/sort.h"

#include <dirent.h>
#include <errno.h>

enum { RECORDS = 40 * 1000 };

/* 0 to 150 bytes, few of them alike. */
static struct str record(uint64_t *state, char room[256]) {
    struct buf b = buf_over(room, 256);
    uint64_t r = sim_random(state);
    if (r % 50 == 0) return S("");
    buf_u64(&b, sim_random(state) % 5000);
    for (uint64_t i = 0; i < r % 143; i++) buf_putc(&b, (char)('a' + i % 7));
    return buf_str(&b);
}

static enum err fill(struct sorting *s, size_t n, uint64_t *sum, struct diag *d) {
    uint64_t state = 7;
    char room[256];
    for (size_t i = 0; i < n; i++) {
        struct str r = record(&state, room);
        *sum += r.n;
        enum err e = sort_put(s, r, d);
        if (e != ERR_OK) return e;
    }
    return ERR_OK;
}

/* All of it, in order; what the first error was. */
static enum err drain(struct sorting *s, size_t *count, uint64_t *sum, struct diag *d) {
    char last[256];
    struct str r, before = S("");
    enum err e;
    while ((e = sort_next(s, &r, d)) == ERR_OK) {
        assert_true(str_cmp(before, r) <= 0);
        memcpy(last, r.p, r.n);
        before = str_of(last, r.n);
        *count += 1, *sum += r.n;
    }
    return e;
}

static size_t files_in(const char *folder) {
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *e; (e = readdir(dir));) n += e->d_name[0] != '.' || strlen(e->d_name) > 2;
    closedir(dir);
    return n;
}

static void everything_comes_out_once_and_in_order(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 2, 1000, RECORDS}; /* the last is five runs of the least memory */
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        struct scratch folder;
        struct sorting *s = NULL;
        struct str r;
        uint64_t in = 0, out = 0;
        size_t count = 0;
        scratch_make(&folder);
        assert_int_equal(sort_open(&s, world_real(), folder.folder, 0, NULL), ERR_OK);
        assert_int_equal(fill(s, sizes[i], &in, NULL), ERR_OK);
        assert_int_equal(files_in(folder.folder), 0);
        assert_int_equal(drain(s, &count, &out, NULL), ERR_NOT_FOUND);
        assert_int_equal(sort_next(s, &r, NULL), ERR_NOT_FOUND);
        assert_true(count == sizes[i] && sort_count(s) == sizes[i] && in == out);
        sort_close(s);
        scratch_remove(&folder);
    }
}

static void a_record_is_as_long_as_the_limit_and_no_longer(void **state) {
    (void)state;
    static char long_one[SORT_RECORD_MAX + 1];
    struct scratch folder;
    struct sorting *s = NULL;
    struct str r;
    scratch_make(&folder);
    assert_int_equal(sort_open(&s, world_real(), folder.folder, 0, NULL), ERR_OK);
    assert_int_equal(sort_put(s, str_of(long_one, SORT_RECORD_MAX + 1), NULL), ERR_LIMIT);
    for (int i = 0; i < 600; i++) /* three runs */
        assert_int_equal(sort_put(s, str_of(long_one, SORT_RECORD_MAX), NULL), ERR_OK);
    for (int i = 0; i < 600; i++) assert_true(sort_next(s, &r, NULL) == ERR_OK && r.n == SORT_RECORD_MAX);
    sort_close(s);
    scratch_remove(&folder);
}

static void too_many_runs_are_refused(void **state) {
    (void)state;
    static char long_one[SORT_RECORD_MAX];
    struct scratch folder;
    struct sorting *s = NULL;
    struct diag d = {0};
    enum err e = ERR_OK;
    size_t n = 0;
    scratch_make(&folder);
    assert_int_equal(sort_open(&s, world_real(), folder.folder, 0, NULL), ERR_OK);
    for (; n < 400 * 1000 && e == ERR_OK; n++) e = sort_put(s, str_of(long_one, sizeof long_one), &d);
    assert_int_equal(e, ERR_LIMIT);
    assert_int_equal(n, (size_t)SORT_RUNS_MAX * (SORT_MEMORY_MIN / 4 * 3 / (SORT_RECORD_MAX + 4)) +
                            SORT_MEMORY_MIN / 4 * 3 / (SORT_RECORD_MAX + 4) + 1);
    sort_close(s);
    scratch_remove(&folder);
}

static void a_disk_that_fails_is_said_and_leaves_nothing(void **state) {
    (void)state;
    for (size_t nth = 1;; nth++) {
        struct scratch folder;
        struct failing_world failing;
        struct sorting *s = NULL;
        struct diag d = {0};
        uint64_t in = 0, out = 0;
        size_t count = 0;
        scratch_make(&folder);
        struct world *w = failing_world(&failing, nth, ENOSPC);
        assert_int_equal(sort_open(&s, w, folder.folder, 0, &d), ERR_OK);
        enum err e = fill(s, RECORDS, &in, &d);
        if (e == ERR_OK) e = drain(s, &count, &out, &d);
        sort_close(s);
        if (!failing.hit) {
            assert_true(e == ERR_NOT_FOUND && count == RECORDS && in == out && nth > 10);
            scratch_remove(&folder);
            return;
        }
        if (e != ERR_NOT_FOUND) assert_int_equal(e, d.err);
        else assert_int_equal(count, RECORDS); /* what failed was closing */
        scratch_remove(&folder);
    }
}

static void memory_that_fails_is_said(void **state) {
    (void)state;
    size_t nth = 1;
    for (bool hit = true; hit; nth++) {
        struct scratch folder;
        struct sorting *s = NULL;
        struct diag d = {0};
        uint64_t in = 0, out = 0;
        size_t count = 0;
        scratch_make(&folder);
        short_memory_from(nth);
        enum err e = sort_open(&s, world_real(), folder.folder, 0, &d);
        if (e == ERR_OK) e = fill(s, RECORDS / 4, &in, &d);
        if (e == ERR_OK) e = drain(s, &count, &out, &d);
        hit = short_memory_hit();
        if (hit) assert_int_equal(e, ERR_MEMORY);
        else assert_true(e == ERR_NOT_FOUND && count == RECORDS / 4);
        sort_close(s);
        scratch_remove(&folder);
    }
    assert_true(nth > 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_comes_out_once_and_in_order),
        cmocka_unit_test(a_record_is_as_long_as_the_limit_and_no_longer),
        cmocka_unit_test(too_many_runs_are_refused),
        cmocka_unit_test(a_disk_that_fails_is_said_and_leaves_nothing),
        cmocka_unit_test(memory_that_fails_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
