/* handle: the reception page's side of the window, over HTTP on an address of this machine alone. docs/format/reception-page.md.
 *
 *   GET  /reception, /kiosk               the pages and their files (pages.c)
 *   GET  /reception/visits?since=N&run=R  what changed since; waits up to PAGES_WAIT_MS when nothing did
 *   POST /reception/statement/take        a provisional statement (資格申立書) goes to the window of the folders; its id
 *   GET  /reception/statement/answer?ID   its answer, the field's message as JSON; 202 until it is there
 *   POST /reception/ask                   one question; the visit it became, at once: the answer comes by /reception/visits
 *   POST /reception/scan                  a paper's code: the visit it became, with its answer already, or why it is not good
 *   POST /reception/picture               the code in a picture (PNG, PDF)
 *   POST /reception/remove, …/restore     a visit off the list, and back within seconds
 *   /kiosk/…                              the patients' page's own (kiosk.h)
 *
 * Every web page that is open in a browser of this machine can send requests to this address. So whatever comes must name this very
 * address as its Host (a name that a stranger points here does not), and what changes something must come from our own page: Origin
 * the same, and JSON (a picture: PNG or PDF) as its type, which no page of another origin can send without asking first, and nobody here says yes.
 *
 * The patients' page may have an address of its own (the entrance "kiosk"): then nothing of the reception's is there, and it is nowhere
 * else. */
#ifndef EDGE_RECEPTION_HANDLE_H
#define EDGE_RECEPTION_HANDLE_H

#include "edge/reception/kiosk.h"
#include "edge/reception/paper.h"
#include "service/reception/reception.h"

enum {
    PAGES_WAIT_MS = 10 * 1000, /* shorter than what anything between a page and this program gives up after */
    PAGES_WAITING_MAX = 32,    /* pages open at once that wait for news; one more is answered at once */
    PAGES_ADDRESS_MAX = 64,
    PAGES_RUN = 16 /* hexadecimal digits: another run of the window knows nothing of this one's versions */
};

struct pages_waiting {
    struct http_exchange *x; /* NULL: free */
    uint64_t since;
    int64_t until_us; /* steady */
};

/* Who takes provisional statements in: the window of the folders, in another process. Loop's thread; must not wait for a line. */
struct statement_hand {
    enum err (*put)(void *context, struct str body, struct buf *id, struct diag *d);
    enum err (*answer)(void *context, struct str id, struct buf *json, struct diag *d); /* ERR_PENDING */
    void *context;
};

struct pages {
    struct statement_hand statements;
    struct reception reception;
    struct kiosk_page kiosk_page;
    struct world *world;
    char address[PAGES_ADDRESS_MAX]; /* "127.0.0.1:8080", "[::1]:8080" */
    char kiosk[PAGES_ADDRESS_MAX];   /* the patients' page alone; "": it is at `address` */
    char run[PAGES_RUN + 1];
    struct pages_waiting waiting[PAGES_WAITING_MAX];
    struct reception_paper paper;
    struct paper_picture picture;
};

struct pages_settings {
    struct world *world;
    struct http_loop *loop;
    struct str address; /* where the page is reached */
    struct str kiosk;   /* where the patients' page is, when it is not there too; "" otherwise */
    const char *folder; /* of today's visits */
    const char *log;    /* folder of the window's own log */
    struct reception_memory memory;
    struct kiosk_devices devices; /* beside the patients' page */
    const char *aside;            /* file of the face reader's failures */
    struct institution_code institution;
    struct centre_asker asker;
    struct reception_paper paper;
    struct statement_hand statements; /* put NULL: none are taken */
};

/* The functions of http_app of the same name. */
MUST_USE enum err pages_open(struct pages *p, const struct pages_settings *s, struct diag *d);
void pages_close(struct pages *p);
enum http_step pages_handle(struct pages *p, struct http_exchange *x);
/* For turn and woken: brings what is due, answers who waits. */
void pages_turn(struct pages *p);

/* Whether a request may come in at all; ERR_FORBIDDEN, ERR_MEDIA_TYPE. */
MUST_USE enum err pages_admit(const struct pages *p, const struct http_request *q);

/* One visit as the page gets it, and parts of it with their commas before (visit_json.c). A time of 0 and ERR_OK are left out. */
void visit_put_json(struct buf *b, const struct visit *v);
void visit_put_time(struct buf *b, const char *name, int64_t us);
void visit_put_why(struct buf *b, enum err why);

/* pages.c: the files of both pages. */
enum http_step reception_page(struct http_exchange *x);

#endif
