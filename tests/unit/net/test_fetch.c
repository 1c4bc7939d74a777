#include "lib/scratch.h"
#include "lib/tiny_server.h"
#include "lib/unit.h"
#include "net/fetch.h"

#include <unistd.h>

static struct fetch *f;
static int begin(void **state) { return (void)state, fetch_open(&f, NULL) == ERR_OK ? 0 : -1; }
static int end(void **state) { return (void)state, fetch_close(f), 0; }

#define OK_REPLY "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"

static struct fetch_job job_to(unsigned port, size_t reply_max) {
    struct fetch_job j = {0};
    snprintf(j.url, sizeof j.url, "http://127.0.0.1:%u/x", port);
    buf_init(&j.body, 64), buf_init(&j.reply, reply_max);
    return j;
}

static void fini(struct fetch_job *j) { buf_fini(&j->body), buf_fini(&j->reply); }

static struct fetch_job *wait_for_one(void) {
    struct fetch_job *j;
    while ((j = fetch_take(f)) == NULL) usleep(1000);
    return j;
}

static void what_is_fetched_comes_back_with_its_status(void **state) {
    (void)state;
    struct tiny_server good, missing;
    tiny_server_start(&good, S(OK_REPLY));
    tiny_server_start(&missing, S("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
    struct fetch_job a = job_to(good.port, 100), b = job_to(missing.port, 100), c = job_to(good.port, 100);
    c.content_type = "application/ocsp-request";
    buf_puts(&c.body, "request");
    assert_null(fetch_take(f));
    assert_int_equal(fetch_start(f, &a), ERR_OK);
    assert_ptr_equal(wait_for_one(), &a);
    assert_int_equal(a.err, ERR_OK);
    assert_int_equal(a.status, 200);
    assert_str(buf_str(&a.reply), S("hello"));
    assert_int_equal(fetch_start(f, &b), ERR_OK);
    assert_ptr_equal(wait_for_one(), &b);
    assert_true(b.err == ERR_OK && b.status == 404);
    assert_int_equal(fetch_start(f, &c), ERR_OK);
    assert_ptr_equal(wait_for_one(), &c);
    assert_str(buf_str(&c.reply), S("hello"));
    tiny_server_stop(&good), tiny_server_stop(&missing);
    fini(&a), fini(&b), fini(&c);
}

static void what_cannot_be_fetched_says_why(void **state) {
    (void)state;
    struct tiny_server large, gone;
    struct scratch scratch;
    char path[SCRATCH_PATH_MAX];
    scratch_make(&scratch);
    scratch_write(&scratch, "crl", S("a file"));
    tiny_server_start(&large, S(OK_REPLY));
    tiny_server_start(&gone, S("x")), tiny_server_stop(&gone);
    struct fetch_job rows[5] = {job_to(large.port, 4), job_to(gone.port, 100), job_to(0, 100), job_to(0, 100),
                                job_to(0, 100)};
    snprintf(rows[2].url, sizeof rows[2].url, "file://%s", scratch_path(&scratch, "crl", path));
    snprintf(rows[3].url, sizeof rows[3].url, "file://%s", path), rows[3].local = true;
    snprintf(rows[4].url, sizeof rows[4].url, "gopher://127.0.0.1/");
    static const enum err want[5] = {ERR_LIMIT, ERR_UNAVAILABLE, ERR_VALUE, ERR_OK, ERR_VALUE};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(fetch_start(f, &rows[i]), ERR_OK);
        assert_ptr_equal(wait_for_one(), &rows[i]);
        row_check(rows[i].err == want[i], rows[i].url);
    }
    assert_str(buf_str(&rows[3].reply), S("a file"));
    assert_int_equal(rows[3].status, 200);
    for (size_t i = 0; i < 5; i++) fini(&rows[i]);
    tiny_server_stop(&large);
    scratch_remove(&scratch);
}

/* Another one is answered while as many as may be wait for a server that never will; its own time ends each of them. */
static void who_hangs_holds_nobody_up_and_ends_in_time(void **state) {
    (void)state;
    enum { MANY = FETCH_AT_ONCE_MAX - 1 };
    static struct fetch_job waiting[MANY];
    struct tiny_server hangs, good;
    tiny_server_start(&hangs, S("")), tiny_server_start(&good, S(OK_REPLY));
    for (size_t i = 0; i < MANY; i++) {
        waiting[i] = job_to(hangs.port, 100);
        waiting[i].whole_ms = i == 0 ? 300 : 600000;
        assert_int_equal(fetch_start(f, &waiting[i]), ERR_OK);
    }
    struct fetch_job quick = job_to(good.port, 100), *first = NULL, *second = NULL;
    assert_int_equal(fetch_start(f, &quick), ERR_OK);
    first = wait_for_one(), second = wait_for_one();
    assert_true((first == &quick && second == &waiting[0]) || (first == &waiting[0] && second == &quick));
    assert_int_equal(quick.err, ERR_OK);
    assert_int_equal(waiting[0].err, ERR_TIMEOUT);
    fetch_close(f), f = NULL; /* with the others under way: at once */
    for (size_t i = 0; i < MANY; i++) fini(&waiting[i]);
    fini(&quick);
    tiny_server_stop(&hangs), tiny_server_stop(&good);
}

static void too_many_are_told_so(void **state) {
    (void)state;
    static struct fetch_job jobs[FETCH_QUEUE_MAX + 1];
    struct tiny_server hangs;
    tiny_server_start(&hangs, S(""));
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        jobs[i] = job_to(hangs.port, 100);
        assert_int_equal(fetch_start(f, &jobs[i]), i < FETCH_QUEUE_MAX ? ERR_OK : ERR_BUSY);
    }
    fetch_close(f), f = NULL;
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) fini(&jobs[i]);
    tiny_server_stop(&hangs);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_is_fetched_comes_back_with_its_status),
        TEST(what_cannot_be_fetched_says_why),
        TEST(who_hangs_holds_nobody_up_and_ends_in_time),
        TEST(too_many_are_told_so),
    };
    return cmocka_run_group_tests_name("fetch", tests, NULL, NULL);
}
