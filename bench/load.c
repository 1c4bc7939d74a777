/* A client of the door over mutual TLS: CONNECTIONS keep-alive lines, a different question each time.
 *   closed loop (RATE 0): each line asks again as soon as it is answered;
 *   open loop: questions arrive at RATE a second at random (Poisson) moments whether answers come or not, and a latency is
 *   counted from the moment of arrival, waiting for a free line included.
 * Counts the CPU of PIDS (comma separated; 0: none) between the first question and the last answer; handshakes come before.
 * usage: load HOST:PORT KEYS INSTITUTION PATH BODIES CONNECTIONS SECONDS RATE PIDS
 * Prints: completed failed lost cpu_us_per_answer answers_per_s bytes p50_us p99_us p999_us max_us lines_reopened */
#include "base/str.h"
#include "bench/lib/figures.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { LINES_MAX = 1024, REPLY_MAX = 64 << 10, HEAD_MAX = 512, WAITING_MAX = 1 << 20, SAMPLES_MAX = 8 << 20 };

struct line {
    SSL *ssl;
    int fd;
    bool busy, last; /* last: the server said that it closes */
    uint64_t asked_ns;
    size_t got, want; /* want 0: the head is not whole yet */
    char reply[REPLY_MAX];
};

struct load {
    struct sockaddr_in to;
    SSL_CTX *ctx;
    const char *path;
    const char **bodies;
    size_t *lengths, body_count, next_body;
    struct line *lines;
    size_t line_count;
    int epoll;
    bool open_loop, ending;
    struct line *idle[LINES_MAX];
    size_t idle_count;
    uint64_t *waiting; /* moments of arrival, a ring */
    size_t waiting_first, waiting_count;
    double *latencies;
    size_t completed, failed, lost, reopened, in_flight;
    uint64_t reply_bytes;
};

static void settle_address(struct load *l, const char *text) {
    char host[64];
    const char *colon = strrchr(text, ':');
    must(colon && (size_t)(colon - text) < sizeof host, "HOST:PORT");
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = 0;
    l->to =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)read_number(colon + 1, 65535, "PORT"))};
    must(inet_pton(AF_INET, host, &l->to.sin_addr) == 1, "HOST");
}

static void settle_keys(struct load *l, const char *keys, const char *institution) {
    char cert[512], key[512], ca[512];
    snprintf(ca, sizeof ca, "%s/ca.pem", keys);
    snprintf(cert, sizeof cert, "%s/institutions/%s/cert.pem", keys, institution);
    snprintf(key, sizeof key, "%s/institutions/%s/key.pem", keys, institution);
    l->ctx = SSL_CTX_new(TLS_client_method());
    must(l->ctx && SSL_CTX_set_min_proto_version(l->ctx, TLS1_3_VERSION) == 1, "TLS 1.3");
    must(SSL_CTX_use_certificate_chain_file(l->ctx, cert) == 1, cert);
    must(SSL_CTX_use_PrivateKey_file(l->ctx, key, SSL_FILETYPE_PEM) == 1, key);
    must(SSL_CTX_load_verify_locations(l->ctx, ca, NULL) == 1, ca);
    SSL_CTX_set_verify(l->ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_mode(l->ctx, SSL_MODE_RELEASE_BUFFERS);
}

/* One body a line of the file. */
static void read_bodies(struct load *l, const char *path) {
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    must(fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0, path);
    const char *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0), *end = p + st.st_size;
    must(p != MAP_FAILED, path);
    close(fd);
    size_t room = (size_t)st.st_size / 16 + 1;
    l->bodies = calloc(room, sizeof *l->bodies), l->lengths = calloc(room, sizeof *l->lengths);
    must(l->bodies && l->lengths, "memory");
    while (p < end && l->body_count < room) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        if (stop == NULL) stop = end;
        l->bodies[l->body_count] = p, l->lengths[l->body_count++] = (size_t)(stop - p);
        p = stop + 1;
    }
}

