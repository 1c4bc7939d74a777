/* One request: its body in memory and in time, its question to the app, its answer. */
#include "net/nginx/worker.h"

#include <stdlib.h>

static void read_body(ngx_http_request_t *r);

static struct door_main_conf *main_conf(ngx_http_request_t *r) {
    return ngx_http_get_module_main_conf(r, ngx_http_mado_module);
}

/* nginx has freed the request: nothing refers to the exchange any more. */
static void give_back(void *data) {
    struct door_exchange *e = data;
    struct door_worker *w = e->worker;
    w->bodies -= e->body.n;
    if (w->pooled >= DOOR_POOL_MAX) {
        http_exchange_fini(&e->x);
        buf_fini(&e->body);
        free(e);
        return;
    }
    buf_fini(&e->body);
    e->line = NULL;
    http_exchange_reset(&e->x);
    e->next = w->pool;
    w->pool = e;
    w->pooled++;
}

static struct door_exchange *take(struct door_worker *w, ngx_http_request_t *r) {
    ngx_pool_cleanup_t *cleanup = ngx_pool_cleanup_add(r->pool, 0);
    struct door_exchange *e = w->pool;
    if (cleanup == NULL) return NULL;
    if (e) {
        w->pool = e->next;
        w->pooled--;
    } else {
        e = calloc(1, sizeof *e);
        if (e == NULL) return NULL;
        e->worker = w;
        http_exchange_init(&e->x, &w->loop);
    }
    buf_init(&e->body, HTTP_BODY_MAX);
    e->r = r;
    cleanup->handler = give_back;
    cleanup->data = e;
    ngx_http_set_ctx(r, e, ngx_http_mado_module);
    return e;
}

void door_free_pool(struct door_worker *w) {
    while (w->pool) {
        struct door_exchange *e = w->pool;
        w->pool = e->next;
        http_exchange_fini(&e->x);
        free(e);
    }
}

static bool add_headers(ngx_http_request_t *r, const struct http_reply *reply) {
    for (size_t i = 0; i < reply->header_count; i++) {
        const struct http_header *from = &reply->headers[i];
        ngx_table_elt_t *to = ngx_list_push(&r->headers_out.headers);
        if (to == NULL) return false;
        *to = (ngx_table_elt_t){.hash = 1,
                                .key = {from->name.n, (u_char *)(uintptr_t)from->name.p},
                                .value = {from->value.n, (u_char *)(uintptr_t)from->value.p},
                                .lowcase_key = ngx_pnalloc(r->pool, from->name.n)};
        if (to->lowcase_key == NULL) return false;
        ngx_strlow(to->lowcase_key, to->key.data, to->key.len);
    }
    return true;
}

/* The reply's bytes are sent from where the app wrote them; the exchange stays until nginx has freed the request. */
static ngx_int_t send_reply(struct door_exchange *e) {
    ngx_http_request_t *r = e->r;
    struct http_reply *reply = &e->x.reply;
    if (!buf_ok(&reply->body)) http_reply_error(&e->x, ERR_MEMORY, S(""));
    r->headers_out.status = (ngx_uint_t)reply->status;
    r->headers_out.content_length_n = (off_t)reply->body.n;
    r->headers_out.content_type = (ngx_str_t){reply->content_type.n, (u_char *)(uintptr_t)reply->content_type.p};
    r->headers_out.content_type_len = reply->content_type.n;
    /* Said in the answer, so that the client does not send its next question into a closing connection. */
    if (ngx_exiting || ngx_terminate) r->keepalive = 0;
    if (!add_headers(r, reply)) return NGX_ERROR;
    ngx_int_t rc = ngx_http_send_header(r);
    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) return rc;
    u_char *p = (u_char *)reply->body.p;
    e->out = (ngx_buf_t){.pos = p, .start = p, .last = p + reply->body.n, .end = p + reply->body.n};
    e->out.memory = reply->body.n > 0;
    e->out.last_buf = e->out.last_in_chain = 1;
    e->link = (ngx_chain_t){&e->out, NULL};
    return ngx_http_output_filter(r, &e->link);
}

