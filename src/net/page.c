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

/* ---- who may ask ---- */

static struct str port_of(struct str address) {
    size_t colon = address.n;
    while (colon > 0 && address.p[colon - 1] != ':') colon--;
    return str_skip(address, colon);
}

static bool is_here(struct str address, struct str host) {
    if (str_eq(host, address)) return true;
    return str_starts(host, S("localhost:")) && str_eq(str_skip(host, sizeof "localhost:" - 1), port_of(address));
}

static bool is_json(struct str type) { return str_eq_ascii_case(str_trim(str_cut(&type, ';')), S("application/json")); }

enum err page_from_here(struct str address, const struct http_request *q) {
    struct str origin = q->origin;
    bool posts = str_eq(q->method, S("POST"));
    if (!is_here(address, q->host)) return ERR_FORBIDDEN;
    if (!str_empty(origin) && (!str_starts(origin, S("http://")) || !str_eq(str_skip(origin, 7), q->host)))
        return ERR_FORBIDDEN;
    return posts && str_empty(origin) ? ERR_FORBIDDEN : ERR_OK; /* every browser says it of a POST */
}

enum err page_admit(struct str address, const struct http_request *q) {
    TRY(page_from_here(address, q));
    return !str_eq(q->method, S("POST")) || is_json(q->content_type) ? ERR_OK : ERR_MEDIA_TYPE;
}
