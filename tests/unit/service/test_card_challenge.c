#include "lib/scratch.h"
#include "lib/sim_disk.h"
#include "lib/unit.h"
#include "service/card_challenge.h"

static struct store *store;
static struct sim_disk *disk;
static struct world *world;
static int64_t now_us;
static int64_t now(struct world *w) { return (void)w, now_us; }

static int begin(void **state) {
    (void)state;
    now_us = 1780300800000000;
    disk = sim_disk_new(1), world = sim_disk_world(disk), world->now_us = now;
    return store_open(&store, &(struct store_settings){.home = STORE_HOME_DESK}, NULL) == ERR_OK ? 0 : -1;
}
static int end(void **state) {
    (void)state;
    store_close(store), sim_disk_free(disk);
    return 0;
}

static const struct institution_code hospital = {1311234567}, another = {2714206386};

static struct str issue(uint8_t room[CARD_CHALLENGE_BYTES]) {
    assert_int_equal(card_challenge_issue(store, world, hospital, S("visit 1"), room, NULL), ERR_OK);
    return str_of(room, CARD_CHALLENGE_BYTES);
}

static enum card_challenge_state use(struct institution_code who, const char *visit, struct str challenge) {
    enum card_challenge_state s;
    assert_int_equal(card_challenge_use(store, now_us, who, str_c(visit), challenge, &s, NULL), ERR_OK);
    return s;
}

static void a_challenge_serves_once(void **state) {
    (void)state;
    uint8_t a[64], b[64];
    struct str first = issue(a), second = issue(b);
    assert_memory_not_equal(a, b, 64);
    assert_int_equal(use(hospital, "visit 1", first), CHALLENGE_FRESH);
    assert_int_equal(use(hospital, "visit 1", first), CHALLENGE_USED);
    assert_int_equal(use(hospital, "visit 1", second), CHALLENGE_FRESH);
}

static void another_institution_can_neither_use_nor_spend_it(void **state) {
    (void)state;
    uint8_t a[64];
    struct str challenge = issue(a);
    assert_int_equal(use(another, "visit 1", challenge), CHALLENGE_STRANGE);
    assert_int_equal(use(hospital, "visit 1", challenge), CHALLENGE_FRESH);
}

static void another_visit_does_not_get_it_and_spends_it(void **state) {
    (void)state;
    uint8_t a[64];
    struct str challenge = issue(a);
    assert_int_equal(use(hospital, "visit 2", challenge), CHALLENGE_STRANGE);
    assert_int_equal(use(hospital, "visit 1", challenge), CHALLENGE_USED);
}

static void what_was_never_issued_is_strange(void **state) {
    (void)state;
    uint8_t a[64];
    struct str challenge = issue(a);
    for (size_t i = 0; i < 64; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            a[i] ^= (uint8_t)(1u << bit);
            assert_int_equal(use(hospital, "visit 1", challenge), CHALLENGE_STRANGE);
            a[i] ^= (uint8_t)(1u << bit);
        }
    for (size_t n = 0; n < 64; n++)
        assert_int_equal(use(hospital, "visit 1", str_head(challenge, n)), CHALLENGE_STRANGE);
    assert_int_equal(use(hospital, "visit 1", challenge), CHALLENGE_FRESH);
}

static void its_time_runs_out_also_with_a_clock_that_was_set_back(void **state) {
    (void)state;
    static const struct {
        int64_t later_s;
        enum card_challenge_state want;
    } rows[] = {{0, CHALLENGE_FRESH},    {120, CHALLENGE_FRESH}, {121, CHALLENGE_LATE},
                {86400, CHALLENGE_LATE}, {-4, CHALLENGE_FRESH},  {-3600, CHALLENGE_LATE}};
    int64_t start = now_us;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        uint8_t a[64];
        now_us = start;
        struct str challenge = issue(a);
        now_us = start + rows[i].later_s * 1000000;
        assert_int_equal(use(hospital, "visit 1", challenge), rows[i].want);
        assert_int_equal(use(hospital, "visit 1", challenge), CHALLENGE_USED);
    }
}