/* Loop's thread. The request was kept by `blocked` even when its client is gone; then the answer is dropped here. */
void door_done(struct http_loop *loop, struct http_exchange *x) {
    struct door_worker *w = (struct door_worker *)loop;
    struct door_exchange *e = (struct door_exchange *)x;
    ngx_http_request_t *r = e->r;
    ngx_connection_t *c = r->connection;
    invariant(w->owed > 0 && r->main->blocked > 0);
    w->owed--;
    r->main->blocked--;
    door_line_answered(w, e->line);
    ngx_http_finalize_request(r, c->error ? NGX_ERROR : send_reply(e));
    ngx_http_run_posted_requests(c);
}

static void owe(struct door_exchange *e) {
    struct door_worker *w = e->worker;
    e->r->main->blocked++;
    e->r->read_event_handler = ngx_http_block_reading; /* a client that hangs up is met when the answer is sent */
    e->r->write_event_handler = ngx_http_request_empty_handler;
    w->owed++;
    if (!w->guard.timer_set) ngx_add_timer(&w->guard, DOOR_GUARD_MS);
}

static struct str header(const ngx_table_elt_t *h) { return h ? door_str(h->value) : (struct str){0}; }

static void fill_request(struct door_exchange *e) {
    ngx_http_request_t *r = e->r;
    struct door_loc_conf *l = ngx_http_get_module_loc_conf(r, ngx_http_mado_module);
    struct http_request *q = &e->x.request;
    q->method = r->method == NGX_HTTP_HEAD ? S("GET") : door_str(r->method_name);
    q->path = door_str(r->uri);
    q->query = door_str(r->args);
    q->content_type = header(r->headers_in.content_type);
    q->authorization = header(r->headers_in.authorization);
    q->if_none_match = header(r->headers_in.if_none_match);
    q->entrance = door_str(l->entrance);
    q->host = header(r->headers_in.host);
    q->accept = q->origin = (struct str){0};
    ngx_list_part_t *part = &r->headers_in.headers.part;
    for (; part; part = part->next) {
        const ngx_table_elt_t *h = part->elts;
        for (ngx_uint_t i = 0; i < part->nelts; i++) {
            if (str_eq_ascii_case(door_str(h[i].key), S("accept"))) q->accept = door_str(h[i].value);
            if (str_eq_ascii_case(door_str(h[i].key), S("origin"))) q->origin = door_str(h[i].value);
        }
    }
    e->line = door_line(e->worker, r);
    if (e->line == NULL) return;
    /* The chain was checked when the session began, and a session outlives a handshake: the certificate's end is looked at
     * with every request. Revocation is the app's to look at, since it alone knows where the list is. */
    q->peer = e->line->peer;
    q->peer.verified = q->peer.verified && ngx_time() <= q->peer.not_after_s;
}

static void ask_app(struct door_exchange *e) {
    struct door_worker *w = e->worker;
    fill_request(e);
    enum http_step step = w->app->handle(w->state, &e->x);
    ngx_post_event(&w->turn, &ngx_posted_events);
    if (step == HTTP_LATER) {
        owe(e);
        return;
    }
    door_line_answered(w, e->line);
    ngx_http_finalize_request(e->r, send_reply(e));
}

/* A refusal of the module's own, in the app's figures as those of nginx are. */
static void count_refused(struct door_worker *w, enum err why) {
    if (w->app->refused) w->app->refused(w->state, why);
}

/* Ends a request whose body is not worth waiting for; the connection goes with it. */
static void refuse_body(struct door_exchange *e, enum err error, int status) {
    ngx_http_request_t *r = e->r;
    r->read_event_handler = ngx_http_block_reading;
    r->connection->read->timedout = 0;
    if (r->connection->read->timer_set) ngx_del_timer(r->connection->read);
    r->keepalive = 0;
    r->reading_body = 0; /* else nginx would linger and read on */
    http_reply_error(&e->x, error, S(""));
    count_refused(e->worker, error);
    e->x.reply.status = status;
    ngx_http_finalize_request(r, send_reply(e));
}

/* Moves what has arrived into the body and leaves nginx's buffer free for more. */
static bool gather(struct door_exchange *e) {
    ngx_http_request_body_t *rb = e->r->request_body;
    for (ngx_chain_t *c = rb->bufs; c; c = c->next) {
        size_t n = (size_t)(c->buf->last - c->buf->pos);
        if (c->buf->in_file) return false; /* never: the body is read unbuffered */
        buf_put(&e->body, str_of(c->buf->pos, n));
        if (!buf_ok(&e->body)) return false;
        c->buf->pos = c->buf->last;
        e->worker->bodies += n;
    }
    rb->bufs = NULL;
    return e->worker->bodies <= DOOR_BODIES_MAX;
}

