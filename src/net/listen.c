#include "net/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PORT_MAX = 65535 };

bool host_port_split(struct str s, char host[LISTEN_HOST_MAX + 1], char port[LISTEN_PORT_MAX]) {
    uint64_t number;
    size_t colon = s.n;
    while (colon > 0 && s.p[colon - 1] != ':') colon--;
    if (colon < 2) return false;
    struct str name = str_head(s, colon - 1), digits = str_skip(s, colon);
    if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']') name = str_of(name.p + 1, name.n - 2);
    else if (str_find(name, S(":")) < name.n) return false;
    return str_uint(digits, PORT_MAX, &number) && str_to_c(digits, port, LISTEN_PORT_MAX) &&
           str_to_c(name, host, LISTEN_HOST_MAX + 1);
}

static enum err socket_error(struct diag *d, const char *where) {
    switch (errno) {
    case EADDRINUSE: return diag_set(d, ERR_LOCKED, where, "the port is in use");
    case EACCES:
    case EPERM: return diag_set(d, ERR_FORBIDDEN, where, "ports below 1024 need root");
    case EADDRNOTAVAIL: return diag_set(d, ERR_VALUE, where, "not an address of this machine");
    default: return diag_errno(d, where);
    }
}

static enum err bind_one(int fd, const struct addrinfo *a, const char *where, struct diag *d) {
    int yes = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0) return socket_error(d, where);
    /* As nginx does by itself, so that it finds its own setting on the socket it is handed. */
    if (a->ai_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) != 0)
        return socket_error(d, where);
    if (bind(fd, a->ai_addr, a->ai_addrlen) != 0 || listen(fd, LISTEN_BACKLOG) != 0) return socket_error(d, where);
    return ERR_OK;
}

static enum err name_it(struct listener *l, const char *where, struct diag *d) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } a = {0};
    socklen_t n = sizeof a;
    char text[INET6_ADDRSTRLEN];
    if (getsockname(l->fd, &a.any, &n) != 0) return socket_error(d, where);
    bool six = a.any.sa_family == AF_INET6;
    const void *address = six ? (const void *)&a.v6.sin6_addr : (const void *)&a.v4.sin_addr;
    if (inet_ntop(a.any.sa_family, address, text, sizeof text) == NULL) return socket_error(d, where);
    l->port = ntohs(six ? a.v6.sin6_port : a.v4.sin_port);
    l->loopback = six ? IN6_IS_ADDR_LOOPBACK(&a.v6.sin6_addr) : ntohl(a.v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    snprintf(l->address, sizeof l->address, six ? "[%s]:%u" : "%s:%u", text, l->port);
    return ERR_OK;
}

enum err listener_open(struct listener *l, struct str host_port, struct diag *d) {
    char host[LISTEN_HOST_MAX + 1], port[LISTEN_PORT_MAX], where[128];
    struct addrinfo wanted = {
        .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    *l = (struct listener){.fd = -1};
    snprintf(where, sizeof where, "%.*s", (int)(host_port.n < 100 ? host_port.n : 100), host_port.p);
    if (!host_port_split(host_port, host, port)) return diag_set(d, ERR_VALUE, where, "HOST:PORT or [IPV6]:PORT");
    if (getaddrinfo(host, port, &wanted, &found) != 0) return diag_set(d, ERR_VALUE, where, "no such host");
    /* Not blocking: nginx sets that on sockets it opens, never on one it is handed. All workers are woken for one client, and
     * those that come late must find nobody there, not wait in accept() with their own clients unanswered. */
    l->fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    enum err e = l->fd < 0 ? socket_error(d, where) : bind_one(l->fd, found, where, d);
    freeaddrinfo(found);
    if (e == ERR_OK) e = name_it(l, where, d);
    if (e != ERR_OK) listener_close(l);
    return e;
}

void listener_close(struct listener *l) {
    if (l->fd >= 0) close(l->fd);
    l->fd = -1;
}
