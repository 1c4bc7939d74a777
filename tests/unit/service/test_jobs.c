#include "lib/hostile.h"
#include "lib/sim_disk.h"
#include "lib/unit.h"
#include "service/jobs.h"
#include "state/store/store_key.h"

static struct store *store;
static struct sim_disk *disk;
static struct buf text;

static int begin(void **state) {
    (void)state;
    disk = sim_disk_new(1);
    buf_init(&text, JOB_TEXT_MAX);
    return store_open(&store, &(struct store_settings){.home = STORE_HOME_DESK}, NULL) == ERR_OK ? 0 : -1;
}

static int end(void **state) {
    (void)state;
    store_close(store);
    sim_disk_free(disk);
    buf_fini(&text);
    return 0;
}

enum { HOSPITAL = 1311234567 };
static const struct institution_code hospital = {HOSPITAL}, another = {2714206386};

static struct job submit(struct institution_code who, int64_t at_us, const char *asked) {
    struct job j = {.institution = who, .kind = 3, .submitted_us = at_us, .on = {20605}};
    assert_int_equal(job_submit(store, sim_disk_world(disk), &j, str_c(asked), NULL), ERR_OK);
    return j;
}

static void answer_next(const char *answered) {
    struct job j;
    assert_int_equal(job_next(store, &j, &text, NULL), ERR_OK);
    j.processed = 3, j.normal = 2, j.errors = 1;
    assert_int_equal(job_answer(store, &j, str_c(answered), NULL), ERR_OK);
}

static void a_job_goes_its_way(void **state) {
    (void)state;
    struct job j = submit(hospital, 1000, "asked"), found, next;
    assert_int_equal(strlen(j.reception), 26);
    assert_int_equal(job_find(store, hospital, str_c(j.reception), &found, NULL), ERR_OK);
    assert_true(found.state == JOB_WAITING && found.kind == 3 && found.submitted_us == 1000 && found.on.n == 20605 &&
                found.institution.n == HOSPITAL);
    assert_string_equal(found.reception, j.reception);
    assert_int_equal(job_hand_out(store, &found, &text, NULL), ERR_PENDING);
    assert_int_equal(job_next(store, &next, &text, NULL), ERR_OK);
    assert_str(buf_str(&text), S("asked"));
    assert_memory_equal(next.id, j.id, sizeof j.id);
    answer_next("answered");
    assert_int_equal(job_next(store, &next, &text, NULL), ERR_NOT_FOUND);
    assert_int_equal(job_find(store, hospital, str_c(j.reception), &found, NULL), ERR_OK);
    assert_true(found.state == JOB_ANSWERED && found.processed == 3 && found.normal == 2 && found.errors == 1);
    assert_int_equal(job_hand_out(store, &found, &text, NULL), ERR_OK);
    assert_str(buf_str(&text), S("answered"));
    /* and no second time: neither with what was found before nor found again */
    assert_int_equal(job_hand_out(store, &found, &text, NULL), ERR_HANDED_OUT);
    assert_int_equal(job_find(store, hospital, str_c(j.reception), &found, NULL), ERR_OK);
    assert_int_equal(job_hand_out(store, &found, &text, NULL), ERR_HANDED_OUT);
    assert_int_equal(store_count(store, STORE_JOB_TEXT), 0);
}

static void a_job_is_its_institutions_own(void **state) {
    (void)state;
    struct job j = submit(hospital, 1000, "asked"), found;
    static const char *const strange[] = {"", "x", "19700101090000", "123456789012345678901234567890123"};
    assert_int_equal(job_find(store, another, str_c(j.reception), &found, NULL), ERR_NOT_FOUND);
    for (size_t i = 0; i < ARRAY_LEN(strange); i++)
        row_check(job_find(store, hospital, str_c(strange[i]), &found, NULL) == ERR_NOT_FOUND, strange[i]);
    assert_int_equal(job_find(store, hospital, str_of(j.reception, strlen(j.reception) - 1), &found, NULL),
                     ERR_NOT_FOUND);
    char zero[RECEPTION_MAX] = {0};
    assert_int_equal(job_find(store, hospital, str_of(zero, sizeof zero), &found, NULL), ERR_NOT_FOUND);
}

static void the_oldest_is_worked_first_whoever_sent_it(void **state) {
    (void)state;
    (void)submit(hospital, 3000, "third"), (void)submit(another, 1000, "first"), (void)submit(hospital, 2000, "second");
    static const char *const order[] = {"first", "second", "third"};
    for (size_t i = 0; i < 3; i++) {
        struct job j;
        assert_int_equal(job_next(store, &j, &text, NULL), ERR_OK);
        assert_str(buf_str(&text), str_c(order[i]));
        answer_next("");
    }
}

