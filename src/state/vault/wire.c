#include "state/vault/wire.h"

#include "base/scan.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static enum err send_all(int fd, struct str s, struct diag *d) {
    while (s.n) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return diag_set(d, ERR_UNAVAILABLE, "vault", "%s", strerrorname_np(errno));
        s = str_skip(s, (size_t)n);
    }
    return ERR_OK;
}

static enum err receive_all(int fd, char *to, size_t n, bool first, struct diag *d) {
    for (size_t got = 0; got < n;) {
        ssize_t r = recv(fd, to + got, n - got, 0);
        if (r < 0 && errno == EINTR) continue;
        if (r == 0 && got == 0 && first) return ERR_NOT_FOUND;
        if (r <= 0) return diag_set(d, ERR_UNAVAILABLE, "vault", "the connection broke");
        got += (size_t)r;
    }
    return ERR_OK;
}

enum err wire_send(int fd, struct str body, struct diag *d) {
    char room[4];
    struct buf head = buf_over(room, sizeof room);
    buf_u32(&head, (uint32_t)body.n);
    TRY(send_all(fd, buf_str(&head), d));
    return send_all(fd, body, d);
}

enum err wire_receive(int fd, struct buf *body, struct diag *d) {
    char room[4];
    uint32_t n = 0;
    if (body->p) explicit_bzero(body->p, body->cap);
    buf_reset(body);
    TRY(receive_all(fd, room, sizeof room, true, d));
    struct scan s = scan_of(str_of(room, sizeof room));
    if (!scan_u32(&s, &n) || n > body->limit) return diag_set(d, ERR_LIMIT, "vault", NULL);
    char *to = buf_room(body, n);
    if (to == NULL) return diag_set(d, ERR_MEMORY, "vault", NULL);
    TRY(receive_all(fd, to, n, false, d));
    body->n = n;
    return ERR_OK;
}
