/* Both ends of the line in one test: the worker's here, the desk's in a thread. */
#include "lib/scratch.h"
#include "lib/unit.h"
#include "service/desk_line.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static struct scratch scratch;
static char socket_path[SCRATCH_PATH_MAX];
static sem_t woken, may_answer;
static bool hold; /* answers wait for may_answer */

/* ---- the desk's end ---- */

static struct desk {
    pthread_t thread;
    volatile bool stop;
    unsigned works, ticks, asked;
    enum err err;
} desk;

static unsigned answer(void *context, unsigned kind, struct institution_code institution, struct str body,
                       struct buf *reply) {
    (void)context;
    if (hold) sem_wait(&may_answer);
    desk.asked++;
    if (kind == 9) { /* a reply of as many bytes as asked for */
        uint64_t n = 0;
        assert_true(str_uint(body, UINT32_MAX, &n));
        char *p = buf_room(reply, (size_t)n);
        if (p) memset(p, 'r', (size_t)n), reply->n += (size_t)n;
        return 200;
    }
    buf_printf(reply, "%u %llu ", kind, (unsigned long long)institution.n);
    buf_put(reply, body);
    return 200 + kind;
}
static bool work(void *context) {
    (void)context;
    return ++desk.works % 4 != 0;
}
static void tick(void *context) {
    (void)context;
    desk.ticks++;
}
static void *serve(void *context) {
    struct desk_handler h = {.answer = answer, .work = work, .tick = tick};
    (void)context;
    desk.err = desk_line_serve(socket_path, &h, &desk.stop, NULL);
    return NULL;
}
static void desk_starts(void) {
    desk = (struct desk){0};
    assert_int_equal(pthread_create(&desk.thread, NULL, serve, NULL), 0);
}
static int stranger(int tries) {
    struct sockaddr_un a;
    int folder = -1, fd = socket(AF_UNIX, SOCK_STREAM, 0);
    struct timeval wait = {.tv_sec = 10};
    struct timespec moment = {.tv_nsec = 10000000};
    assert_int_equal(desk_address(socket_path, &a, &folder, NULL), ERR_OK);
    for (int i = 0; i < tries && connect(fd, (struct sockaddr *)&a, sizeof a) != 0; i++) nanosleep(&moment, NULL);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    close(folder);
    return fd;
}

static void desk_ends(void) {
    desk.stop = true;
    close(stranger(1)); /* wakes it, as a signal does */
    pthread_join(desk.thread, NULL);
    assert_int_equal(desk.err, ERR_OK);
}

/* ---- the worker's end ---- */

static void wake(void *context) {
    (void)context;
    sem_post(&woken);
}
static void done(struct desk_message *m) { (*(unsigned *)m->context)++; }

static int begin(void **state) {
    (void)state;
    scratch_make(&scratch);
    scratch_path(&scratch, "desk.sock", socket_path);
    sem_init(&woken, 0, 0), sem_init(&may_answer, 0, 0);
    hold = false;
    return 0;
}
static int end(void **state) {
    (void)state;
    sem_destroy(&woken), sem_destroy(&may_answer);
    scratch_remove(&scratch);
    return 0;
}

static struct desk_line *line_open(void) {
    struct desk_line *l = NULL;
    assert_int_equal(desk_line_open(&l, socket_path, wake, NULL, NULL), ERR_OK);
    return l;
}

static void collect_one(struct desk_line *l) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 20;
    assert_int_equal(sem_timedwait(&woken, &until), 0);
    desk_line_collect(l);
}

static void ask(struct desk_line *l, struct desk_message *m, unsigned kind, const char *body, unsigned *times) {
    *m = (struct desk_message){
        .kind = kind, .institution = {1311234567}, .body = str_c(body), .done = done, .context = times};
    assert_int_equal(desk_line_send(l, m), ERR_OK);
}

static void a_message_comes_back_answered(void **state) {
    (void)state;
    struct desk_message m;
    unsigned times = 0;
    desk_starts();
    struct desk_line *l = line_open();
    for (unsigned i = 0; i < 5; i++) {
        ask(l, &m, 3, "body", &times);
        collect_one(l);
        assert_true(m.err == ERR_OK && m.status == 203);
        assert_str(buf_str(&m.reply), S("3 1311234567 body"));
        buf_fini(&m.reply);
    }
    assert_int_equal(times, 5);
    assert_true(desk.works > 0 && desk.ticks > 0);
    struct stat st;
    assert_int_equal(stat(socket_path, &st), 0);
    assert_int_equal(st.st_mode & 077, 0); /* for the owner alone */
    desk_line_close(l);
    desk_ends();
    assert_int_equal(stat(socket_path, &st), -1);
}

