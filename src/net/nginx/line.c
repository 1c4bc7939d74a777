/* The lines (TLS connections) of a worker.
 *
 * nginx closes every idle HTTP/1.1 line the moment it is told to quit, with what a client has just sent unread in the
 * socket: a reload would lose requests. So an idle line is not shown to nginx as idle; a quitting worker answers on it for
 * another DOOR_REST_MS, each answer saying that it is the last, and only then lets nginx close those that stayed silent. */
#include "net/nginx/worker.h"

#include <stdlib.h>

enum { LOOK_MS = 200 }; /* how soon a worker notices that it is to quit */

static void free_line(void *parent, void *p, CRYPTO_EX_DATA *data, int index, long argl, void *argp) {
    struct door_line *l = p;
    (void)parent, (void)data, (void)index, (void)argl, (void)argp;
    if (l == NULL) return;
    ngx_queue_remove(&l->all);
    if (l->was_answered) { /* braces: nginx's macro is several statements */
        ngx_queue_remove(&l->answered);
    }
    free(l);
}

static void close_resting(struct door_worker *w) {
    for (ngx_queue_t *q = ngx_queue_head(&w->lines); q != ngx_queue_sentinel(&w->lines); q = ngx_queue_next(q)) {
        struct door_line *l = ngx_queue_data(q, struct door_line, all);
        ngx_connection_t *c = l->c;
        if (c && c->read->handler == w->rest_handler) c->idle = 1;
    }
    ngx_close_idle_connections((ngx_cycle_t *)ngx_cycle);
}

static void on_look(ngx_event_t *ev) {
    struct door_worker *w = ev->data;
    if (ngx_queue_empty(&w->lines)) return;
    if (ngx_exiting && w->quitting_since == 0) w->quitting_since = ngx_current_msec;
    if (w->quitting_since && ngx_current_msec - w->quitting_since >= DOOR_REST_MS) close_resting(w);
    ngx_add_timer(ev, LOOK_MS);
}

bool door_lines_init(struct door_worker *w, ngx_log_t *log) {
    ngx_queue_init(&w->lines);
    ngx_queue_init(&w->answered);
    /* Cancelable: this timer alone keeps no worker. The idle lines' own do, until they are closed. */
    w->rest = (ngx_event_t){.handler = on_look, .data = w, .log = log, .cancelable = 1};
    w->line_index = SSL_get_ex_new_index(0, NULL, NULL, NULL, free_line);
    return w->line_index >= 0;
}

static struct door_line *new_line(struct door_worker *w, ngx_http_request_t *r, SSL *ssl) {
    struct door_line *l = calloc(1, sizeof *l);
    if (l == NULL) return NULL;
    if (SSL_set_ex_data(ssl, w->line_index, l) != 1) {
        free(l);
        return NULL;
    }
    door_peer_read(ssl, &l->peer);
    l->c = r->stream ? NULL : r->connection;
    ngx_queue_insert_tail(&w->lines, &l->all);
    if (!w->rest.timer_set) ngx_add_timer(&w->rest, LOOK_MS);
    return l;
}

/* The line a request came by; NULL without TLS, or without memory (then nobody is known). */
struct door_line *door_line(struct door_worker *w, ngx_http_request_t *r) {
    if (r->connection->ssl == NULL) return NULL;
    SSL *ssl = r->connection->ssl->connection;
    struct door_line *l = SSL_get_ex_data(ssl, w->line_index);
    return l ? l : new_line(w, r, ssl);
}

/* Looked at again at the end of this turn, when nginx may have laid it to rest. */
void door_line_answered(struct door_worker *w, struct door_line *l) {
    if (l == NULL || l->c == NULL || l->was_answered) return;
    l->was_answered = true;
    ngx_queue_insert_tail(&w->answered, &l->answered);
    ngx_post_event(&w->turn, &ngx_posted_events);
}

void door_lines_rest(struct door_worker *w) {
    while (!ngx_queue_empty(&w->answered)) {
        ngx_queue_t *q = ngx_queue_head(&w->answered);
        struct door_line *l = ngx_queue_data(q, struct door_line, answered);
        ngx_queue_remove(q);
        l->was_answered = false;
        if (!l->c->idle) continue;
        w->rest_handler = l->c->read->handler;
        l->c->idle = 0;
    }
}
