/* The line to a face reader: who is believed, and that nobody waits for ever. */
#include "edge/face/face_reader.h"
#include "lib/scratch.h"
#include "lib/unit.h"

#include <openssl/pem.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define VISIT "000102030405060708090a0b0c0d0e0f"

static struct scratch scratch;
static char socket_path[SCRATCH_PATH_MAX], keys[SCRATCH_PATH_MAX];
static EVP_PKEY *registered;

/* What the device does with a question. */
enum conduct { HONEST, UNREGISTERED, ANOTHERS_KEY, HANGS_UP, SAYS_NOTHING, TALKS_ON, REPLAYS };

struct device {
    pthread_t thread;
    int door;
    enum conduct conduct;
    char seen[FACE_LINE_MAX], before[FACE_LINE_MAX];
    size_t before_bytes;
};

static int begin(void **state) {
    char path[SCRATCH_PATH_MAX];
    (void)state;
    scratch_make(&scratch);
    (void)scratch_path(&scratch, "reader.sock", socket_path);
    assert_int_equal(world_make_folder(scratch_path(&scratch, "face", keys), NULL), ERR_OK);
    registered = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    FILE *f = fopen(scratch_path(&scratch, "face/reader-1.pem", path), "w");
    assert_true(f && PEM_write_PUBKEY(f, registered) == 1 && fclose(f) == 0);
    return 0;
}

static int end(void **state) {
    (void)state;
    EVP_PKEY_free(registered);
    scratch_remove(&scratch);
    return 0;
}

static void take(const char *line, const char *name, char *out, size_t n) {
    char mark[16];
    snprintf(mark, sizeof mark, "\"%s\":\"", name);
    const char *at = strstr(line, mark);
    assert_non_null(at);
    at += strlen(mark);
    size_t have = strcspn(at, "\"");
    assert_true(have < n);
    memcpy(out, at, have);
    out[have] = 0;
}

static void put_reply(struct device *v, struct buf *out) {
    struct face_question q = {0};
    const char *name = v->conduct == UNREGISTERED ? "reader-2" : "reader-1";
    EVP_PKEY *key = v->conduct == ANOTHERS_KEY ? EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") : registered;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    unsigned char signature[64];
    size_t n = sizeof signature;
    char room[FACE_LINE_MAX];
    struct buf text = buf_over(room, sizeof room);
    take(v->seen, "nonce", q.nonce, sizeof q.nonce), take(v->seen, "visit", q.visit, sizeof q.visit);
    take(v->seen, "card", q.card, sizeof q.card);
    face_signed_put(&text, &q, FACE_YES, name);
    assert_true(EVP_DigestSignInit(c, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestSign(c, signature, &n, (const unsigned char *)text.p, text.n) == 1);
    EVP_MD_CTX_free(c);
    if (key != registered) EVP_PKEY_free(key);
    buf_printf(out, "{\"form\":\"mado-face-1\",\"nonce\":\"%s\",\"visit\":\"%s\",\"card\":\"%s\",\"answer\":\"yes\",",
               q.nonce, q.visit, q.card);
    buf_printf(out, "\"device\":\"%s\",\"signature\":\"", name);
    buf_hex(out, str_of(signature, n)), buf_puts(out, "\"}\n");
}

static void answer_one(struct device *v, int line) {
    char room[2 * FACE_LINE_MAX];
    struct buf reply = buf_over(room, sizeof room);
    ssize_t n = read(line, v->seen, sizeof v->seen - 1);
    assert_true(n > 0);
    v->seen[n] = 0;
    if (v->conduct == HANGS_UP) return;
    if (v->conduct == SAYS_NOTHING) return (void)read(line, room, 1); /* until the window gives up */
    if (v->conduct == TALKS_ON) memset(room, 'x', sizeof room), reply.n = sizeof room;
    else put_reply(v, &reply);
    struct str out = buf_str(&reply);
    if (v->conduct == REPLAYS) out = str_of(v->before, v->before_bytes);
    (void)!send(line, out.p, out.n, MSG_NOSIGNAL);
    v->before_bytes = reply.n < sizeof v->before ? reply.n : sizeof v->before;
    memcpy(v->before, reply.p, v->before_bytes);
}

static void *work(void *context) {
    struct device *v = context;
    int line = accept(v->door, NULL, NULL);
    assert_true(line >= 0);
    answer_one(v, line);
    close(line);
    return NULL;
}

static void listen_as(struct device *v, enum conduct conduct) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    v->conduct = conduct;
    unlink(socket_path);
    assert_true(str_to_c(str_c(socket_path), a.sun_path, sizeof a.sun_path));
    v->door = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(v->door, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(v->door, 1), 0);
    assert_int_equal(pthread_create(&v->thread, NULL, work, v), 0);
}