static void large_replies_come_whole_and_too_large_ones_are_refused(void **state) {
    (void)state;
    struct desk_message m;
    unsigned times = 0;
    desk_starts();
    struct desk_line *l = line_open();
    ask(l, &m, 9, "20000000", &times), collect_one(l);
    assert_true(m.err == ERR_OK && m.status == 200 && m.reply.n == 20000000);
    buf_fini(&m.reply);
    ask(l, &m, 9, "67108865", &times), collect_one(l); /* a byte too many */
    assert_true(m.err == ERR_OK && m.status == 503 && m.reply.n == 0);
    buf_fini(&m.reply);
    ask(l, &m, 3, "goes on", &times), collect_one(l);
    assert_int_equal(m.err, ERR_OK);
    buf_fini(&m.reply);
    desk_line_close(l);
    desk_ends();
}

static void a_large_message_arrives_whole(void **state) {
    (void)state;
    enum { BIG = 3 << 20 };
    struct desk_message m;
    unsigned times = 0;
    char *body = malloc(BIG + 1);
    memset(body, 'b', BIG), body[BIG] = 0;
    desk_starts();
    struct desk_line *l = line_open();
    ask(l, &m, 1, body, &times), collect_one(l);
    assert_true(m.err == ERR_OK && m.reply.n == BIG + strlen("1 1311234567 "));
    buf_fini(&m.reply);
    desk_line_close(l);
    desk_ends();
    free(body);
}

static void beyond_the_queue_it_is_later_please(void **state) {
    (void)state;
    static struct desk_message m[DESK_QUEUE_MAX + 1];
    unsigned times = 0;
    hold = true;
    desk_starts();
    struct desk_line *l = line_open();
    for (size_t i = 0; i < DESK_QUEUE_MAX; i++) ask(l, &m[i], 3, "x", &times);
    m[DESK_QUEUE_MAX] = (struct desk_message){.done = done, .context = &times};
    assert_int_equal(desk_line_send(l, &m[DESK_QUEUE_MAX]), ERR_BUSY);
    for (size_t i = 0; i < DESK_QUEUE_MAX; i++) sem_post(&may_answer);
    while (times < DESK_QUEUE_MAX) collect_one(l);
    for (size_t i = 0; i < DESK_QUEUE_MAX; i++) {
        assert_int_equal(m[i].err, ERR_OK);
        buf_fini(&m[i].reply);
    }
    sem_post(&may_answer);
    ask(l, &m[0], 3, "room again", &times), collect_one(l);
    buf_fini(&m[0].reply);
    desk_line_close(l);
    desk_ends();
}

static void a_desk_that_was_restarted_loses_no_message(void **state) {
    (void)state;
    struct desk_message m;
    unsigned times = 0;
    desk_starts();
    struct desk_line *l = line_open();
    for (unsigned i = 0; i < 3; i++) {
        ask(l, &m, 3, "x", &times), collect_one(l);
        assert_int_equal(m.err, ERR_OK);
        buf_fini(&m.reply);
        desk_ends();
        desk_starts();
    }
    close(stranger(500)); /* it has come so far that it can be ended */
    desk_line_close(l);
    desk_ends();
}

static void without_a_desk_it_is_unavailable(void **state) {
    (void)state;
    struct desk_message m;
    unsigned times = 0;
    struct desk_line *l = line_open();
    ask(l, &m, 3, "x", &times), collect_one(l);
    assert_int_equal(m.err, ERR_UNAVAILABLE);
    buf_fini(&m.reply);
    desk_line_close(l);
    assert_int_equal(times, 1);
}

static void closing_ends_what_waits(void **state) {
    (void)state;
    struct desk_message m[3];
    unsigned times = 0;
    hold = true;
    desk_starts();
    struct desk_line *l = line_open();
    for (size_t i = 0; i < 3; i++) ask(l, &m[i], 3, "x", &times);
    struct timespec moment = {.tv_nsec = 100000000};
    nanosleep(&moment, NULL);
    desk_line_close(l);
    assert_int_equal(times, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(m[i].err, ERR_UNAVAILABLE);
        buf_fini(&m[i].reply);
    }
    sem_post(&may_answer);
    desk_ends();
}

