#include "lib/tiny_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HELD_MAX = 64 };

static void answer(struct tiny_server *s, int fd) {
    char chunk[4096];
    (void)!recv(fd, chunk, sizeof chunk, 0); /* requests of tests are short */
    (void)!send(fd, s->reply.p, s->reply.n, MSG_NOSIGNAL);
    shutdown(fd, SHUT_WR);
    while (recv(fd, chunk, sizeof chunk, 0) > 0) {}
    close(fd);
}

static void *work(void *context) {
    struct tiny_server *s = context;
    int held[HELD_MAX];
    size_t n = 0;
    while (!atomic_load(&s->stop)) {
        struct pollfd p = {.fd = s->fd, .events = POLLIN};
        if (poll(&p, 1, 20) <= 0) continue;
        int fd = accept(s->fd, NULL, NULL);
        if (fd < 0) continue;
        atomic_fetch_add(&s->taken, 1);
        if (s->reply.n) answer(s, fd);
        else if (n < HELD_MAX) held[n++] = fd;
        else close(fd);
    }
    while (n) close(held[--n]);
    return NULL;
}

void tiny_server_start(struct tiny_server *s, struct str reply) {
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    *s = (struct tiny_server){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .reply = reply};
    invariant(s->fd >= 0 && bind(s->fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(s->fd, 64) == 0);
    invariant(getsockname(s->fd, (struct sockaddr *)&a, &n) == 0);
    s->port = ntohs(a.sin_port);
    invariant(pthread_create(&s->thread, NULL, work, s) == 0);
}

void tiny_server_stop(struct tiny_server *s) {
    atomic_store(&s->stop, true);
    pthread_join(s->thread, NULL);
    close(s->fd);
}
