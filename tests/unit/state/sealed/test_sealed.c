/* Sealed values: there and whole, or not there. */
#include "lib/failing_world.h"
#include "lib/hostile.h"
#include "lib/scratch.h"
#include "lib/unit.h"
#include "state/sealed/sealed.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <unistd.h>

struct fixture {
    struct scratch scratch;
    char folder[SCRATCH_PATH_MAX];
    struct sealed *s;
    struct buf out;
};

static const uint8_t mine[SEALED_KEY_BYTES] = {1}, yours[SEALED_KEY_BYTES] = {2};

static int begin(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    if (sodium_init() < 0) return -1;
    scratch_make(&f->scratch);
    scratch_path(&f->scratch, "sealed", f->folder);
    buf_init(&f->out, 1 << 20);
    *state = f;
    return sealed_open(&f->s, world_real(), f->folder, mine, NULL) == ERR_OK ? 0 : -1;
}

static int end(void **state) {
    struct fixture *f = *state;
    sealed_close(f->s);
    buf_fini(&f->out);
    scratch_remove(&f->scratch);
    free(f);
    return 0;
}

static void again(struct fixture *f, const uint8_t key[SEALED_KEY_BYTES]) {
    sealed_close(f->s);
    assert_int_equal(sealed_open(&f->s, world_real(), f->folder, key, NULL), ERR_OK);
}

static void put(struct fixture *f, const char *key, const char *value, int64_t until_us, enum sealed_care care) {
    assert_int_equal(sealed_put(f->s, str_c(key), str_c(value), 5, until_us, care, NULL), ERR_OK);
}

/* The value at that time, or "-". */
static struct str get(struct fixture *f, const char *key, int64_t now_us) {
    int64_t at = 0;
    buf_reset(&f->out);
    enum err e = sealed_get(f->s, str_c(key), now_us, &f->out, &at);
    if (e == ERR_NOT_FOUND) return S("-");
    assert_int_equal(e, ERR_OK);
    assert_int_equal(at, 5);
    return buf_str(&f->out);
}

/* The nth file of the folder, by name. */
static void file_path(struct fixture *f, size_t nth, char out[SCRATCH_PATH_MAX + 300]) {
    struct dirent **names;
    int n = scandir(f->folder, &names, NULL, alphasort);
    assert_true(n >= 0 && (size_t)n > nth + 2);
    snprintf(out, SCRATCH_PATH_MAX + 300, "%s/%s", f->folder, names[nth + 2]->d_name);
    while (n--) free(names[n]);
    free(names);
}

static void a_value_is_there_until_it_is_over(void **state) {
    struct fixture *f = *state;
    for (int care = SEALED_SOON; care <= SEALED_DURABLE; care++) {
        put(f, "a", "one", 100, (enum sealed_care)care);
        assert_str(get(f, "a", 100), S("one"));
        assert_str(get(f, "a", 101), S("-"));
        assert_str(get(f, "b", 1), S("-"));
        put(f, "a", "", 200, (enum sealed_care)care);
        assert_str(get(f, "a", 101), S(""));
    }
    assert_int_equal(sealed_count(f->s), 1);
    again(f, mine);
    assert_int_equal(sealed_count(f->s), 1);
    assert_str(get(f, "a", 101), S(""));
    assert_int_equal(sealed_drop(f->s, S("a"), NULL), ERR_OK);
    assert_int_equal(sealed_drop(f->s, S("a"), NULL), ERR_OK);
    assert_str(get(f, "a", 101), S("-"));
    assert_int_equal(sealed_count(f->s), 0);
}

static void nothing_can_be_read_without_the_key(void **state) {
    struct fixture *f = *state;
    char path[SCRATCH_PATH_MAX + 300];
    put(f, "診療　太郎", "負担割合三割", 100, SEALED_DURABLE);
    file_path(f, 0, path);
    buf_reset(&f->out);
    assert_int_equal(world_read_file(world_real(), path, &f->out, NULL), ERR_OK);
    assert_true(str_find(buf_str(&f->out), S("負担")) == f->out.n);
    assert_true(strstr(path, "診療") == NULL);
    again(f, yours);
    assert_str(get(f, "診療　太郎", 1), S("-"));
    assert_int_equal(sealed_any(f->s, 1, &f->out, NULL), ERR_NOT_FOUND);
}

static void a_file_under_anothers_name_is_not_there(void **state) {
    struct fixture *f = *state;
    char one[SCRATCH_PATH_MAX + 300], two[SCRATCH_PATH_MAX + 300], kept[SCRATCH_PATH_MAX];
    put(f, "a", "one", 100, SEALED_DURABLE), put(f, "b", "two", 100, SEALED_DURABLE);
    file_path(f, 0, one), file_path(f, 1, two);
    scratch_path(&f->scratch, "kept", kept);
    assert_true(rename(one, kept) == 0 && rename(two, one) == 0 && rename(kept, two) == 0);
    assert_str(get(f, "a", 1), S("-"));
    assert_str(get(f, "b", 1), S("-"));
}

struct damage {
    struct fixture *f;
    char path[SCRATCH_PATH_MAX + 300];
};

static void with_damage(void *context, struct str bytes) {
    struct damage *d = context;
    FILE *file = fopen(d->path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, file), bytes.n);
    fclose(file);
    assert_str(get(d->f, "a", 1), S("-"));
}