static void too_many_of_one_institution_are_told_later(void **state) {
    (void)state;
    struct job j = {.institution = hospital}, first = submit(hospital, 1, "a");
    struct diag d = {0};
    for (unsigned i = 1; i < JOBS_WAITING_MAX; i++) (void)submit(hospital, i + 1, "a");
    assert_int_equal(job_submit(store, sim_disk_world(disk), &j, S("a"), &d), ERR_BUSY);
    (void)submit(another, 5000, "a"); /* the neighbour does not wait */
    answer_next("x");
    assert_int_equal(job_find(store, hospital, str_c(first.reception), &first, NULL), ERR_OK);
    assert_int_equal(job_submit(store, sim_disk_world(disk), &j, S("a"), &d),
                     ERR_BUSY); /* answered still waits to be fetched */
    assert_int_equal(job_hand_out(store, &first, &text, NULL), ERR_OK);
    assert_int_equal(job_submit(store, sim_disk_world(disk), &j, S("a"), &d), ERR_OK);
}

static void reception_numbers_are_not_to_be_guessed(void **state) {
    (void)state;
    char seen[JOBS_WAITING_MAX][RECEPTION_MAX + 1];
    for (size_t i = 0; i < JOBS_WAITING_MAX; i++) {
        struct job j = submit(hospital, 1676969315000000, "a");
        assert_true(str_starts(str_c(j.reception), S("20230221174835")));
        for (size_t k = 0; k < i; k++) assert_string_not_equal(seen[k], j.reception);
        memcpy(seen[i], j.reception, sizeof seen[i]);
    }
}

static void old_jobs_are_forgotten_with_their_texts(void **state) {
    (void)state;
    const int64_t day_us = 86400ll * 1000000;
    struct job found, old = submit(hospital, 0, "old"), edge = submit(another, day_us, "edge"),
                      young = submit(hospital, 2 * day_us, "young");
    assert_int_equal(jobs_sweep(store, 2 * day_us, NULL), ERR_OK);
    assert_int_equal(job_find(store, hospital, str_c(old.reception), &found, NULL), ERR_NOT_FOUND);
    assert_int_equal(job_find(store, another, str_c(edge.reception), &found, NULL), ERR_OK);
    assert_int_equal(job_find(store, hospital, str_c(young.reception), &found, NULL), ERR_OK);
    assert_int_equal(store_count(store, STORE_JOB), 2);
    assert_int_equal(store_count(store, STORE_JOB_TEXT), 2);
    assert_int_equal(jobs_sweep(store, 0, NULL), ERR_OK); /* a clock set back forgets nothing */
    assert_int_equal(store_count(store, STORE_JOB), 2);
}

static struct str key_of(const struct job *j, struct buf *key) {
    buf_reset(key);
    buf_u64_big(key, j->institution.n), buf_put(key, str_c(j->reception));
    return buf_str(key);
}

static struct job sought;
static size_t whole;
static void feed(void *context, struct str value) {
    struct buf *key = context;
    struct store_txn *t = NULL;
    struct job j;
    assert_int_equal(store_begin(store, &t, NULL), ERR_OK);
    assert_int_equal(store_put(t, STORE_JOB, key_of(&sought, key), value, NULL), ERR_OK);
    assert_int_equal(store_commit(t, NULL), ERR_OK);
    enum err e = job_find(store, hospital, str_c(sought.reception), &j, NULL);
    assert_true(e == ERR_OK || e == ERR_CORRUPT);
    if (e == ERR_OK) assert_int_equal(value.n, whole);
    e = job_next(store, &j, &text, NULL);
    assert_true(e == ERR_OK || e == ERR_CORRUPT || e == ERR_NOT_FOUND);
}

static void damaged_rows_are_refused_or_harmless(void **state) {
    (void)state;
    struct buf key, row;
    buf_init(&key, 64), buf_init(&row, 64);
    sought = submit(hospital, 1000, "asked");
    assert_int_equal(store_get(store, STORE_JOB, key_of(&sought, &key), &row, NULL), ERR_OK);
    whole = row.n;
    assert_true(hostile_all(buf_str(&row), feed, &key) > 300);
    buf_fini(&key), buf_fini(&row);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_job_goes_its_way),
        TEST(a_job_is_its_institutions_own),
        TEST(the_oldest_is_worked_first_whoever_sent_it),
        TEST(too_many_of_one_institution_are_told_later),
        TEST(reception_numbers_are_not_to_be_guessed),
        TEST(old_jobs_are_forgotten_with_their_texts),
        TEST(damaged_rows_are_refused_or_harmless),
    };
    return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
