/* listen: the sockets the door is reached by. `mado serve` opens them itself and hands them to nginx: so port 0 works, a low
 * port is bound before root's powers are given up, and whoever connects early waits instead of being turned away. */
#ifndef NET_LISTEN_H
#define NET_LISTEN_H

#include "base/err.h"

enum { LISTEN_BACKLOG = 4096, LISTEN_ADDRESS_MAX = 64, LISTEN_HOST_MAX = 255, LISTEN_PORT_MAX = 8 };

struct listener {
    int fd;
    unsigned port;
    bool loopback;
    char address[LISTEN_ADDRESS_MAX]; /* "127.0.0.1:8443", "[::1]:8443" */
};

/* "HOST:PORT", "[IPV6]:PORT"; a name is resolved and the first address taken; port 0: a free one. ERR_VALUE for anything
 * else, ERR_LOCKED when the port is in use, ERR_FORBIDDEN when it may not be used. The socket is closed on exec
 * and does not block: accept() says EAGAIN when nobody is there. */
MUST_USE enum err listener_open(struct listener *l, struct str host_port, struct diag *d);
void listener_close(struct listener *l);

/* "HOST:PORT" or "[IPV6]:PORT" as two C strings, the port a number; false for anything else. */
MUST_USE bool host_port_split(struct str s, char host[LISTEN_HOST_MAX + 1], char port[LISTEN_PORT_MAX]);

#endif
