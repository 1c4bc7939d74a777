/* page: files that a browser receives, built into the program, and the headers that keep a page to itself: nothing is loaded from
 * elsewhere, nothing frames it, and what it asks goes back to where it came from. */
#ifndef NET_PAGE_H
#define NET_PAGE_H

#include "net/http.h"

struct page {
    struct str path, type;
    const char *bytes, *end;
};

/* A file as bytes between two marks. Paths are from the top of the tree, where make runs; mk/web.mk knows which objects change with
 * which files. */
#define PAGE_FILE(name, path)                                                                                          \
    __asm__(".pushsection .rodata\n" #name "_bytes:\n.incbin \"" path "\"\n" #name "_end:\n.popsection\n");            \
    extern __attribute__((visibility("hidden"))) const char name##_bytes[], name##_end[];

#define PAGE_TEXT(lit)                                                                                                 \
    { lit, sizeof lit - 1 }
#define PAGE_HTML PAGE_TEXT("text/html; charset=utf-8")
#define PAGE_CSS  PAGE_TEXT("text/css; charset=utf-8")
#define PAGE_JS   PAGE_TEXT("text/javascript; charset=utf-8")
#define PAGE_SVG  PAGE_TEXT("image/svg+xml")
/* A row of a table of pages. */
#define PAGE(path, type, name)                                                                                         \
    { PAGE_TEXT(path), type, name##_bytes, name##_end }

/* For pages on an address of this machine alone, to which every web page open in a browser here can send requests: whether this one may come in.
 * It must name `address` as its Host ("127.0.0.1:8080", or localhost with that port), and a POST must come from our own page: Origin the same. ERR_FORBIDDEN. */
MUST_USE enum err page_from_here(struct str address, const struct http_request *q);
/* The same, and JSON as the type of a POST, which no page of another origin can send without asking first. Also ERR_MEDIA_TYPE. */
MUST_USE enum err page_admit(struct str address, const struct http_request *q);

/* The one at the request's path, or 404. */
enum http_step page_reply(struct http_exchange *x, const struct page *pages, size_t count);

#endif