static enum err ask(struct device *v, enum conduct conduct, struct str certificate, enum face_answer *answer) {
    struct face_reader f = {world_real(), socket_path, keys, conduct == SAYS_NOTHING ? 100 : 0};
    listen_as(v, conduct);
    enum err e = face_reader_ask(&f, VISIT, certificate, answer, NULL);
    pthread_join(v->thread, NULL);
    close(v->door);
    return e;
}

static void only_a_registered_device_that_signs_this_question_is_believed(void **state) {
    (void)state;
    static const struct {
        const char *why;
        enum conduct conduct;
        enum err err;
    } rows[] = {{"honest", HONEST, ERR_OK},
                {"a name that is not registered", UNREGISTERED, ERR_UNAUTHENTICATED},
                {"another's key", ANOTHERS_KEY, ERR_UNAUTHENTICATED},
                {"hangs up", HANGS_UP, ERR_UNAVAILABLE},
                {"says nothing", SAYS_NOTHING, ERR_TIMEOUT},
                {"talks on and on", TALKS_ON, ERR_LIMIT}};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct device v = {0};
        enum face_answer answer = FACE_ANSWERS;
        row_check(ask(&v, rows[i].conduct, S(""), &answer) == rows[i].err, rows[i].why);
        row_check(answer == (rows[i].err == ERR_OK ? FACE_YES : FACE_ANSWERS), rows[i].why);
    }
}

static void yesterdays_yes_is_none_today(void **state) {
    (void)state;
    struct device v = {0};
    enum face_answer answer = FACE_ANSWERS;
    assert_int_equal(ask(&v, HONEST, S(""), &answer), ERR_OK);
    assert_int_equal(ask(&v, REPLAYS, S(""), &answer), ERR_CONFLICT);
}

static void the_card_is_named_by_another_value_each_time(void **state) {
    (void)state;
    struct device v = {0};
    enum face_answer answer;
    char cards[2][FACE_CARD + 1];
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(ask(&v, HONEST, S("a certificate"), &answer), ERR_OK);
        take(v.seen, "card", cards[i], sizeof cards[i]);
        assert_int_equal(strlen(cards[i]), FACE_CARD);
    }
    assert_string_not_equal(cards[0], cards[1]); /* two readers that compare notes learn nothing */
    assert_int_equal(ask(&v, HONEST, S(""), &answer), ERR_OK);
    assert_non_null(strstr(v.seen, "\"card\":\"\""));
}

static void a_key_that_was_taken_away_counts_no_more(void **state) {
    (void)state;
    struct device v = {0};
    enum face_answer answer;
    char path[SCRATCH_PATH_MAX];
    assert_true(face_reader_known(world_real(), keys));
    assert_int_equal(ask(&v, HONEST, S(""), &answer), ERR_OK);
    assert_int_equal(unlink(scratch_path(&scratch, "face/reader-1.pem", path)), 0);
    assert_int_equal(ask(&v, HONEST, S(""), &answer), ERR_UNAUTHENTICATED);
    scratch_write(&scratch, "face/Reader 1.pem", S("no name of a device"));
    assert_false(face_reader_known(world_real(), keys));
}

static void without_a_reader_it_is_said_at_once(void **state) {
    (void)state;
    struct face_reader f = {world_real(), socket_path, keys, 0};
    enum face_answer answer;
    unlink(socket_path);
    assert_int_equal(face_reader_ask(&f, VISIT, S(""), &answer, NULL), ERR_UNAVAILABLE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_a_registered_device_that_signs_this_question_is_believed, begin, end),
        cmocka_unit_test_setup_teardown(yesterdays_yes_is_none_today, begin, end),
        cmocka_unit_test_setup_teardown(the_card_is_named_by_another_value_each_time, begin, end),
        cmocka_unit_test_setup_teardown(a_key_that_was_taken_away_counts_no_more, begin, end),
        cmocka_unit_test_setup_teardown(without_a_reader_it_is_said_at_once, begin, end),
    };
    return cmocka_run_group_tests_name("face reader", tests, NULL, NULL);
}