static void one_institution_has_only_so_many_open(void **state) {
    (void)state;
    uint8_t a[64], more[64];
    struct str first = issue(a);
    for (unsigned i = 1; i < CARD_CHALLENGES_OPEN_MAX; i++) (void)issue(more);
    assert_int_equal(card_challenge_issue(store, world, hospital, S("v"), more, NULL), ERR_BUSY);
    assert_int_equal(card_challenge_issue(store, world, another, S("v"), more, NULL), ERR_OK);
    assert_int_equal(use(hospital, "visit 1", first), CHALLENGE_FRESH);
    assert_int_equal(card_challenge_issue(store, world, hospital, S("v"), more, NULL), ERR_OK);
    now_us += 121 * INT64_C(1000000); /* late ones are open no more */
    assert_int_equal(card_challenge_issue(store, world, hospital, S("v"), more, NULL), ERR_OK);
}

static void a_visit_has_a_name(void **state) {
    (void)state;
    uint8_t a[64];
    char longer[CARD_VISIT_MAX + 1];
    memset(longer, 'v', sizeof longer);
    assert_int_equal(card_challenge_issue(store, world, hospital, S(""), a, NULL), ERR_LIMIT);
    assert_int_equal(card_challenge_issue(store, world, hospital, str_of(longer, sizeof longer), a, NULL), ERR_LIMIT);
    assert_int_equal(card_challenge_issue(store, world, hospital, str_of(longer, CARD_VISIT_MAX), a, NULL), ERR_OK);
}

static void late_ones_are_forgotten_and_stay_unusable(void **state) {
    (void)state;
    uint8_t a[64], b[64];
    struct str used = issue(a), unused = issue(b);
    assert_int_equal(use(hospital, "visit 1", used), CHALLENGE_FRESH);
    assert_int_equal(card_challenge_sweep(store, now_us, NULL), ERR_OK);
    assert_int_equal(use(hospital, "visit 1", used), CHALLENGE_USED);
    assert_int_equal(store_count(store, STORE_CHALLENGE), 2);
    assert_int_equal(card_challenge_sweep(store, now_us + 121 * INT64_C(1000000), NULL), ERR_OK);
    assert_int_equal(store_count(store, STORE_CHALLENGE), 0);
    assert_int_equal(use(hospital, "visit 1", used), CHALLENGE_STRANGE);
    assert_int_equal(use(hospital, "visit 1", unused), CHALLENGE_STRANGE);
}

/* The process ends without a word after each step; what was used is used. */
static void it_stays_used_when_the_process_ends(void **state) {
    (void)state;
    struct scratch scratch;
    char folder[SCRATCH_PATH_MAX];
    uint8_t a[64];
    scratch_make(&scratch);
    const struct store_settings s = {.home = STORE_HOME_DESK,
                                     .folder = scratch_path(&scratch, "desk", folder),
                                     .write = true,
                                     .map_bytes = 16 << 20};
    store_close(store);
    assert_int_equal(store_open(&store, &s, NULL), ERR_OK);
    struct str challenge = issue(a);
    store_close(store);
    assert_int_equal(store_open(&store, &s, NULL), ERR_OK);
    assert_int_equal(use(hospital, "visit 1", challenge), CHALLENGE_FRESH);
    store_close(store);
    assert_int_equal(store_open(&store, &s, NULL), ERR_OK);
    assert_int_equal(use(hospital, "visit 1", challenge), CHALLENGE_USED);
    scratch_remove(&scratch);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_challenge_serves_once),
        TEST(another_institution_can_neither_use_nor_spend_it),
        TEST(another_visit_does_not_get_it_and_spends_it),
        TEST(what_was_never_issued_is_strange),
        TEST(its_time_runs_out_also_with_a_clock_that_was_set_back),
        TEST(one_institution_has_only_so_many_open),
        TEST(a_visit_has_a_name),
        TEST(late_ones_are_forgotten_and_stay_unusable),
        TEST(it_stays_used_when_the_process_ends),
    };
    return cmocka_run_group_tests_name("card challenge", tests, NULL, NULL);
}
