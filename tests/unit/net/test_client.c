/* The client against a small TLS server of OpenSSL's own, with keys made here. */
#include "lib/trust_keys.h"
#include "lib/unit.h"
#include "net/client.h"
#include "net/listen.h"

#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* What the server does with one connection after another. Each answer is for one request; NULL ends the connection. */
struct play {
    const char *answers[3];
    unsigned wait_ms; /* before each answer */
    bool silent;      /* accepts and never speaks TLS */
};

struct server {
    struct trust_keys keys;
    struct listener listener;
    SSL_CTX *tls;
    const struct play *plays;
    size_t count;
    pthread_t thread;
    char address[128], ca[KEYS_PATH_MAX], certificate[KEYS_PATH_MAX], key[KEYS_PATH_MAX];
};

static void nap(unsigned ms) { nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL); }

/* Reads one request: a head, and as much body as it says. */
static bool read_request(SSL *ssl) {
    char text[4096] = "";
    size_t n = 0;
    for (;;) {
        int got = SSL_read(ssl, text + n, (int)(sizeof text - 1 - n));
        if (got <= 0) return false;
        n += (size_t)got;
        text[n] = 0;
        const char *end = strstr(text, "\r\n\r\n"), *length = strstr(text, "Content-Length: ");
        uint64_t body = 0;
        struct str digits = str_c(length ? length + 16 : "");
        if (length && !str_uint(str_cut(&digits, '\r'), 4000, &body)) return false;
        if (end && n >= (size_t)(end + 4 - text) + body) return true;
    }
}

static void serve_one(struct server *s, const struct play *p, int fd) {
    SSL *ssl = SSL_new(s->tls);
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1) {
        for (size_t i = 0; i < ARRAY_LEN(p->answers) && p->answers[i] && read_request(ssl); i++) {
            nap(p->wait_ms);
            (void)SSL_write(ssl, p->answers[i], (int)strlen(p->answers[i]));
        }
        SSL_shutdown(ssl);
    }
    SSL_free(ssl);
}

/* The listener does not block: who accepts waits by itself. -1 when it is shut down. */
static int next_client(const struct server *s) {
    struct pollfd p = {.fd = s->listener.fd, .events = POLLIN};
    return poll(&p, 1, -1) == 1 ? accept(p.fd, NULL, NULL) : -1;
}

static void *serve(void *context) {
    struct server *s = context;
    for (size_t i = 0; i < s->count; i++) {
        int fd = next_client(s);
        if (fd < 0) break;
        if (s->plays[i].silent) nap(700);
        else serve_one(s, &s->plays[i], fd);
        close(fd);
    }
    return NULL;
}

