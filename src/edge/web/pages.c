#include "edge/web/pages.h"

/* A file of web/ as bytes between two marks. Paths are from the top of the tree, where make runs; mk/web.mk knows that this file
 * changes with them. */
#define FILE_BYTES(name, path)                                                                                         \
    __asm__(".pushsection .rodata\n" #name "_bytes:\n.incbin \"" path "\"\n" #name "_end:\n.popsection\n");            \
    extern __attribute__((visibility("hidden"))) const char name##_bytes[], name##_end[];

FILE_BYTES(status_html, "web/status/index.html")
FILE_BYTES(status_css, "web/status/status.css")
FILE_BYTES(status_js, "web/status/status.js")
FILE_BYTES(status_icon, "web/status/icon.svg")

#define TEXT(lit)                                                                                                      \
    { lit, sizeof lit - 1 }
static const struct page {
    struct str path, type;
    const char *bytes, *end;
} pages[] = {
    {TEXT("/"), TEXT("text/html; charset=utf-8"), status_html_bytes, status_html_end},
    {TEXT("/status.css"), TEXT("text/css; charset=utf-8"), status_css_bytes, status_css_end},
    {TEXT("/status.js"), TEXT("text/javascript; charset=utf-8"), status_js_bytes, status_js_end},
    {TEXT("/icon.svg"), TEXT("image/svg+xml"), status_icon_bytes, status_icon_end},
};

enum http_step web_page(struct door *d, struct http_exchange *x) {
    (void)d;
    for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
        const struct page *p = &pages[i];
        if (!str_eq(p->path, x->request.path)) continue;
        x->reply.status = 200;
        x->reply.content_type = p->type;
        buf_put(&x->reply.body, str_of(p->bytes, (size_t)(p->end - p->bytes)));
        http_reply_header(x, S("Content-Security-Policy"),
                          S("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
                            "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));
        http_reply_header(x, S("X-Content-Type-Options"), S("nosniff"));
        http_reply_header(x, S("Referrer-Policy"), S("no-referrer"));
        http_reply_header(x, S("Cache-Control"), S("no-cache"));
        return HTTP_NOW;
    }
    http_reply_error(x, ERR_PATH, S(""));
    return HTTP_NOW;
}
