/* The shelf of lists: versions stay, the newest counts, a damaged one is noticed, and a cut at any disk operation leaves what counted before or the new one, whole. */
#include "edge/official/shelf.h"
#include "lib/failing_world.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#include <errno.h>
#include <sodium.h>
#include <unistd.h>

#define TOWNS  "T\t1980036\t東京都\t青梅市\t河辺町\n"
#define TOWNS2 "T\t1980037\t東京都\t青梅市\t東青梅\n"
#define KANJI  "K\t9ad9\t9ad8\t3\n"

static struct scratch scratch;

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    return sodium_init() < 0 ? -1 : 0;
}
static int end(void **state) {
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

static enum err put(struct world *w, enum official_list list, const char *kept, struct diag *d) {
    struct shelf s;
    TRY(shelf_read(&s, w, scratch.folder, d));
    return shelf_put(&s, w, scratch.folder, list, str_c(kept), 1, d);
}

static enum err load(struct official_book *b, struct diag *d) {
    official_book_init(b);
    return shelf_load(world_real(), scratch.folder, b, d);
}

static void the_newest_version_counts_and_the_older_stays(void **state) {
    (void)state;
    struct official_book b;
    struct shelf s;
    struct diag d = {0};
    assert_int_equal(load(&b, &d), ERR_NOT_FOUND);
    official_book_fini(&b);
    assert_int_equal(put(world_real(), OFFICIAL_KEN_ALL, TOWNS, &d), ERR_OK);
    assert_int_equal(put(world_real(), OFFICIAL_MJ, KANJI, &d), ERR_OK);
    assert_int_equal(put(world_real(), OFFICIAL_KEN_ALL, TOWNS2, &d), ERR_OK);
    assert_int_equal(load(&b, &d), ERR_OK);
    assert_int_equal(b.view.town_count, 1);
    assert_str(b.view.towns[0].town, S("東青梅"));
    assert_int_equal(b.view.pair_count, 2);
    official_book_fini(&b);
    assert_true(scratch_holds(&scratch, S(TOWNS)));
    assert_int_equal(shelf_read(&s, world_real(), scratch.folder, &d), ERR_OK);
    assert_true(s.of[OFFICIAL_MJ].there && !s.of[OFFICIAL_NTA].there && s.of[OFFICIAL_KEN_ALL].rows == 1);
}

static void a_list_that_is_not_its_version_is_noticed(void **state) {
    (void)state;
    struct official_book b;
    struct shelf s;
    struct diag d = {0};
    char name[128];
    assert_int_equal(put(world_real(), OFFICIAL_KEN_ALL, TOWNS, &d), ERR_OK);
    assert_int_equal(shelf_read(&s, world_real(), scratch.folder, &d), ERR_OK);
    snprintf(name, sizeof name, "official/post-codes-%s.tsv", s.of[OFFICIAL_KEN_ALL].version);
    scratch_write(&scratch, name, S(TOWNS2));
    assert_int_equal(load(&b, &d), ERR_CORRUPT);
    official_book_fini(&b);
    char path[SCRATCH_PATH_MAX];
    assert_int_equal(unlink(scratch_path(&scratch, name, path)), 0);
    assert_int_equal(load(&b, &d), ERR_CORRUPT);
    official_book_fini(&b);
    static const char *const wrong[] = {
        "",
        "[]",
        "{}",
        "{\"lists\":[1]}",
        "{\"lists\":[{\"list\":\"post-codes\",\"version\":\"../../x\",\"rows\":1}]}",
        "{\"lists\":[{\"list\":\"post-codes\",\"version\":\"../../../../../x\",\"rows\":1}]}"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        scratch_write(&scratch, "official/current.json", str_c(wrong[i]));
        row_check(shelf_read(&s, world_real(), scratch.folder, &d) == ERR_CORRUPT, wrong[i]);
    }
}

static void a_cut_at_any_disk_operation_leaves_the_old_or_the_new(void **state) {
    (void)state;
    bool failed = true;
    struct diag d = {0};
    assert_int_equal(put(world_real(), OFFICIAL_KEN_ALL, TOWNS, &d), ERR_OK);
    for (size_t nth = 1; failed; nth++) {
        struct failing_world f;
        struct official_book b;
        struct world *w = failing_world(&f, nth, EIO);
        enum err e = put(w, OFFICIAL_KEN_ALL, TOWNS2, &d);
        failed = f.hit;
        if (!failed) assert_int_equal(e, ERR_OK);
        assert_int_equal(load(&b, &d), ERR_OK);
        assert_int_equal(b.view.town_count, 1);
        if (e == ERR_OK) assert_str(b.view.towns[0].town, S("東青梅"));
        official_book_fini(&b);
        assert_true(nth < 100);
        assert_int_equal(put(world_real(), OFFICIAL_KEN_ALL, TOWNS, &d), ERR_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_newest_version_counts_and_the_older_stays, begin, end),
        cmocka_unit_test_setup_teardown(a_list_that_is_not_its_version_is_noticed, begin, end),
        cmocka_unit_test_setup_teardown(a_cut_at_any_disk_operation_leaves_the_old_or_the_new, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
