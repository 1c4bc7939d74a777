/* The desk's end of the line: one thread, one message at a time, a slice of waiting work between them. */
#include "service/desk_line.h"

#include "base/scan.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 9, LENGTH = 4, TICK_MS = 1000 };

struct client {
    struct buf in, out;
    size_t sent;
};

struct server {
    const struct desk_handler *handler;
    struct pollfd polls[1 + DESK_CLIENTS_MAX]; /* 0 listens */
    struct client clients[DESK_CLIENTS_MAX];
    size_t count;
    struct buf reply;
};

static enum err listen_at(const char *path, int *out, struct diag *d) {
    struct sockaddr_un a;
    int folder = -1;
    TRY(desk_address(path, &a, &folder, d));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    (void)unlink(path); /* the store's lock says that no other desk lives */
    mode_t before = umask(077);
    bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&a, sizeof a) == 0 && listen(fd, DESK_CLIENTS_MAX) == 0;
    enum err e = bound ? ERR_OK : diag_errno(d, path);
    umask(before);
    close(folder);
    if (!bound && fd >= 0) close(fd);
    *out = fd;
    return e;
}

static void welcome(struct server *s) {
    int fd = accept4(s->polls[0].fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    if (s->count == DESK_CLIENTS_MAX) {
        close(fd);
        return;
    }
    struct client *c = &s->clients[s->count++];
    buf_init(&c->in, DESK_MESSAGE_MAX);
    buf_init(&c->out, DESK_MESSAGE_MAX + LENGTH);
    c->sent = 0;
    s->polls[s->count] = (struct pollfd){.fd = fd, .events = POLLIN};
}

static void part(struct server *s, size_t i) {
    close(s->polls[i + 1].fd);
    buf_fini(&s->clients[i].in);
    buf_fini(&s->clients[i].out);
    s->count--;
    s->clients[i] = s->clients[s->count];
    s->polls[i + 1] = s->polls[s->count + 1];
}

/* The length at the front is one that no message has: nothing behind it can be understood. */
static bool nonsense(const struct client *c) {
    struct scan in = scan_of(buf_str(&c->in));
    uint32_t n = 0;
    return scan_u32(&in, &n) && (n < HEAD || n > DESK_MESSAGE_MAX - LENGTH);
}

/* A whole message at the front of c->in is answered into c->out. False: not one. */
static bool take_message(struct server *s, struct client *c) {
    struct scan in = scan_of(buf_str(&c->in));
    uint32_t n = 0;
    uint8_t kind = 0;
    uint64_t institution = 0;
    struct str body;
    if (!scan_u32(&in, &n) || n < HEAD || scan_left(&in) < n) return false;
    if (!scan_u8(&in, &kind) || !scan_u64(&in, &institution) || !scan_take(&in, n - HEAD, &body)) return false;
    buf_reset(&s->reply);
    unsigned status =
        s->handler->answer(s->handler->context, kind, (struct institution_code){institution}, body, &s->reply);
    if (!buf_ok(&s->reply)) buf_reset(&s->reply), status = 503;
    buf_reset(&c->out);
    buf_u32(&c->out, (uint32_t)(s->reply.n + 2));
    buf_u16(&c->out, (uint16_t)status);
    buf_put(&c->out, buf_str(&s->reply));
    c->sent = 0;
    size_t used = LENGTH + n;
    memmove(c->in.p, c->in.p + used, c->in.n - used);
    explicit_bzero(c->in.p + c->in.n - used, used); /* a card's certificate is not left lying about */
    buf_cut(&c->in, c->in.n - used);
    return true;
}

static bool hear(struct server *s, size_t i) {
    struct client *c = &s->clients[i];
    char *to = buf_room(&c->in, 64 << 10);
    ssize_t n = to ? recv(s->polls[i + 1].fd, to, 64 << 10, 0) : 0;
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    if (n == 0) return false;
    c->in.n += (size_t)n;
    if (take_message(s, c)) s->polls[i + 1].events = POLLOUT;
    return !nonsense(c);
}

static bool say(struct server *s, size_t i) {
    struct client *c = &s->clients[i];
    ssize_t n = send(s->polls[i + 1].fd, c->out.p + c->sent, c->out.n - c->sent, MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    c->sent += (size_t)n;
    if (c->sent < c->out.n) return true;
    buf_fini(&c->out); /* a bulk result may have been large */
    buf_init(&c->out, DESK_MESSAGE_MAX + LENGTH);
    if (!take_message(s, c)) s->polls[i + 1].events = POLLIN;
    return !nonsense(c);
}

static void turn(struct server *s) {
    for (size_t i = s->count; i-- > 0;) {
        short events = s->polls[i + 1].revents;
        bool stay = true;
        if (events & POLLIN) stay = hear(s, i);
        else if (events & POLLOUT) stay = say(s, i);
        else if (events) stay = false;
        if (!stay) part(s, i);
    }
    if (s->polls[0].revents & POLLIN) welcome(s);
}

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

enum err desk_line_serve(const char *socket_path, const struct desk_handler *h, const volatile bool *stop,
                         struct diag *d) {
    struct server *s = calloc(1, sizeof *s);
    if (s == NULL) return diag_set(d, ERR_MEMORY, "desk", NULL);
    s->handler = h;
    s->polls[0].events = POLLIN;
    enum err e = listen_at(socket_path, &s->polls[0].fd, d);
    if (e != ERR_OK) return free(s), e;
    buf_init(&s->reply, DESK_MESSAGE_MAX);
    bool more = true; /* what an earlier process left waiting */
    for (int64_t ticked = 0; !*stop;) {
        int n = poll(s->polls, (nfds_t)s->count + 1, more ? 0 : TICK_MS);
        if (n > 0) turn(s);
        more = h->work(h->context);
        if (now_ms() - ticked < TICK_MS) continue;
        ticked = now_ms();
        h->tick(h->context);
    }
    while (s->count) part(s, s->count - 1);
    close(s->polls[0].fd);
    (void)unlink(socket_path);
    buf_fini(&s->reply);
    free(s);
    return ERR_OK;
}