static void a_socket_left_by_a_dead_desk_is_replaced(void **state) {
    (void)state;
    struct sockaddr_un a;
    int folder = -1, fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(desk_address(socket_path, &a, &folder, NULL), ERR_OK);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    close(fd), close(folder);
    a_message_comes_back_answered(NULL);
}

/* ---- strangers on the socket ---- */

static void what_is_no_message_ends_the_connection(void **state) {
    (void)state;
    static const struct str rows[] = {{"\0\0\0\0", 4}, {"\x08\0\0\0", 4}, {"\xff\xff\xff\xff", 4}, {"\x01\0\0\x04", 4}};
    desk_starts();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char c;
        int fd = stranger(500);
        assert_int_equal(send(fd, rows[i].p, rows[i].n, MSG_NOSIGNAL), rows[i].n);
        assert_int_equal(recv(fd, &c, 1, 0), 0);
        close(fd);
    }
    int half = stranger(500); /* says half and stays: the others are served */
    assert_int_equal(send(half,
                          "\x20\0\0\0"
                          "abc",
                          7, MSG_NOSIGNAL),
                     7);
    struct desk_line *l = line_open();
    struct desk_message m;
    unsigned times = 0;
    ask(l, &m, 3, "x", &times), collect_one(l);
    assert_int_equal(m.err, ERR_OK);
    buf_fini(&m.reply);
    desk_line_close(l);
    close(half);
    desk_ends();
}

static void messages_in_pieces_and_two_at_once_are_answered(void **state) {
    (void)state;
    static const char two[] = "\x0a\0\0\0\x03\x07\0\0\0\0\0\0\0a\x0a\0\0\0\x04\x07\0\0\0\0\0\0\0b";
    static const char want[] = "\x07\0\0\0\xcb\0"
                               "3 7 a"
                               "\x07\0\0\0\xcc\0"
                               "4 7 b";
    char got[sizeof want] = "";
    desk_starts();
    int fd = stranger(500);
    struct timespec moment = {.tv_nsec = 2000000};
    for (size_t i = 0; i < 8; i++) assert_int_equal(send(fd, two + i, 1, MSG_NOSIGNAL), 1), nanosleep(&moment, NULL);
    assert_int_equal(send(fd, two + 8, sizeof two - 1 - 8, MSG_NOSIGNAL), sizeof two - 1 - 8);
    for (size_t n = 0; n < sizeof want - 1;) {
        ssize_t r = recv(fd, got + n, sizeof want - 1 - n, 0);
        assert_true(r > 0);
        n += (size_t)r;
    }
    assert_memory_equal(got, want, sizeof want - 1);
    close(fd);
    desk_ends();
}

static void a_path_too_long_for_an_address_is_no_obstacle(void **state) {
    (void)state;
    char deep[SCRATCH_PATH_MAX] = "";
    struct buf name = buf_over(deep, sizeof deep - 1);
    for (unsigned i = 0; i < 6; i++) {
        char path[SCRATCH_PATH_MAX];
        buf_puts(&name, i ? "/a-folder-with-a-long-name" : "a-folder-with-a-long-name");
        assert_int_equal(mkdir(scratch_path(&scratch, deep, path), 0700), 0);
    }
    buf_puts(&name, "/desk.sock");
    scratch_path(&scratch, deep, socket_path);
    assert_true(strlen(socket_path) > sizeof(((struct sockaddr_un *)0)->sun_path));
    a_message_comes_back_answered(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_message_comes_back_answered),
        TEST(large_replies_come_whole_and_too_large_ones_are_refused),
        TEST(a_large_message_arrives_whole),
        TEST(beyond_the_queue_it_is_later_please),
        TEST(a_desk_that_was_restarted_loses_no_message),
        TEST(without_a_desk_it_is_unavailable),
        TEST(closing_ends_what_waits),
        TEST(a_socket_left_by_a_dead_desk_is_replaced),
        TEST(what_is_no_message_ends_the_connection),
        TEST(messages_in_pieces_and_two_at_once_are_answered),
        TEST(a_path_too_long_for_an_address_is_no_obstacle),
    };
    return cmocka_run_group_tests_name("desk line", tests, NULL, NULL);
}