static void a_damaged_file_is_not_there_and_goes(void **state) {
    struct fixture *f = *state;
    struct damage d = {.f = f};
    char room[4096];
    struct buf good;
    buf_init(&good, sizeof room);
    put(f, "a", "the value", 100, SEALED_DURABLE);
    file_path(f, 0, d.path);
    assert_int_equal(world_read_file(world_real(), d.path, &good, NULL), ERR_OK);
    assert_true(hostile_all(buf_str(&good), with_damage, &d) > 500); /* its times too: nothing can be made to last */
    assert_int_equal(sealed_sweep(f->s, 1), 1);
    assert_int_equal(sealed_count(f->s), 0);
    buf_fini(&good);
}

static void a_sweep_removes_what_is_over_and_what_a_crash_left(void **state) {
    struct fixture *f = *state;
    char left[SCRATCH_PATH_MAX], other[SCRATCH_PATH_MAX];
    put(f, "a", "one", 100, SEALED_DURABLE), put(f, "b", "two", 200, SEALED_SOON);
    scratch_path(&f->scratch, "sealed/00112233445566778899aabbccddeeff.tmp", left);
    scratch_path(&f->scratch, "sealed/somebody-elses", other);
    fclose(fopen(left, "w")), fclose(fopen(other, "w"));
    assert_int_equal(sealed_sweep(f->s, 150), 1);
    assert_str(get(f, "a", 1), S("-"));
    assert_str(get(f, "b", 150), S("two"));
    assert_true(access(left, F_OK) != 0 && access(other, F_OK) == 0);
}

static void any_value_is_found_until_all_are_gone(void **state) {
    struct fixture *f = *state;
    put(f, "a", "a", 100, SEALED_DURABLE), put(f, "b", "b", 100, SEALED_DURABLE), put(f, "c", "c", 10, SEALED_DURABLE);
    for (int i = 0; i < 2; i++) {
        char key[2] = "";
        int64_t at = 0;
        buf_reset(&f->out);
        assert_int_equal(sealed_any(f->s, 50, &f->out, &at), ERR_OK);
        assert_true(f->out.n == 1 && at == 5);
        key[0] = f->out.p[0];
        assert_int_equal(sealed_drop(f->s, str_c(key), NULL), ERR_OK);
    }
    assert_int_equal(sealed_any(f->s, 50, &f->out, NULL), ERR_NOT_FOUND);
}

static void a_round_meets_each_value_once(void **state) {
    struct fixture *f = *state;
    char name[SEALED_NAME + 1] = "", key[8], last[SEALED_NAME + 1] = "";
    bool met[9] = {0};
    assert_int_equal(sealed_next(f->s, name, 10, &f->out, NULL), ERR_NOT_FOUND);
    for (int i = 0; i < 9; i++) {
        snprintf(key, sizeof key, "%d", i);
        put(f, key, key, i == 4 ? 9 : 100, SEALED_SOON); /* the fifth is over */
    }
    size_t n = 0;
    int64_t at = 0;
    for (; sealed_next(f->s, name, 10, &f->out, &at) == ERR_OK; n++) {
        assert_true(strcmp(name, last) > 0 && f->out.n == 1 && at == 5);
        memcpy(last, name, sizeof last);
        met[f->out.p[0] - '0'] = true;
        if (n == 3) assert_int_equal(sealed_drop(f->s, buf_str(&f->out), NULL), ERR_OK); /* what is met may go */
    }
    assert_int_equal(n, 8);
    for (int i = 0; i < 9; i++) assert_int_equal(met[i], i != 4);
}

static void too_large_a_value_is_refused(void **state) {
    struct fixture *f = *state;
    char *big = calloc(1, SEALED_VALUE_MAX + 1);
    struct diag d = {0};
    assert_int_equal(sealed_put(f->s, S("a"), str_of(big, SEALED_VALUE_MAX), 5, 9, SEALED_SOON, NULL), ERR_OK);
    assert_int_equal(sealed_put(f->s, S("a"), str_of(big, SEALED_VALUE_MAX + 1), 5, 9, SEALED_SOON, &d), ERR_LIMIT);
    free(big);
}

static void a_disk_that_fails_leaves_the_old_value_or_the_new(void **state) {
    struct fixture *f = *state;
    for (int care = SEALED_SOON; care <= SEALED_DURABLE; care++) {
        enum err e = ERR_IO;
        for (size_t nth = 1; e != ERR_OK; nth++) {
            struct failing_world failing;
            put(f, "a", "old", 100, SEALED_DURABLE);
            sealed_close(f->s);
            struct world *w = failing_world(&failing, nth, ENOSPC);
            f->s = NULL;
            if (sealed_open(&f->s, w, f->folder, mine, NULL) == ERR_OK)
                e = sealed_put(f->s, S("a"), S("new"), 5, 100, (enum sealed_care)care, NULL);
            again(f, mine);
            struct str got = get(f, "a", 1);
            assert_true(str_eq(got, S("new")) || (e != ERR_OK && str_eq(got, S("old"))));
            assert_true(nth < 30);
        }
    }
}

int main(void) {
#define WITH(t) cmocka_unit_test_setup_teardown(t, begin, end)
    const struct CMUnitTest tests[] = {
        WITH(a_value_is_there_until_it_is_over),
        WITH(nothing_can_be_read_without_the_key),
        WITH(a_file_under_anothers_name_is_not_there),
        WITH(a_damaged_file_is_not_there_and_goes),
        WITH(a_sweep_removes_what_is_over_and_what_a_crash_left),
        WITH(any_value_is_found_until_all_are_gone),
        WITH(a_round_meets_each_value_once),
        WITH(too_large_a_value_is_refused),
        WITH(a_disk_that_fails_leaves_the_old_value_or_the_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
