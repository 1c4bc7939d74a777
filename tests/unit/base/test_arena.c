#include "base/arena.h"
#include "lib/short_memory.h"
#include "lib/unit.h"

#include <stdalign.h>

static bool zeroed(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0) return false;
    return true;
}

static void memory_is_zeroed_aligned_and_ones_own(void **state) {
    static const size_t sizes[] = {1, 3, 16, 17, 1000, 16 * 1024, 100000, 1};
    struct arena a;
    char *got[ARRAY_LEN(sizes)];
    (void)state;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        got[i] = arena_new(&a, sizes[i]);
        assert_non_null(got[i]);
        assert_int_equal((uintptr_t)got[i] % alignof(max_align_t), 0);
        assert_true(zeroed(got[i], sizes[i]));
        memset(got[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        for (size_t k = 0; k < sizes[i]; k++) assert_int_equal(got[i][k], i + 1);
    arena_fini(&a);
}

static void past_the_limit_there_is_no_more(void **state) {
    struct arena a;
    (void)state;
    arena_init(&a, 64);
    assert_non_null(arena_new(&a, 48));
    assert_null(arena_new(&a, 17));
    assert_non_null(arena_new(&a, 16));
    assert_null(arena_new(&a, 1));
    assert_null(arena_new(&a, SIZE_MAX));
    arena_reset(&a);
    assert_non_null(arena_new(&a, 64));
    arena_fini(&a);
}

static void the_largest_limit_does_not_wrap_around(void **state) {
    struct arena a;
    (void)state;
    arena_init(&a, SIZE_MAX);
    assert_non_null(arena_new(&a, 16));
    assert_null(arena_new(&a, SIZE_MAX));
    assert_null(arena_new(&a, SIZE_MAX - 8));
    assert_null(arena_new(&a, SIZE_MAX - 16));
    assert_non_null(arena_new(&a, 16));
    arena_fini(&a);
}

static void nothing_is_something_too(void **state) {
    struct arena a;
    (void)state;
    arena_init(&a, 64);
    char *p = arena_new(&a, 0), *q = arena_new(&a, 0);
    assert_true(p && q && p != q); /* NULL means only that there is no memory */
    arena_fini(&a);
}

static void after_a_reset_memory_is_zeroed_again(void **state) {
    struct arena a;
    (void)state;
    arena_init(&a, 1 << 20);
    for (int round = 0; round < 3; round++) {
        char *p = arena_new(&a, 40000), *q = arena_new(&a, 100);
        assert_true(p && q && zeroed(p, 40000) && zeroed(q, 100));
        memset(p, 'x', 40000), memset(q, 'x', 100);
        arena_reset(&a);
    }
    arena_fini(&a);
}

static void a_copy_is_ones_own_and_an_empty_one_is_not_a_failure(void **state) {
    char text[] = "abc";
    struct arena a;
    (void)state;
    arena_init(&a, 100);
    struct str copy = arena_copy(&a, str_c(text)), empty = arena_copy(&a, (struct str){0});
    text[0] = 'x';
    assert_str(copy, S("abc"));
    assert_int_equal(copy.p[3], 0);
    assert_non_null(empty.p);
    assert_int_equal(empty.n, 0);
    arena_fini(&a);
}

static void a_copy_longer_than_the_limit_is_refused(void **state) {
    struct arena a;
    (void)state;
    arena_init(&a, 8);
    assert_null(arena_copy(&a, S("123456789")).p);
    assert_null(arena_copy(&a, S("12345678")).p); /* its end needs a byte too */
    arena_fini(&a);
    arena_init(&a, SIZE_MAX);
    assert_non_null(arena_new(&a, 1));
    assert_null(arena_copy(&a, str_of("x", SIZE_MAX)).p); /* the length plus its end would wrap around to nothing */
    arena_fini(&a);
}

static void without_memory_it_says_so_and_goes_on_later(void **state) {
    struct arena a;
    (void)state;
    arena_init(&a, 1 << 20);
    short_memory_from(1);
    assert_null(arena_new(&a, 10));
    assert_true(short_memory_hit());
    assert_non_null(arena_new(&a, 10));
    short_memory_from(1);
    assert_null(arena_new(&a, 100000));
    assert_true(short_memory_hit());
    assert_non_null(arena_new(&a, 100000));
    arena_fini(&a);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_ones_own),
        cmocka_unit_test(past_the_limit_there_is_no_more),
        cmocka_unit_test(the_largest_limit_does_not_wrap_around),
        cmocka_unit_test(nothing_is_something_too),
        cmocka_unit_test(after_a_reset_memory_is_zeroed_again),
        cmocka_unit_test(a_copy_is_ones_own_and_an_empty_one_is_not_a_failure),
        cmocka_unit_test(a_copy_longer_than_the_limit_is_refused),
        cmocka_unit_test(without_memory_it_says_so_and_goes_on_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
