#include "lib/http_test_app.h"

#include "state/trust/standing.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct job {
    struct job *next;
    struct http_exchange *x;
    unsigned wait_ms;
};

struct test_app {
    struct http_loop *loop;
    struct standing *standing;
    unsigned worker;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wanted;
    struct job *gathered, *waiting, *ready; /* the loop's own; both under the lock */
    uint64_t turns, biggest, gathered_count;
    bool stop;
};

static void nap(unsigned ms) { nanosleep(&(struct timespec){ms / 1000, (long)(ms % 1000) * 1000000}, NULL); }

static void *work(void *context) {
    struct test_app *a = context;
    pthread_mutex_lock(&a->lock);
    while (!a->stop || a->waiting) {
        struct job *j = a->waiting;
        if (j == NULL) {
            pthread_cond_wait(&a->wanted, &a->lock);
            continue;
        }
        a->waiting = j->next;
        pthread_mutex_unlock(&a->lock);
        nap(j->wait_ms);
        pthread_mutex_lock(&a->lock);
        j->next = a->ready;
        a->ready = j;
        http_wake(a->loop);
    }
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

/* As the real app does: `mado serve` lets the store's run/keys point to the keys. */
static enum err open_standing(struct test_app *a, struct str config, struct diag *d) {
    char path[4096];
    struct buf b;
    buf_init(&b, sizeof path);
    buf_put(&b, config);
    buf_puts(&b, "/run/keys/revoked");
    bool fits = buf_ok(&b) && str_to_c(buf_str(&b), path, sizeof path);
    buf_fini(&b);
    return fits ? standing_open(&a->standing, world_real(), path, d) : diag_set(d, ERR_LIMIT, "config", NULL);
}

static enum err start(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d) {
    if (str_ends(config, S("refuse"))) return diag_set(d, ERR_CORRUPT, "test", "refused to start");
    struct test_app *a = calloc(1, sizeof *a);
    if (a == NULL) return diag_set(d, ERR_MEMORY, "test", NULL);
    enum err e = open_standing(a, config, d);
    if (e != ERR_OK) return free(a), e;
    a->loop = loop;
    a->worker = worker;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->wanted, NULL);
    invariant(pthread_create(&a->thread, NULL, work, a) == 0);
    *app = a;
    return ERR_OK;
}

static void reply(struct test_app *a, struct http_exchange *x) {
    struct buf *b = &x->reply.body;
    uint64_t n = 0;
    x->reply.status = 200;
    x->reply.content_type = S("application/json; charset=utf-8");
    if (str_ends(x->request.path, S("big"))) {
        if (!str_uint(x->request.query, HTTP_REPLY_MAX, &n)) n = 0;
        char *at = buf_room(b, n);
        invariant(at != NULL);
        memset(at, 'b', n);
        b->n += n;
        return;
    }
    buf_puts(b, "{\"method\":"), buf_json(b, x->request.method);
    buf_puts(b, ",\"path\":"), buf_json(b, x->request.path);
    buf_puts(b, ",\"query\":"), buf_json(b, x->request.query);
    buf_puts(b, ",\"entrance\":"), buf_json(b, x->request.entrance);
    buf_puts(b, ",\"type\":"), buf_json(b, x->request.content_type);
    buf_puts(b, ",\"serial\":"), buf_json(b, str_c(x->request.peer.subject_serial));
    buf_printf(b, ",\"verified\":%s,\"not_after\":%lld,\"body\":%zu,\"worker\":%u}\n",
               x->request.peer.verified ? "true" : "false", (long long)x->request.peer.not_after_s, x->request.body.n,
               a->worker);
}

static enum http_step later(struct test_app *a, struct http_exchange *x) {
    struct job *j = arena_new(&x->arena, sizeof *j);
    uint64_t ms = 0;
    invariant(j != NULL);
    if (str_eq(x->request.path, S("/slow")) && !str_uint(x->request.query, 60 * 1000, &ms)) ms = 0;
    *j = (struct job){.next = a->gathered, .x = x, .wait_ms = (unsigned)ms};
    a->gathered = j;
    a->gathered_count++;
    return HTTP_LATER;
}

static enum http_step handle(void *app, struct http_exchange *x) {
    struct test_app *a = app;
    struct str path = x->request.path;
    if (x->request.peer.verified && !standing_good(a->standing, x->request.peer.fingerprint)) {
        http_reply_error(x, ERR_UNAUTHENTICATED, S("revoked"));
        return HTTP_NOW;
    }
    if (str_starts(path, S("/later")) || str_eq(path, S("/slow"))) return later(a, x);
    if (str_eq(path, S("/echo"))) {
        x->reply.status = 200;
        x->reply.content_type = x->request.content_type;
        buf_put(&x->reply.body, x->request.body);
    } else if (str_eq(path, S("/headers"))) {
        http_reply_header(x, S("ETag"), S("\"7\""));
        http_reply_header(x, S("X-Split"), S("a\r\nX-Evil: 1"));
        x->reply.status = 204;
    } else if (str_eq(path, S("/turns"))) {
        x->reply.status = 200;
        buf_printf(&x->reply.body, "%llu %llu\n", (unsigned long long)a->turns, (unsigned long long)a->biggest);
    } else if (str_eq(path, S("/now")) || str_eq(path, S("/big"))) {
        reply(a, x);
    } else {
        http_reply_error(x, ERR_PATH, S(""));
    }
    return HTTP_NOW;
}

static void turn(void *app) {
    struct test_app *a = app;
    if (a->gathered == NULL) return;
    a->turns++;
    if (a->gathered_count > a->biggest) a->biggest = a->gathered_count;
    a->gathered_count = 0;
    pthread_mutex_lock(&a->lock);
    struct job **end = &a->waiting;
    while (*end) end = &(*end)->next;
    *end = a->gathered;
    a->gathered = NULL;
    pthread_cond_signal(&a->wanted);
    pthread_mutex_unlock(&a->lock);
}

static void woken(void *app) {
    struct test_app *a = app;
    pthread_mutex_lock(&a->lock);
    struct job *ready = a->ready;
    a->ready = NULL;
    pthread_mutex_unlock(&a->lock);
    while (ready) {
        struct job *j = ready;
        ready = j->next;
        reply(a, j->x);
        http_done(j->x);
    }
}

static void stop(void *app) {
    struct test_app *a = app;
    turn(a);
    pthread_mutex_lock(&a->lock);
    a->stop = true;
    pthread_cond_signal(&a->wanted);
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    woken(a);
    standing_close(a->standing);
    free(a);
}

static const struct http_app test_app = {
    .name = "centre", .start = start, .handle = handle, .turn = turn, .woken = woken, .stop = stop};
const struct http_app *const http_apps[] = {&test_app, NULL};
