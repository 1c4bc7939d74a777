#include "lib/hostile.h"
#include "lib/sim_disk.h"
#include "lib/unit.h"
#include "service/outbox.h"

#include <errno.h>

/* Entries are keys of rows: one is true when its row is there. */
static enum err apply(struct store_txn *t, struct str entry, struct diag *d) {
    if (entry.n == 0 || str_eq(entry, S("bad"))) return diag_set(d, ERR_CORRUPT, "entry", NULL);
    return store_put(t, STORE_PAPER, entry, S("yes"), d);
}

static struct sim_disk *disk;
static struct outbox box;
static struct diag diag;

static int begin(void **state) {
    (void)state;
    disk = sim_disk_new(1);
    box = (struct outbox){sim_disk_world(disk), NULL, "papers", apply};
    return store_open(&box.ways, &(struct store_settings){.home = STORE_HOME_WAYS}, NULL) == ERR_OK ? 0 : -1;
}
static int end(void **state) {
    (void)state;
    store_close(box.ways);
    sim_disk_free(disk);
    return 0;
}

static bool is_true(const char *entry) {
    char room[16];
    struct buf b = buf_over(room, sizeof room);
    return store_get(box.ways, STORE_PAPER, str_c(entry), &b, NULL) == ERR_OK;
}
static bool noted(void) {
    struct buf b;
    buf_init(&b, 1 << 16);
    bool yes = store_get(box.ways, STORE_WAYS_META, S("papers"), &b, NULL) == ERR_OK;
    buf_fini(&b);
    return yes;
}
static enum err send_two(void) {
    char room[64];
    struct buf entries = buf_over(room, sizeof room);
    outbox_add(&entries, S("a"));
    outbox_add(&entries, S("b"));
    return outbox_send(&box, "file", S("two papers"), buf_str(&entries), &diag);
}

static void with_the_file_there_its_entries_are_true(void **state) {
    (void)state;
    assert_int_equal(send_two(), ERR_OK);
    assert_true(is_true("a") && is_true("b") && !noted());
    size_t n = 0;
    char *bytes = sim_disk_file(disk, "file", &n);
    assert_str(str_of(bytes, n), S("two papers"));
    assert_int_equal(outbox_settle(&box, &diag), ERR_OK); /* there is nothing left to settle */
}

/* Whatever the disk refuses, the next one finds both or neither. */
static void a_file_that_failed_is_settled_by_the_next(void **state) {
    static const enum sim_kind kinds[] = {SIM_OPEN, SIM_WRITE, SIM_SYNC, SIM_RENAME, SIM_SYNC_FOLDER};
    size_t with = 0, without = 0;
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        sim_disk_fail(disk, kinds[k], 1, EIO);
        assert_true(send_two() != ERR_OK);
        assert_true(!is_true("a") && noted());
        size_t n = 0;
        bool there = sim_disk_file(disk, "file", &n) != NULL;
        assert_int_equal(outbox_settle(&box, &diag), ERR_OK);
        assert_true(is_true("a") == there && is_true("b") == there && !noted());
        with += there, without += !there;
        end(state), begin(state);
    }
    assert_true(with && without);
}

static void another_file_by_that_name_makes_nothing_true(void **state) {
    (void)state;
    sim_disk_fail(disk, SIM_SYNC_FOLDER, 1, EIO);
    assert_true(send_two() != ERR_OK);
    size_t n = 0;
    sim_disk_file(disk, "file", &n)[0] ^= 1;
    assert_int_equal(outbox_settle(&box, &diag), ERR_OK);
    assert_true(!is_true("a") && !noted());
}

static void an_entry_that_cannot_be_made_true_leaves_the_note(void **state) {
    char room[64];
    struct buf entries = buf_over(room, sizeof room);
    (void)state;
    outbox_add(&entries, S("a"));
    outbox_add(&entries, S("bad"));
    assert_int_equal(outbox_send(&box, "file", S("two papers"), buf_str(&entries), &diag), ERR_CORRUPT);
    assert_true(!is_true("a") && noted());
    assert_int_equal(outbox_settle(&box, &diag), ERR_CORRUPT);
}

static void put_note(struct str note) {
    struct store_txn *t = NULL;
    assert_int_equal(store_begin(box.ways, &t, NULL), ERR_OK);
    assert_int_equal(store_put(t, STORE_WAYS_META, S("papers"), note, NULL), ERR_OK);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
}

static void feed(void *context, struct str note) {
    (void)context;
    put_note(note);
    enum err e = outbox_settle(&box, &diag);
    assert_true(e == ERR_OK || e == ERR_CORRUPT);
    if (e == ERR_OK) assert_false(noted());
}

static void a_damaged_note_is_said_or_makes_nothing_true(void **state) {
    (void)state;
    struct buf note;
    buf_init(&note, 1 << 16);
    sim_disk_fail(disk, SIM_SYNC_FOLDER, 1, EIO);
    assert_true(send_two() != ERR_OK);
    assert_int_equal(store_get(box.ways, STORE_WAYS_META, S("papers"), &note, NULL), ERR_OK);
    assert_true(hostile_truncations(buf_str(&note), feed, NULL) > 30);
    assert_false(is_true("a"));
    assert_true(hostile_bit_flips(buf_str(&note), feed, NULL) > 300);
    buf_fini(&note);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(with_the_file_there_its_entries_are_true),     TEST(a_file_that_failed_is_settled_by_the_next),
        TEST(another_file_by_that_name_makes_nothing_true), TEST(an_entry_that_cannot_be_made_true_leaves_the_note),
        TEST(a_damaged_note_is_said_or_makes_nothing_true),
    };
    return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
