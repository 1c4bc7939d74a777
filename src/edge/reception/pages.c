#include "edge/reception/handle.h"
#include "net/page.h"

PAGE_FILE(reception_html, "web/window/reception.html")
PAGE_FILE(reception_css, "web/window/reception.css")
PAGE_FILE(reception_js, "web/window/reception.js")
PAGE_FILE(reception_visit, "web/window/reception_visit.js")
PAGE_FILE(reception_words, "web/window/words.js")
PAGE_FILE(statement_html, "web/window/statement.html")
PAGE_FILE(statement_css, "web/window/statement.css")
PAGE_FILE(statement_js, "web/window/statement.js")
PAGE_FILE(kiosk_html, "web/window/kiosk.html")
PAGE_FILE(kiosk_css, "web/window/kiosk.css")
PAGE_FILE(kiosk_words, "web/window/kiosk_words.js")
PAGE_FILE(kiosk_js, "web/window/kiosk.js")
PAGE_FILE(kiosk_card, "web/window/kiosk_card.js")
PAGE_FILE(window_icon, "web/window/icon.svg")

static const struct page pages[] = {
    PAGE("/reception", PAGE_HTML, reception_html),
    PAGE("/reception/reception.css", PAGE_CSS, reception_css),
    PAGE("/reception/reception.js", PAGE_JS, reception_js),
    PAGE("/reception/visit.js", PAGE_JS, reception_visit),
    PAGE("/reception/words.js", PAGE_JS, reception_words),
    PAGE("/reception/statement", PAGE_HTML, statement_html),
    PAGE("/reception/statement.css", PAGE_CSS, statement_css),
    PAGE("/reception/statement.js", PAGE_JS, statement_js),
    PAGE("/kiosk", PAGE_HTML, kiosk_html),
    PAGE("/kiosk/kiosk.css", PAGE_CSS, kiosk_css),
    PAGE("/kiosk/words.js", PAGE_JS, kiosk_words),
    PAGE("/kiosk/kiosk.js", PAGE_JS, kiosk_js),
    PAGE("/kiosk/card.js", PAGE_JS, kiosk_card),
    PAGE("/icon.svg", PAGE_SVG, window_icon),
};

enum http_step reception_page(struct http_exchange *x) { return page_reply(x, pages, ARRAY_LEN(pages)); }
