#include "net/page.h"

static const struct str policy = PAGE_TEXT(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'");

enum http_step page_reply(struct http_exchange *x, const struct page *pages, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct page *p = &pages[i];
        if (!str_eq(p->path, x->request.path)) continue;
        x->reply.status = 200;
        x->reply.content_type = p->type;
        buf_put(&x->reply.body, str_of(p->bytes, (size_t)(p->end - p->bytes)));
        http_reply_header(x, S("Content-Security-Policy"), policy);
        http_reply_header(x, S("X-Content-Type-Options"), S("nosniff"));
        http_reply_header(x, S("Referrer-Policy"), S("no-referrer"));
        http_reply_header(x, S("Cache-Control"), S("no-cache"));
        return HTTP_NOW;
    }
    http_reply_error(x, ERR_PATH, S(""));
    return HTTP_NOW;
}