static ngx_msec_t time_left(const struct door_exchange *e) {
    ngx_msec_int_t left = (ngx_msec_int_t)(e->deadline - ngx_current_msec);
    return left > 0 ? (ngx_msec_t)left : 0;
}

static void body_complete(struct door_exchange *e) {
    if (e->r->connection->read->timer_set) ngx_del_timer(e->r->connection->read);
    e->x.request.body = buf_str(&e->body);
    ask_app(e);
}

/* Called whenever more of a body has arrived, or a timer of it has run out. */
static void read_body(ngx_http_request_t *r) {
    struct door_exchange *e = ngx_http_get_module_ctx(r, ngx_http_mado_module);
    ngx_event_t *read = r->connection->read;
    ngx_int_t rc = NGX_AGAIN;
    if (read->timedout || time_left(e) == 0) {
        refuse_body(e, ERR_TIMEOUT, NGX_HTTP_REQUEST_TIME_OUT);
        return;
    }
    for (bool more = true; more && r->reading_body;) {
        rc = ngx_http_read_unbuffered_request_body(r);
        if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
            ngx_http_finalize_request(r, rc);
            return;
        }
        more = r->request_body->bufs != NULL;
        if (!gather(e)) {
            bool own = buf_ok(&e->body);
            refuse_body(e, own ? ERR_BUSY : ERR_LIMIT,
                        own ? NGX_HTTP_SERVICE_UNAVAILABLE : NGX_HTTP_REQUEST_ENTITY_TOO_LARGE);
            return;
        }
    }
    if (!r->reading_body) {
        body_complete(e);
        return;
    }
    /* nginx's timer is for one read; the shorter of the two counts. */
    ngx_msec_t left = time_left(e);
    ngx_add_timer(read, left < e->read_timeout ? left : e->read_timeout);
}

/* The body is there, or its beginning is. */
static void body_begun(ngx_http_request_t *r) {
    struct door_exchange *e = ngx_http_get_module_ctx(r, ngx_http_mado_module);
    ngx_chain_t *bufs = r->request_body ? r->request_body->bufs : NULL;
    if (r->reading_body) {
        r->read_event_handler = read_body;
        if (gather(e)) read_body(r);
        else refuse_body(e, ERR_LIMIT, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE);
        return;
    }
    if (bufs && bufs->next == NULL && !bufs->buf->in_file) {
        e->x.request.body = str_of(bufs->buf->pos, (size_t)(bufs->buf->last - bufs->buf->pos));
        ask_app(e);
    } else if (bufs && !gather(e)) {
        refuse_body(e, ERR_LIMIT, NGX_HTTP_REQUEST_ENTITY_TOO_LARGE);
    } else {
        body_complete(e);
    }
}

static ngx_int_t answer_busy(struct door_exchange *e) {
    ngx_int_t rc = ngx_http_discard_request_body(e->r);
    if (rc != NGX_OK) return rc;
    http_reply_error(&e->x, ERR_BUSY, S(""));
    count_refused(e->worker, ERR_BUSY);
    return send_reply(e);
}

ngx_int_t door_handle(ngx_http_request_t *r) {
    struct door_main_conf *m = main_conf(r);
    struct door_worker *w = m->worker;
    struct door_exchange *e = w ? take(w, r) : NULL;
    if (e == NULL) return NGX_HTTP_SERVICE_UNAVAILABLE;
    /* Refused before its body is read. The status page, which comes without TLS, is looked at just then. */
    if (w->owed >= w->owed_max && r->connection->ssl) return answer_busy(e);
    ngx_http_core_loc_conf_t *core = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    e->read_timeout = core->client_body_timeout;
    e->deadline = ngx_current_msec + m->body_deadline;
    r->request_body_no_buffering = 1; /* in pieces, to this module's memory: nginx would put a big one in a file */
    ngx_int_t rc = ngx_http_read_client_request_body(r, body_begun); /* raises the request's count itself */
    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}
