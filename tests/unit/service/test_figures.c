#include "lib/unit.h"

#include "service/figures.h"
#include "state/ledger/ledger.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char store[64];

static int make_store(void **state) {
    char run[80];
    (void)state;
    snprintf(store, sizeof store, "/tmp/test_figures.XXXXXX");
    if (mkdtemp(store) == NULL) return 1;
    snprintf(run, sizeof run, "%s/run", store);
    return mkdir(run, 0700);
}

static int drop_store(void **state) {
    char run[80];
    (void)state;
    figures_forget(store);
    snprintf(run, sizeof run, "%s/run", store);
    return rmdir(run) || rmdir(store);
}

static struct figures opened(unsigned slot) {
    struct figures f;
    assert_int_equal(figures_open(&f, store, slot, 1000 + slot, NULL), ERR_OK);
    return f;
}

static struct figures_sum sum_of(const struct figures *f) {
    struct figures_sum s;
    figures_sum(f, &s);
    return s;
}

static void workers_are_added_up(void **state) {
    struct figures a = opened(1), b = opened(3);
    (void)state;
    assert_true(a.shared && b.shared);
    figures_asked(&a, DOOR_JSON), figures_asked(&b, DOOR_JSON), figures_asked(&b, DOOR_FHIR);
    figures_answered(&a, VALID), figures_settled(&a);
    figures_refused(&b, ERR_CHECK_DIGIT), figures_settled(&b);
    struct figures_sum s = sum_of(&a);
    assert_int_equal(s.questions[DOOR_JSON], 2);
    assert_int_equal(s.questions[DOOR_FHIR], 1);
    assert_int_equal(s.answers[VALID], 1);
    assert_int_equal(s.refusals[ERR_CHECK_DIGIT], 1);
    assert_int_equal(s.owed[0], 1);
    assert_int_equal(s.started_us, 1001);
    figures_close(&a), figures_close(&b);
}

static void counts_survive_a_reload_and_levels_do_not(void **state) {
    struct figures a = opened(1), reader = opened(2);
    struct ledger_figures log = {.records = 5, .commits = 2, .waiting = 3, .broken = true};
    (void)state;
    figures_asked(&a, DOOR_JSON);
    figures_log(&a, &log);
    assert_int_equal(sum_of(&reader).ledger_broken[0], 1);
    figures_close(&a);
    struct figures_sum between = sum_of(&reader);
    assert_int_equal(between.questions[DOOR_JSON], 1);
    assert_int_equal(between.owed[0], 0);
    assert_int_equal(between.ledger_records[0], 5);
    assert_int_equal(between.ledger_waiting[0], 0);
    assert_int_equal(between.ledger_broken[0], 0);
    a = opened(1);
    log = (struct ledger_figures){.records = 2, .commits = 1};
    figures_log(&a, &log);
    assert_int_equal(sum_of(&reader).ledger_records[0], 7);
    assert_int_equal(sum_of(&reader).ledger_commits[0], 3);
    figures_close(&a), figures_close(&reader);
}

static void a_worker_that_was_killed_leaves_its_counts(void **state) {
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct figures f;
        if (figures_open(&f, store, 1, 7, NULL) != ERR_OK) _exit(1);
        figures_asked(&f, DOOR_JSON);
        kill(getpid(), SIGKILL);
    }
    int status;
    waitpid(child, &status, 0);
    struct figures next = opened(1);
    assert_int_equal(sum_of(&next).questions[DOOR_JSON], 1);
    assert_int_equal(sum_of(&next).owed[0], 0);
    figures_close(&next);
}

static void a_fresh_server_begins_from_zero(void **state) {
    struct figures a = opened(1);
    (void)state;
    figures_asked(&a, DOOR_JSON);
    figures_close(&a);
    figures_forget(store);
    a = opened(2);
    assert_int_equal(sum_of(&a).questions[DOOR_JSON], 0);
    assert_int_equal(sum_of(&a).started_us, 1002);
    figures_close(&a);
}

static void what_cannot_be_shared_is_counted_alone(void **state) {
    struct figures f;
    (void)state;
    assert_int_equal(figures_open(&f, "/nonexistent", 1, 7, NULL), ERR_OK);
    assert_false(f.shared);
    figures_asked(&f, DOOR_JSON);
    assert_int_equal(sum_of(&f).questions[DOOR_JSON], 1);
    figures_close(&f);
}

