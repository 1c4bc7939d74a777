#include "edge/card/vpcd.h"

#include "net/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { POWER_OFF = 0, POWER_ON = 1, RESET = 2, GIVE_ATR = 4, LOOK_MS = 200 };

bool vpcd_take(struct str *bytes, struct str *message) {
    if (bytes->n < VPCD_HEADER) return false;
    size_t n = (size_t)(unsigned char)bytes->p[0] << 8 | (unsigned char)bytes->p[1];
    if (bytes->n - VPCD_HEADER < n) return false;
    *message = str_of(bytes->p + VPCD_HEADER, n);
    *bytes = str_skip(*bytes, VPCD_HEADER + n);
    return true;
}

static void put_reply(struct buf *out, struct str body) {
    buf_u8(out, (uint8_t)(body.n >> 8)), buf_u8(out, (uint8_t)(body.n & 0xff));
    buf_put(out, body);
}

bool vpcd_answer(struct virtual_card *c, struct str message, struct buf *out) {
    if (message.n <= 1) {
        int order = message.n ? message.p[0] : -1;
        if (order == GIVE_ATR) put_reply(out, virtual_card_atr());
        if (order == POWER_OFF || order == POWER_ON || order == RESET) virtual_card_reset(c);
        return false;
    }
    char room[APDU_ANSWER_MAX];
    struct buf reply = buf_over(room, sizeof room);
    virtual_card_answer(c, message, &reply);
    put_reply(out, buf_str(&reply));
    return true;
}

/* ---- the socket ---- */

enum err vpcd_connect(int *fd, struct str host_port, struct diag *d) {
    char host[LISTEN_HOST_MAX + 1], port[LISTEN_PORT_MAX];
    struct addrinfo *all = NULL, hints = {.ai_socktype = SOCK_STREAM};
    *fd = -1;
    if (!host_port_split(host_port, host, port)) return diag_set(d, ERR_VALUE, "--vpcd", "HOST:PORT");
    if (getaddrinfo(host, port, &hints, &all) != 0) return diag_set(d, ERR_UNAVAILABLE, "--vpcd", "no such host");
    for (struct addrinfo *a = all; a && *fd < 0; a = a->ai_next) {
        *fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        if (*fd >= 0 && connect(*fd, a->ai_addr, a->ai_addrlen) == 0) break;
        if (*fd >= 0) close(*fd);
        *fd = -1;
    }
    freeaddrinfo(all);
    int yes = 1;
    if (*fd >= 0 && setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0) return ERR_OK;
    if (*fd >= 0) close(*fd);
    return diag_set(d, ERR_UNAVAILABLE, "--vpcd", "pcscd と vpcd は動いていますか / is pcscd with vpcd running there?");
}

/* vpcd sends length and body apart and waits for the acknowledgement of the first: 40 to 60 ms a command unless it is sent at once. */
static ssize_t receive(int fd, void *to, size_t n) {
    int yes = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &yes, sizeof yes); /* only speed is lost without it */
    return recv(fd, to, n, 0);
}

static bool send_all(int fd, struct str bytes) {
    while (bytes.n) {
        ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes = str_skip(bytes, (size_t)n);
    }
    return true;
}

static void wait_ms(unsigned ms) {
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&t, NULL);
}

/* Answers what is whole in `in` and keeps the rest. */
static bool answer_whole(int fd, struct virtual_card *c, unsigned delay_ms, struct buf *in) {
    struct str bytes = buf_str(in), message;
    char room[VPCD_HEADER + APDU_ANSWER_MAX];
    while (vpcd_take(&bytes, &message)) {
        struct buf out = buf_over(room, sizeof room);
        if (vpcd_answer(c, message, &out) && delay_ms) wait_ms(delay_ms);
        if (!send_all(fd, buf_str(&out))) return false;
    }
    if (bytes.n) memmove(in->p, bytes.p, bytes.n);
    buf_cut(in, bytes.n);
    return true;
}

static enum err gone(struct diag *d) { return diag_set(d, ERR_UNAVAILABLE, "vpcd", "the reader went away"); }

enum err vpcd_serve(int fd, struct virtual_card *c, unsigned delay_ms, const volatile bool *stop, struct diag *d) {
    struct buf in;
    enum err e = ERR_OK;
    buf_init(&in, VPCD_HEADER + VPCD_MESSAGE_MAX);
    while (e == ERR_OK && !*stop) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int ready = poll(&p, 1, LOOK_MS);
        if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
        if (ready < 0) e = diag_errno(d, "poll");
        if (e != ERR_OK) break;
        size_t left = in.limit - in.n; /* never 0: a whole message was taken out */
        char *room = buf_room(&in, left);
        ssize_t n = room ? receive(fd, room, left) : 0;
        if (room == NULL) e = diag_set(d, ERR_MEMORY, "vpcd", NULL);
        else if (n < 0 && errno == EINTR) continue;
        else if (n <= 0) e = gone(d);
        else in.n += (size_t)n, e = answer_whole(fd, c, delay_ms, &in) ? ERR_OK : gone(d);
    }
    buf_fini(&in);
    return e;
}
