/* The door inside one nginx worker: what all files of this room share. See README.md for what must hold. */
#ifndef NET_NGINX_WORKER_H
#define NET_NGINX_WORKER_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>

#include "net/http.h"

#include <stdatomic.h>

enum {
    DOOR_POOL_MAX = 1024,    /* idle exchanges kept; each holds an arena chunk and an answer's buffer, about 20 KB */
    DOOR_GUARD_MS = 100,     /* how long a quitting worker may linger after the last owed answer */
    DOOR_REST_MS = 1000,     /* a quitting worker still answers on idle lines for so long, see line.c */
    DOOR_WORKERS_MAX = 1024, /* living workers of one server, those that still quit included */
    DOOR_BODIES_MAX =
        256 << 20, /* all bodies still arriving, together: a crowd of slow senders cannot eat the memory */
};

/* One request on its way. From the pool; goes back when nginx frees the request, never before the app is done with it. */
struct door_exchange {
    struct http_exchange x; /* first: http_done() finds the rest by it */
    struct door_worker *worker;
    struct door_exchange *next; /* in the pool */
    ngx_http_request_t *r;
    struct door_line *line;  /* NULL without TLS */
    struct buf body;         /* what arrived in pieces; a body in one piece is borrowed from nginx */
    ngx_msec_t deadline;     /* for the whole body */
    ngx_msec_t read_timeout; /* nginx's own, for one read */
    ngx_buf_t out;
    ngx_chain_t link;
};

/* A TLS connection of a client: who it is, and whether it rests. On nginx's SSL object, so that all HTTP/2 streams share it. */
struct door_line {
    struct http_peer peer;
    ngx_connection_t *c; /* of HTTP/1.1; NULL with HTTP/2, whose GOAWAY tells a client what was not done */
    ngx_queue_t all, answered;
    bool was_answered; /* in this turn of the loop */
};

struct door_worker {
    struct http_loop loop; /* first */
    const struct http_app *app;
    void *state;
    struct door_exchange *pool;
    ngx_uint_t pooled, owed, owed_max;
    size_t bodies; /* bytes of bodies that arrive in pieces */
    ngx_event_t turn, guard;
    ngx_connection_t *event; /* of event_fd */
    int event_fd;
    atomic_bool wake_pending;
    int line_index; /* of the line on an SSL object */
    ngx_queue_t lines, answered;
    ngx_event_handler_pt rest_handler; /* what nginx has read from an idle line; learnt from the first one seen */
    ngx_event_t rest;
    ngx_msec_t quitting_since; /* 0: not quitting */
};

/* `mado CONFIG ENTRANCE;` may stand in several locations, with one CONFIG; these are the settings of all of them. */
struct door_main_conf {
    const struct http_app *app; /* NULL: the first of the program */
    ngx_str_t config;
    ngx_msec_t body_deadline;
    ngx_int_t owed_max;
    struct door_worker *worker; /* in a worker process, once started */
};

struct door_loc_conf {
    ngx_str_t entrance;
    enum err refusal; /* requests that end in this location were refused so by nginx; ERR_OK: none */
};

extern ngx_module_t ngx_http_mado_module;

/* request.c */
ngx_int_t door_handle(ngx_http_request_t *r);
void door_done(struct http_loop *loop, struct http_exchange *x);
void door_free_pool(struct door_worker *w);

/* peer.c */
void door_peer_read(SSL *ssl, struct http_peer *p);

/* line.c */
bool door_lines_init(struct door_worker *w, ngx_log_t *log);
struct door_line *door_line(struct door_worker *w, ngx_http_request_t *r);
void door_line_answered(struct door_worker *w, struct door_line *l);
void door_lines_rest(struct door_worker *w);

/* process.c */
ngx_int_t door_worker_start(ngx_cycle_t *cycle, struct door_main_conf *conf);
void door_worker_stop(struct door_worker *w);

static inline struct str door_str(ngx_str_t s) { return str_of(s.data, s.len); }

#endif
