#include "net/http.h"

enum { KEEP_MAX = 64 * 1024 }; /* what a pooled exchange may keep: an answer is about 1 KB, a bulk one megabytes */

void http_wake(struct http_loop *loop) { loop->wake(loop); }
void http_done(struct http_exchange *x) { x->loop->done(x->loop, x); }

static bool has_control(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f) return true;
    return false;
}

void http_reply_header(struct http_exchange *x, struct str name, struct str value) {
    if (has_control(name) || has_control(value)) return;
    invariant(x->reply.header_count < HTTP_HEADERS_MAX);
    x->reply.headers[x->reply.header_count++] = (struct http_header){name, value};
}

void http_error_body(struct buf *out, enum err e, struct str detail) {
    const struct err_info *info = err_info(e);
    buf_puts(out, "{\"error\":{\"code\":\"MDO");
    buf_puts(out, info->code);
    buf_puts(out, "E\",\"ja\":");
    buf_json(out, str_c(info->ja));
    buf_puts(out, ",\"en\":");
    buf_json(out, str_c(info->en));
    if (!str_empty(detail)) {
        buf_puts(out, ",\"detail\":");
        buf_json(out, detail);
    }
    buf_puts(out, "}}\n");
}

void http_reply_error(struct http_exchange *x, enum err e, struct str detail) {
    x->reply.status = err_info(e)->http;
    x->reply.content_type = S("application/json; charset=utf-8");
    x->reply.header_count = 0;
    buf_reset(&x->reply.body);
    http_error_body(&x->reply.body, e, detail);
    if (x->reply.status == 503) http_reply_header(x, S("Retry-After"), S("1"));
}

void http_exchange_init(struct http_exchange *x, struct http_loop *loop) {
    *x = (struct http_exchange){.loop = loop};
    arena_init(&x->arena, HTTP_ARENA_MAX);
    buf_init(&x->reply.body, HTTP_REPLY_MAX);
}

void http_exchange_reset(struct http_exchange *x) {
    struct http_loop *loop = x->loop;
    struct arena arena = x->arena;
    struct buf body = x->reply.body;
    if (arena.used > KEEP_MAX) arena_fini(&arena), arena_init(&arena, HTTP_ARENA_MAX);
    if (body.cap > KEEP_MAX) buf_fini(&body), buf_init(&body, HTTP_REPLY_MAX);
    arena_reset(&arena);
    buf_reset(&body);
    *x = (struct http_exchange){.loop = loop, .arena = arena, .reply = {.body = body}};
}

void http_exchange_fini(struct http_exchange *x) {
    arena_fini(&x->arena);
    buf_fini(&x->reply.body);
}