static void a_file_of_another_layout_is_left_alone(void **state) {
    char path[80];
    (void)state;
    snprintf(path, sizeof path, "%s/run/figures", store);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    uint64_t other = 12345, now = 0;
    assert_int_equal(pwrite(fd, &other, sizeof other, 0), sizeof other);
    struct figures f = opened(1);
    assert_false(f.shared);
    assert_int_equal(pread(fd, &now, sizeof now, 0), sizeof now);
    assert_int_equal(now, other);
    close(fd);
    figures_close(&f);
}

/* A limit on file size fails the reservation as a full disk does; writing into a hole would end the process instead. */
static void a_full_disk_does_not_stop_the_counting(void **state) {
    (void)state;
    pid_t child = fork();
    if (child == 0) {
        struct figures f;
        struct rlimit none = {4096, 4096};
        sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
        setrlimit(RLIMIT_FSIZE, &none);
        bool ok = figures_open(&f, store, 1, 7, NULL) == ERR_OK && !f.shared;
        if (ok) figures_asked(&f, DOOR_JSON);
        _exit(ok && sum_of(&f).questions[DOOR_JSON] == 1 ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
}

static void steps_follow_each_other_without_a_gap(void **state) {
    (void)state;
    for (size_t i = 0; i + 1 < FIGURES_STEPS; i++) {
        uint64_t from = figures_step_from_us(i), to = figures_step_from_us(i + 1);
        assert_true(to > from);
        assert_int_equal(figures_step(from), i);
        assert_int_equal(figures_step(to - 1), i);
        assert_true(from < 8 || (to - from) * 8 <= from);
    }
    assert_int_equal(figures_step(UINT64_MAX), FIGURES_STEPS - 1);
}

static void a_percentile_is_what_so_many_did_not_exceed(void **state) {
    static const struct {
        unsigned permille;
        uint64_t us;
    } rows[] = {{1, 1}, {500, 5}, {900, 7}, {901, 1023}, {1000, 1023}};
    struct figures f = opened(1);
    (void)state;
    struct figures_sum s = sum_of(&f);
    assert_int_equal(figures_percentile_us(&s, 500), 0);
    static const int64_t durations[] = {1, 2, 3, 4, 5, 6, 7, 7, 7, 1000};
    for (size_t i = 0; i < ARRAY_LEN(durations); i++) figures_took(&f, durations[i]);
    s = sum_of(&f);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_int_equal(figures_percentile_us(&s, rows[i].permille), rows[i].us);
    assert_int_equal(s.duration_us, 1042);
    figures_close(&f);
}

/* A clock that only goes forward cannot do this; a bug elsewhere might. */
static void a_negative_duration_counts_as_none(void **state) {
    struct figures f = opened(1);
    (void)state;
    figures_took(&f, -5);
    assert_int_equal(sum_of(&f).steps[0], 1);
    assert_int_equal(sum_of(&f).duration_us, 0);
    figures_close(&f);
}

static void every_family_has_words_and_a_name_of_its_own(void **state) {
    size_t count;
    const struct figures_family *f = figures_families(&count);
    (void)state;
    for (size_t i = 0; i < count; i++) {
        row_check(str_starts(str_c(f[i].metric), S("mado_")), f[i].metric);
        row_check(f[i].en[0] && f[i].ja[0], f[i].metric);
        row_check(f[i].kind != FIGURES_COUNTER || str_ends(str_c(f[i].metric), S("_total")), f[i].metric);
        for (size_t k = 0; k < i; k++) row_check(strcmp(f[k].metric, f[i].metric) != 0, f[i].metric);
        size_t labelled = 0;
        for (size_t k = 0; k < f[i].cells; k++) labelled += figures_label(f[i].by, k) != NULL;
        row_check(labelled > 0, f[i].metric);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_store, drop_store)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(workers_are_added_up),
        TEST(counts_survive_a_reload_and_levels_do_not),
        TEST(a_worker_that_was_killed_leaves_its_counts),
        TEST(a_fresh_server_begins_from_zero),
        TEST(what_cannot_be_shared_is_counted_alone),
        TEST(a_file_of_another_layout_is_left_alone),
        TEST(a_full_disk_does_not_stop_the_counting),
        TEST(steps_follow_each_other_without_a_gap),
        TEST(a_percentile_is_what_so_many_did_not_exceed),
        TEST(a_negative_duration_counts_as_none),
        TEST(every_family_has_words_and_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
