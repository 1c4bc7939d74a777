#include "service/desk_line.h"

#include "base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

struct desk_line {
    struct sockaddr_un address;
    int folder; /* the address goes through it */
    int fd;     /* the thread's own; -1: not connected */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t more;
    struct desk_message *waiting, *waiting_last, *finished, *finished_last;
    size_t queued;
    bool stop;
    void (*wake)(void *context);
    void *context;
};

static void push(struct desk_message **first, struct desk_message **last, struct desk_message *m) {
    m->next = NULL;
    if (*first) (*last)->next = m;
    else *first = m;
    *last = m;
}

enum err desk_address(const char *socket_path, struct sockaddr_un *out, int *folder, struct diag *d) {
    char path[PATH_MAX];
    const char *slash = strrchr(socket_path, '/');
    *out = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (slash == NULL || !str_to_c(str_of(socket_path, (size_t)(slash - socket_path)), path, sizeof path))
        return diag_set(d, ERR_LIMIT, "desk", NULL);
    *folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (*folder < 0) return diag_errno(d, "run");
    int n = snprintf(out->sun_path, sizeof out->sun_path, "/proc/self/fd/%d%s", *folder, slash);
    if (n < (int)sizeof out->sun_path) return ERR_OK;
    close(*folder);
    return diag_set(d, ERR_LIMIT, "desk", NULL);
}

/* ---- talking ---- */

static bool connect_once(struct desk_line *l) {
    struct timeval wait = {.tv_sec = DESK_WAIT_S};
    l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->fd < 0) return false;
    (void)setsockopt(l->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    (void)setsockopt(l->fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (connect(l->fd, (const struct sockaddr *)&l->address, sizeof l->address) == 0) return true;
    int why = errno;
    close(l->fd);
    l->fd = -1;
    errno = why;
    return false;
}

static bool stopping(struct desk_line *l) {
    pthread_mutex_lock(&l->mutex);
    bool stop = l->stop;
    pthread_mutex_unlock(&l->mutex);
    return stop;
}

/* A desk that ended since the last message closed its end; a byte that nobody asked for is as bad. */
static bool still_there(int fd) {
    char byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EINTR);
}

/* The desk's process starts beside the workers and may come to its socket after the first question. */
static bool connect_line(struct desk_line *l) {
    enum { STEP_MS = 20 };
    if (l->fd >= 0 && !still_there(l->fd)) close(l->fd), l->fd = -1;
    if (l->fd >= 0) return true;
    for (int waited_ms = 0; !connect_once(l); waited_ms += STEP_MS) {
        bool not_yet = errno == ENOENT || errno == ECONNREFUSED;
        if (!not_yet || waited_ms >= DESK_START_MS || stopping(l)) return false;
        usleep(STEP_MS * 1000);
    }
    return true;
}

static enum err send_all(int fd, struct str s) {
    while (s.n) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN ? ERR_TIMEOUT : ERR_UNAVAILABLE;
        s = str_skip(s, (size_t)n);
    }
    return ERR_OK;
}

static enum err receive_all(int fd, char *to, size_t n) {
    for (size_t got = 0; got < n;) {
        ssize_t r = recv(fd, to + got, n - got, 0);
        if (r < 0 && errno == EINTR) continue;
        if (r < 0 && errno == EAGAIN) return ERR_TIMEOUT;
        if (r <= 0) return ERR_UNAVAILABLE;
        got += (size_t)r;
    }
    return ERR_OK;
}

static enum err receive_reply(int fd, struct desk_message *m) {
    char head[6];
    uint32_t n = 0;
    uint16_t status = 0;
    TRY(receive_all(fd, head, sizeof head));
    struct scan s = scan_of(str_of(head, sizeof head));
    if (!scan_u32(&s, &n) || !scan_u16(&s, &status) || n < 2 || n > DESK_MESSAGE_MAX) return ERR_CORRUPT;
    char *to = buf_room(&m->reply, n - 2);
    if (to == NULL) return ERR_MEMORY;
    TRY(receive_all(fd, to, n - 2));
    m->reply.n = n - 2;
    m->status = status;
    return ERR_OK;
}

