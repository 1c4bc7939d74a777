#include "edge/review/handle.h"
#include "net/page.h"

PAGE_FILE(review_html, "web/desk/review.html")
PAGE_FILE(review_css, "web/desk/review.css")
PAGE_FILE(review_js, "web/desk/review.js")
PAGE_FILE(review_show, "web/desk/show.js")
PAGE_FILE(review_words, "web/desk/words.js")
PAGE_FILE(desk_icon, "web/desk/icon.svg")

static const struct page pages[] = {
    PAGE("/review", PAGE_HTML, review_html),         PAGE("/review/review.css", PAGE_CSS, review_css),
    PAGE("/review/review.js", PAGE_JS, review_js),   PAGE("/review/show.js", PAGE_JS, review_show),
    PAGE("/review/words.js", PAGE_JS, review_words), PAGE("/icon.svg", PAGE_SVG, desk_icon),
};

enum http_step review_page(struct http_exchange *x) { return page_reply(x, pages, ARRAY_LEN(pages)); }
