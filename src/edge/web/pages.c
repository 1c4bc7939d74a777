#include "edge/web/pages.h"

#include "net/page.h"

PAGE_FILE(status_html, "web/status/index.html")
PAGE_FILE(status_css, "web/status/status.css")
PAGE_FILE(status_js, "web/status/status.js")
PAGE_FILE(status_icon, "web/status/icon.svg")

static const struct page pages[] = {
    PAGE("/", PAGE_HTML, status_html),
    PAGE("/status.css", PAGE_CSS, status_css),
    PAGE("/status.js", PAGE_JS, status_js),
    PAGE("/icon.svg", PAGE_SVG, status_icon),
};

enum http_step web_page(struct door *d, struct http_exchange *x) {
    (void)d;
    return page_reply(x, pages, ARRAY_LEN(pages));
}