static void begin(struct server *s, const struct play *plays, size_t count) {
    char path[KEYS_PATH_MAX];
    sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    *s = (struct server){.plays = plays, .count = count};
    trust_keys_make(&s->keys);
    assert_int_equal(listener_open(&s->listener, S("127.0.0.1:0"), NULL), ERR_OK);
    snprintf(s->address, sizeof s->address, "https://%s/", s->listener.address);
    trust_keys_path(&s->keys, "institutions/0110113719/ca.pem", s->ca);
    trust_keys_path(&s->keys, "institutions/0110113719/cert.pem", s->certificate);
    trust_keys_path(&s->keys, "institutions/0110113719/key.pem", s->key);
    s->tls = SSL_CTX_new(TLS_server_method());
    assert_int_equal(
        SSL_CTX_use_certificate_file(s->tls, trust_keys_path(&s->keys, "server/cert.pem", path), SSL_FILETYPE_PEM), 1);
    assert_int_equal(
        SSL_CTX_use_PrivateKey_file(s->tls, trust_keys_path(&s->keys, "server/key.pem", path), SSL_FILETYPE_PEM), 1);
    assert_int_equal(SSL_CTX_load_verify_file(s->tls, s->ca), 1);
    assert_int_equal(SSL_CTX_set_session_id_context(s->tls, (const unsigned char *)"t", 1), 1);
    SSL_CTX_set_verify(s->tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void end(struct server *s) {
    (void)shutdown(s->listener.fd, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    SSL_CTX_free(s->tls);
    listener_close(&s->listener);
    trust_keys_remove(&s->keys);
}

static struct client *opened(const struct server *s, unsigned answer_ms, size_t reply_max) {
    struct client *c;
    const struct client_settings settings = {.centre = s->address,
                                             .ca = s->ca,
                                             .certificate = s->certificate,
                                             .key = s->key,
                                             .connect_ms = 500,
                                             .answer_ms = answer_ms,
                                             .reply_max = reply_max};
    assert_int_equal(client_open(&c, &settings, NULL), ERR_OK);
    return c;
}

#define OK_7 "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n7"

static void questions_share_a_line(void **state) {
    (void)state;
    static const struct play plays[] = {
        {.answers = {OK_7, "HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Length: 5\r\n\r\nlater"}}};
    struct server s;
    const struct client_reply *r;
    begin(&s, plays, ARRAY_LEN(plays));
    struct client *c = opened(&s, 5000, 0);
    assert_int_equal(client_post(c, "/a", "text/plain", S("question"), &r, NULL), ERR_OK);
    assert_int_equal(r->status, 200);
    assert_string_equal(r->content_type, "text/plain");
    assert_str(buf_str(&r->body), S("7"));
    assert_int_equal(client_get(c, "/b", &r, NULL), ERR_OK);
    assert_int_equal(r->status, 503);
    assert_int_equal(r->retry_after_s, 9);
    assert_str(buf_str(&r->body), S("later"));
    client_close(c);
    end(&s);
}

static void a_line_the_centre_has_closed_is_made_anew(void **state) {
    (void)state;
    static const struct play plays[] = {{.answers = {OK_7}}, {.answers = {OK_7}}};
    struct server s;
    const struct client_reply *r;
    begin(&s, plays, ARRAY_LEN(plays));
    struct client *c = opened(&s, 5000, 0);
    assert_int_equal(client_post(c, "/a", "text/plain", S("1"), &r, NULL), ERR_OK);
    nap(50);
    assert_int_equal(client_post(c, "/a", "text/plain", S("2"), &r, NULL), ERR_OK);
    assert_str(buf_str(&r->body), S("7"));
    client_close(c);
    end(&s);
}

static void a_question_is_asked_again_at_most_once(void **state) {
    (void)state;
    static const struct play plays[] = {{.answers = {OK_7}}, {.answers = {""}}, {.answers = {OK_7}}};
    struct server s;
    const struct client_reply *r;
    begin(&s, plays, ARRAY_LEN(plays));
    struct client *c = opened(&s, 5000, 0);
    assert_int_equal(client_post(c, "/a", "text/plain", S("1"), &r, NULL), ERR_OK);
    nap(50);
    assert_int_equal(client_post(c, "/a", "text/plain", S("2"), &r, NULL), ERR_UNAVAILABLE);
    assert_int_equal(client_post(c, "/a", "text/plain", S("3"), &r, NULL), ERR_OK);
    client_close(c);
    end(&s);
}

static void why_there_is_no_answer(void **state) {
    (void)state;
    static const struct {
        const char *why;
        struct play play;
        size_t reply_max;
        enum err want;
    } rows[] = {
        {"it breaks off within the answer",
         {.answers = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"}},
         0,
         ERR_UNAVAILABLE},
        {"it closes without an answer", {.answers = {""}}, 0, ERR_UNAVAILABLE},
        {"it is no HTTP", {.answers = {"SSH-2.0\r\n\r\n"}}, 0, ERR_UNAVAILABLE},
        {"it does not know us", {.answers = {"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"}}, 0, ERR_UNAUTHENTICATED},
        {"it is slow", {.answers = {OK_7}, .wait_ms = 600}, 0, ERR_TIMEOUT},
        {"it says nothing, not even TLS", {.silent = true}, 0, ERR_UNAVAILABLE},
        {"it says too much", {.answers = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n123456789"}}, 8, ERR_LIMIT},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct play plays[] = {rows[i].play, rows[i].play};
        struct server s;
        const struct client_reply *r;
        struct diag d = {0};
        begin(&s, plays, 1);
        struct client *c = opened(&s, 300, rows[i].reply_max);
        enum err e = client_post(c, "/a", "text/plain", S("a person's name"), &r, &d);
        if (e != rows[i].want) print_error("%s: %s (%s)\n", rows[i].why, err_info(e)->name, d.detail);
        row_check(e == rows[i].want, rows[i].why);
        row_check(strstr(d.detail, "person") == NULL, rows[i].why);
        client_close(c);
        end(&s);
    }
}

static void a_centre_of_another_authority_is_not_believed(void **state) {
    (void)state;
    static const struct play plays[] = {{.answers = {OK_7}}};
    struct server s;
    struct trust_keys other;
    const struct client_reply *r;
    begin(&s, plays, ARRAY_LEN(plays));
    trust_keys_make(&other);
    trust_keys_path(&other, "ca.pem", s.ca);
    struct client *c = opened(&s, 1000, 0);
    assert_int_equal(client_get(c, "/", &r, NULL), ERR_UNAUTHENTICATED);
    client_close(c);
    trust_keys_remove(&other);
    end(&s);
}

static void our_own_missing_key_is_told_apart_from_a_line_that_is_down(void **state) {
    (void)state;
    struct server s;
    const struct client_reply *r;
    begin(&s, NULL, 0);
    struct client *c = opened(&s, 1000, 0);
    assert_int_equal(unlink(s.key), 0);
    assert_int_equal(client_get(c, "/", &r, NULL), ERR_UNAUTHENTICATED);
    client_close(c);
    end(&s);
}

static void nobody_there_is_unavailable(void **state) {
    (void)state;
    struct server s;
    const struct client_reply *r;
    struct diag d;
    begin(&s, NULL, 0);
    struct client *c = opened(&s, 1000, 0);
    listener_close(&s.listener);
    assert_int_equal(client_get(c, "/", &r, &d), ERR_UNAVAILABLE);
    client_close(c);
    end(&s);
}

static void a_centre_is_an_https_address(void **state) {
    (void)state;
    static const char *const rows[] = {"",         "http://127.0.0.1", "127.0.0.1:8443",
                                       "https://", "https:///",        "file:///etc/passwd"};
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct client *c;
        const struct client_settings s = {.centre = rows[i], .ca = "", .certificate = "", .key = ""};
        row_check(client_open(&c, &s, NULL) == ERR_VALUE, rows[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_share_a_line),
        cmocka_unit_test(a_line_the_centre_has_closed_is_made_anew),
        cmocka_unit_test(a_question_is_asked_again_at_most_once),
        cmocka_unit_test(why_there_is_no_answer),
        cmocka_unit_test(a_centre_of_another_authority_is_not_believed),
        cmocka_unit_test(our_own_missing_key_is_told_apart_from_a_line_that_is_down),
        cmocka_unit_test(nobody_there_is_unavailable),
        cmocka_unit_test(a_centre_is_an_https_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