static enum err exchange(int fd, struct desk_message *m) {
    char room[16];
    struct buf head = buf_over(room, sizeof room);
    buf_u32(&head, (uint32_t)(m->body.n + 9));
    buf_u8(&head, (uint8_t)m->kind);
    buf_u64(&head, m->institution.n);
    TRY(send_all(fd, buf_str(&head)));
    TRY(send_all(fd, m->body));
    return receive_reply(fd, m);
}

static void talk(struct desk_line *l, struct desk_message *m) {
    buf_init(&m->reply, DESK_MESSAGE_MAX);
    m->err = connect_line(l) ? exchange(l->fd, m) : ERR_UNAVAILABLE;
    if (m->err == ERR_OK || l->fd < 0) return;
    close(l->fd); /* a reply may still come: not on this connection any more */
    l->fd = -1;
}

/* ---- the worker's thread and queue ---- */

static void *work(void *context) {
    struct desk_line *l = context;
    pthread_mutex_lock(&l->mutex);
    for (;;) {
        while (!l->stop && l->waiting == NULL) pthread_cond_wait(&l->more, &l->mutex);
        if (l->stop) break;
        struct desk_message *m = l->waiting;
        l->waiting = m->next;
        pthread_mutex_unlock(&l->mutex);
        talk(l, m);
        pthread_mutex_lock(&l->mutex);
        push(&l->finished, &l->finished_last, m);
        l->wake(l->context);
    }
    pthread_mutex_unlock(&l->mutex);
    if (l->fd >= 0) close(l->fd);
    return NULL;
}

static bool start_thread(struct desk_line *l) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are the loop's */
    bool started = pthread_create(&l->thread, NULL, work, l) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

enum err desk_line_open(struct desk_line **out, const char *socket_path, void (*wake)(void *context), void *context,
                        struct diag *d) {
    struct desk_line *l = calloc(1, sizeof *l);
    if (l == NULL) return diag_set(d, ERR_MEMORY, "desk", NULL);
    l->fd = -1, l->wake = wake, l->context = context;
    enum err e = desk_address(socket_path, &l->address, &l->folder, d);
    if (e != ERR_OK) {
        free(l);
        return e;
    }
    pthread_mutex_init(&l->mutex, NULL);
    pthread_cond_init(&l->more, NULL);
    if (start_thread(l)) return *out = l, ERR_OK;
    close(l->folder);
    free(l);
    return diag_set(d, ERR_MEMORY, "desk", "no thread could be started");
}

enum err desk_line_send(struct desk_line *l, struct desk_message *m) {
    pthread_mutex_lock(&l->mutex);
    bool full = l->queued == DESK_QUEUE_MAX;
    if (!full) {
        push(&l->waiting, &l->waiting_last, m);
        l->queued++;
        pthread_cond_signal(&l->more);
    }
    pthread_mutex_unlock(&l->mutex);
    return full ? ERR_BUSY : ERR_OK;
}

void desk_line_collect(struct desk_line *l) {
    pthread_mutex_lock(&l->mutex);
    struct desk_message *m = l->finished, *next;
    l->finished = NULL;
    for (struct desk_message *i = m; i; i = i->next) l->queued--;
    pthread_mutex_unlock(&l->mutex);
    for (; m; m = next) {
        next = m->next;
        m->done(m);
    }
}

void desk_line_close(struct desk_line *l) {
    pthread_mutex_lock(&l->mutex);
    l->stop = true;
    if (l->fd >= 0) (void)shutdown(l->fd, SHUT_RDWR); /* wakes a thread that waits for a reply */
    pthread_cond_signal(&l->more);
    pthread_mutex_unlock(&l->mutex);
    pthread_join(l->thread, NULL);
    while (l->waiting) {
        struct desk_message *m = l->waiting;
        l->waiting = m->next;
        m->err = ERR_UNAVAILABLE;
        push(&l->finished, &l->finished_last, m);
    }
    desk_line_collect(l);
    pthread_cond_destroy(&l->more);
    pthread_mutex_destroy(&l->mutex);
    close(l->folder);
    free(l);
}
