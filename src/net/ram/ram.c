#include "net/ram/ram.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct ram_call {
    struct http_exchange x; /* first: done() finds the call by it */
    struct ram_call *next;
    bool answered, forgotten;
};

struct ram {
    struct http_loop loop; /* first */
    const struct http_app *app;
    void *state;
    struct ram_call *calls;
    size_t owed;
    int event_fd;
};

static void ram_wake(struct http_loop *loop) {
    uint64_t one = 1;
    (void)!write(((struct ram *)loop)->event_fd, &one, sizeof one);
}

static void free_call(struct ram *r, struct ram_call *c) {
    struct ram_call **at = &r->calls;
    while (*at != c) at = &(*at)->next;
    *at = c->next;
    http_exchange_fini(&c->x);
    free(c);
}

static void ram_done(struct http_loop *loop, struct http_exchange *x) {
    struct ram *r = (struct ram *)loop;
    struct ram_call *c = (struct ram_call *)x;
    invariant(!c->answered);
    c->answered = true;
    r->owed--;
    if (c->forgotten) free_call(r, c);
}

enum err ram_open(struct ram **out, const struct http_app *app, struct str config, struct diag *d) {
    struct ram *r = calloc(1, sizeof *r);
    if (r == NULL) return diag_set(d, ERR_MEMORY, "ram", NULL);
    r->loop = (struct http_loop){ram_wake, ram_done};
    r->app = app;
    r->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    enum err e = r->event_fd < 0 ? diag_errno(d, "eventfd") : app->start(&r->loop, config, 0, &r->state, d);
    if (e != ERR_OK) {
        if (r->event_fd >= 0) close(r->event_fd);
        free(r);
        return e;
    }
    *out = r;
    return ERR_OK;
}

void ram_close(struct ram *r) {
    if (r == NULL) return;
    r->app->stop(r->state);
    while (r->calls) free_call(r, r->calls);
    close(r->event_fd);
    free(r);
}

static struct str copy(struct ram_call *c, struct str s) { return str_empty(s) ? s : arena_copy(&c->x.arena, s); }

/* A memory checker sees a handler that reads past the body, since the copy ends where the body does. */
static void copy_request(struct ram_call *c, const struct http_request *q) {
    struct http_request *to = &c->x.request;
    *to = *q;
    to->method = copy(c, str_eq(q->method, S("HEAD")) ? S("GET") : q->method);
    to->path = copy(c, q->path);
    to->query = copy(c, q->query);
    to->content_type = copy(c, q->content_type);
    to->accept = copy(c, q->accept);
    to->authorization = copy(c, q->authorization);
    to->if_none_match = copy(c, q->if_none_match);
    to->host = copy(c, q->host);
    to->origin = copy(c, q->origin);
    to->entrance = copy(c, str_empty(q->entrance) ? S("door") : q->entrance);
    to->body = copy(c, q->body);
}

struct ram_call *ram_send(struct ram *r, const struct http_request *request) {
    struct ram_call *c = calloc(1, sizeof *c);
    invariant(c != NULL);
    http_exchange_init(&c->x, &r->loop);
    copy_request(c, request);
    c->next = r->calls;
    r->calls = c;
    r->owed++;
    if (r->app->handle(r->state, &c->x) == HTTP_NOW) {
        invariant(!c->answered);
        c->answered = true;
        r->owed--;
    }
    return c;
}

void ram_turn(struct ram *r) { r->app->turn(r->state); }
bool ram_answered(const struct ram_call *c) { return c->answered; }
size_t ram_owed(const struct ram *r) { return r->owed; }

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const struct http_reply *ram_wait(struct ram *r, struct ram_call *c) {
    int64_t end = now_ms() + RAM_WAIT_MS;
    ram_turn(r);
    while (!c->answered) {
        int64_t left = end - now_ms();
        struct pollfd p = {.fd = r->event_fd, .events = POLLIN};
        uint64_t count;
        if (left <= 0) return NULL;
        if (poll(&p, 1, (int)left) <= 0) continue;
        (void)!read(r->event_fd, &count, sizeof count);
        r->app->woken(r->state);
        ram_turn(r);
    }
    return &c->x.reply;
}

void ram_forget(struct ram *r, struct ram_call *c) {
    if (c->answered) free_call(r, c);
    else c->forgotten = true;
}

const struct http_reply *ram_ask(struct ram *r, const struct http_request *request, struct ram_call **call) {
    *call = ram_send(r, request);
    return ram_wait(r, *call);
}