static void open_line(struct load *l, struct line *n) {
    int one = 1;
    n->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(n->fd >= 0 && connect(n->fd, (struct sockaddr *)&l->to, sizeof l->to) == 0, "connect");
    (void)setsockopt(n->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    n->ssl = SSL_new(l->ctx);
    must(n->ssl && SSL_set_fd(n->ssl, n->fd) == 1, "SSL");
    if (SSL_connect(n->ssl) != 1) {
        ERR_print_errors_fp(stderr);
        must(false, "handshake");
    }
    must(fcntl(n->fd, F_SETFL, O_NONBLOCK) == 0, "O_NONBLOCK");
    n->busy = n->last = false, n->got = n->want = 0;
    must(epoll_ctl(l->epoll, EPOLL_CTL_ADD, n->fd, &(struct epoll_event){.events = EPOLLIN, .data.ptr = n}) == 0,
         "epoll");
}

static void reopen(struct load *l, struct line *n) {
    SSL_free(n->ssl);
    close(n->fd);
    l->reopened++;
    open_line(l, n);
}

static void ask(struct load *l, struct line *n, uint64_t arrived_ns) {
    char bytes[HEAD_MAX + 4096];
    size_t i = l->next_body++ % l->body_count, length = l->lengths[i];
    int head =
        snprintf(bytes, HEAD_MAX,
                 "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                 l->path, length);
    must(head > 0 && length < 4096, "a body");
    memcpy(bytes + head, l->bodies[i], length);
    n->busy = true, n->asked_ns = arrived_ns, n->got = n->want = 0;
    l->in_flight++;
    if (SSL_write(n->ssl, bytes, head + (int)length) == head + (int)length) return;
    l->lost++, l->in_flight--; /* the line was gone already */
    reopen(l, n);
    n->busy = false;
    l->idle[l->idle_count++] = n;
}

/* The head and length of a reply, once its head is whole. */
static void look_at_head(struct load *l, struct line *n) {
    n->reply[n->got] = 0;
    const char *end = strstr(n->reply, "\r\n\r\n"), *length = strcasestr(n->reply, "\r\ncontent-length:");
    const char *close_word = strcasestr(n->reply, "\r\nconnection: close");
    if (end == NULL) return;
    must(length && length < end, "a reply without a length");
    struct str digits = str_of(length + 17, (size_t)(end - length - 17));
    uint64_t body = 0;
    must(str_uint(str_trim(str_cut(&digits, '\r')), REPLY_MAX, &body), "a reply's length");
    n->want = (size_t)(end + 4 - n->reply) + body;
    n->last = close_word && close_word < end;
    must(n->want < REPLY_MAX, "a reply too long");
    if (strncmp(n->reply, "HTTP/1.1 200", 12) == 0) return;
    if (l->failed++ == 0) fprintf(stderr, "load: refused: %.200s\n", n->reply);
}

static void answered(struct load *l, struct line *n) {
    uint64_t now = steady_ns();
    if (l->completed < SAMPLES_MAX) l->latencies[l->completed] = (double)(now - n->asked_ns) / 1e3;
    l->completed++, l->in_flight--;
    l->reply_bytes += n->got;
    n->busy = false;
    if (n->last) reopen(l, n);
    if (l->ending) return;
    if (!l->open_loop) return ask(l, n, now);
    if (l->waiting_count) {
        uint64_t arrived = l->waiting[l->waiting_first++ % WAITING_MAX];
        l->waiting_count--;
        return ask(l, n, arrived);
    }
    l->idle[l->idle_count++] = n;
}

static void forget_idle(struct load *l, const struct line *n) {
    for (size_t i = 0; i < l->idle_count; i++)
        if (l->idle[i] == n) l->idle[i] = l->idle[--l->idle_count];
}

/* The server closed. A question that was sent and not answered is lost; an idle line may be closed. */
static void closed(struct load *l, struct line *n) {
    if (n->busy) l->lost++, l->in_flight--;
    else forget_idle(l, n);
    reopen(l, n);
    n->busy = false;
    if (l->ending) return;
    if (l->open_loop) l->idle[l->idle_count++] = n;
    else ask(l, n, steady_ns());
}

static void readable(struct load *l, struct line *n) {
    for (;;) {
        int got = SSL_read(n->ssl, n->reply + n->got, (int)(REPLY_MAX - 1 - n->got));
        if (got <= 0) {
            int why = SSL_get_error(n->ssl, got);
            ERR_clear_error();
            if (why != SSL_ERROR_WANT_READ) closed(l, n);
            return;
        }
        n->got += (size_t)got;
        if (n->want == 0) look_at_head(l, n);
        if (n->want && n->got >= n->want) return answered(l, n);
    }
}

static uint64_t gap_ns(uint64_t *state, double rate) {
    double u = ((double)(next_random(state) >> 11) + 1) / 9007199254740993.0;
    return (uint64_t)(-log(u) / rate * 1e9);
}

/* Everything that should have arrived by now arrives. */
static void arrivals(struct load *l, uint64_t now, uint64_t *next, uint64_t *state, double rate) {
    while (*next <= now) {
        if (l->idle_count) ask(l, l->idle[--l->idle_count], *next);
        else if (l->waiting_count < WAITING_MAX)
            l->waiting[(l->waiting_first + l->waiting_count++) % WAITING_MAX] = *next;
        *next += gap_ns(state, rate);
    }
}

static void drain_events(struct load *l, int timeout_ms) {
    struct epoll_event events[256];
    int n = epoll_wait(l->epoll, events, 256, timeout_ms);
    for (int i = 0; i < n; i++)
        if (events[i].data.ptr) readable(l, events[i].data.ptr);
}

static void run_open(struct load *l, uint64_t until, double rate) {
    uint64_t state = 88172645463325252u, next = steady_ns(), now;
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event none = {.events = EPOLLIN | EPOLLET};
    must(timer >= 0 && epoll_ctl(l->epoll, EPOLL_CTL_ADD, timer, &none) == 0, "timer");
    while ((now = steady_ns()) < until) {
        arrivals(l, now, &next, &state, rate);
        struct itimerspec at = {.it_value = {(time_t)(next / 1000000000u), (long)(next % 1000000000u)}};
        must(timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL) == 0, "timer");
        drain_events(l, 100);
    }
    close(timer);
}

static void run_closed(struct load *l, uint64_t until) {
    for (size_t i = 0; i < l->line_count; i++) ask(l, &l->lines[i], steady_ns());
    while (steady_ns() < until) drain_events(l, 100);
}

static void prepare(struct load *l, char **argv) {
    settle_address(l, argv[1]);
    settle_keys(l, argv[2], argv[3]);
    l->path = argv[4];
    read_bodies(l, argv[5]);
    l->line_count = read_number(argv[6], LINES_MAX, "CONNECTIONS");
    l->lines = calloc(l->line_count, sizeof *l->lines);
    l->waiting = calloc(WAITING_MAX, sizeof *l->waiting);
    l->latencies = calloc(SAMPLES_MAX, sizeof *l->latencies);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    must(l->lines && l->waiting && l->latencies && l->epoll >= 0, "memory");
    for (size_t i = 0; i < l->line_count; i++) open_line(l, &l->lines[i]);
}

int main(int argc, char **argv) {
    static struct load l;
    pid_t pids[PIDS_MAX];
    if (argc != 10)
        return fprintf(stderr, "usage: load HOST:PORT KEYS INSTITUTION PATH BODIES CONNECTIONS SECONDS RATE PIDS\n"), 2;
    uint64_t seconds = read_number(argv[7], 3600, "SECONDS"), rate = read_number(argv[8], 10000000, "RATE");
    size_t pid_count = strcmp(argv[9], "0") ? read_pids(argv[9], pids) : 0;
    prepare(&l, argv);
    l.open_loop = rate > 0;
    for (size_t i = 0; l.open_loop && i < l.line_count; i++) l.idle[l.idle_count++] = &l.lines[i];
    uint64_t start = steady_ns(), cpu = cpu_of_ns(pids, pid_count), until = start + seconds * 1000000000u;
    if (l.open_loop) run_open(&l, until, (double)rate);
    else run_closed(&l, until);
    l.ending = true;
    for (uint64_t late = steady_ns() + 5000000000u; l.in_flight && steady_ns() < late;) drain_events(&l, 100);
    cpu = cpu_of_ns(pids, pid_count) - cpu;
    double took = (double)(steady_ns() - start) / 1e9, n = l.completed ? (double)l.completed : 1;
    size_t samples = l.completed < SAMPLES_MAX ? l.completed : SAMPLES_MAX;
    qsort(l.latencies, samples, sizeof *l.latencies, by_value);
    printf("%zu %zu %zu %.3f %.0f %.0f %.0f %.0f %.0f %.0f %zu\n", l.completed, l.failed, l.lost + l.in_flight,
           (double)cpu / 1e3 / n, n / took, (double)l.reply_bytes / n, permille(l.latencies, samples, 500),
           permille(l.latencies, samples, 990), permille(l.latencies, samples, 999),
           permille(l.latencies, samples, 1000), l.reopened);
    return l.completed ? 0 : 1;
}
