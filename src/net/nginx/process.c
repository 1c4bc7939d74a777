/* The worker process: where the app starts, is woken, and ends. */
#include "net/nginx/worker.h"

#include "base/log.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>

static void wake(struct http_loop *loop) {
    struct door_worker *w = (struct door_worker *)loop;
    uint64_t one = 1;
    if (!atomic_exchange(&w->wake_pending, true)) (void)!write(w->event_fd, &one, sizeof one);
}

/* Edge-triggered: each write is an event, and the counter need never be read. */
static void on_wake(ngx_event_t *ev) {
    struct door_worker *w = ((ngx_connection_t *)ev->data)->data;
    atomic_store(&w->wake_pending, false);
    w->app->woken(w->state);
}

static void on_turn(ngx_event_t *ev) {
    struct door_worker *w = ev->data;
    w->app->turn(w->state);
    door_lines_rest(w);
}

/* A quitting worker leaves as soon as no timer is left, and would drop the requests that wait for the disk. */
static void on_guard(ngx_event_t *ev) {
    struct door_worker *w = ev->data;
    if (w->owed) ngx_add_timer(ev, DOOR_GUARD_MS);
}

/* The smallest number no living worker holds, by a lock that goes with the process: nginx's own numbers are given again
 * to the new workers of a reload while the old ones still finish. */
static int take_number(ngx_cycle_t *cycle, unsigned *number) {
    char path[NGX_MAX_PATH];
    for (unsigned n = 0; n < DOOR_WORKERS_MAX; n++) {
        if (snprintf(path, sizeof path, "%.*sworker.%u.lock", (int)cycle->prefix.len, (char *)cycle->prefix.data, n) >=
            (int)sizeof path)
            return -1;
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0) return -1;
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            *number = n;
            return fd; /* held until the process is gone */
        }
        close(fd);
    }
    return -1;
}

/* The word to `mado serve`, which waits for it before it says that the door is open. */
static void tell_parent(const char *word, unsigned number, const struct diag *d) {
    uint64_t fd;
    char line[512];
    if (!str_uint(str_c(getenv("MADO_READY_FD")), INT32_MAX, &fd)) return;
    int n = snprintf(line, sizeof line, "%s %u %d %s: %s\n", word, number, (int)getpid(), d->where, d->detail);
    if (n > 0) (void)!write((int)fd, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}

static bool listen_for_wakes(struct door_worker *w, ngx_cycle_t *cycle) {
    w->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (w->event_fd < 0 || (w->event = ngx_get_connection(w->event_fd, cycle->log)) == NULL) return false;
    w->event->data = w;
    w->event->read->handler = on_wake;
    w->event->read->log = cycle->log;
    w->event->read->channel = 1; /* nginx's own mark for a connection that is not a client's: no complaint at the end */
    return ngx_add_event(w->event->read, NGX_READ_EVENT, NGX_CLEAR_EVENT) == NGX_OK;
}

static struct door_worker *new_worker(ngx_cycle_t *cycle, struct door_main_conf *conf) {
    struct door_worker *w = ngx_pcalloc(cycle->pool, sizeof *w);
    if (w == NULL) return NULL;
    w->loop = (struct http_loop){wake, door_done};
    w->app = conf->app ? conf->app : http_apps[0];
    w->owed_max = (ngx_uint_t)conf->owed_max;
    w->turn = (ngx_event_t){.handler = on_turn, .data = w, .log = cycle->log};
    w->guard = (ngx_event_t){.handler = on_guard, .data = w, .log = cycle->log};
    return door_lines_init(w, cycle->log) && listen_for_wakes(w, cycle) ? w : NULL;
}

/* Threads the app starts must leave the signals to nginx's own thread. */
static enum err start_app(struct door_worker *w, struct str config, unsigned number, struct diag *d) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    enum err e = w->app->start(&w->loop, config, number, &w->state, d);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return e;
}

ngx_int_t door_worker_start(ngx_cycle_t *cycle, struct door_main_conf *conf) {
    struct diag d = {0};
    unsigned number = 0;
    /* The master may be killed without a word; nobody would end its workers then. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || (ngx_process == NGX_PROCESS_WORKER && getppid() != ngx_parent))
        exit(2);
    struct door_worker *w = new_worker(cycle, conf);
    enum err e = w == NULL                         ? diag_set(&d, ERR_MEMORY, "worker", NULL)
                 : take_number(cycle, &number) < 0 ? diag_errno(&d, "worker lock")
                                                   : start_app(w, door_str(conf->config), number, &d);
    if (e != ERR_OK) {
        log_diag(LOG_ERROR, "worker could not start", &d);
        tell_parent("failed", number, &d);
        return NGX_ERROR;
    }
    conf->worker = w;
    tell_parent("ready", number, &d);
    return NGX_OK;
}

void door_worker_stop(struct door_worker *w) {
    w->app->stop(w->state);
    door_free_pool(w);
    if (w->guard.timer_set) ngx_del_timer(&w->guard);
    if (w->rest.timer_set) ngx_del_timer(&w->rest);
    ngx_close_connection(w->event);
}
