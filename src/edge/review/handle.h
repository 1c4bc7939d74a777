/* handle: the review page's side over HTTP, on an address of this machine alone (net/page.h, page_admit). docs/format/review-page.md.
 *
 *   GET  /review                      the page and its files (pages.c)
 *   POST /review/sign-in              {"name","passphrase"} → {"token","name"}
 *   POST /review/sign-out             {}
 *   GET  /review/list?cause=&insurer=&state=&from=   alarms in their order: where they stand, and nobody's name
 *   GET  /review/alarm?id=            one alarm with both sides and its history; the log has who looked before it is shown
 *   POST /review/decide               {"alarm","decision","reason"} → the alarm as it then stands; ERR_CONFLICT ("seen") for who
 *                                     has not opened it since somebody else decided
 *   GET  /review/unlinked?id=         who looked under a link that was undone
 *
 * All but the page and signing in want "Authorization: Bearer TOKEN". */
#ifndef EDGE_REVIEW_HANDLE_H
#define EDGE_REVIEW_HANDLE_H

#include "edge/review/sessions.h"
#include "net/http.h"
#include "service/review/review.h"

enum {
    REVIEW_ADDRESS_MAX = 64,
    REVIEW_PAGE_ROWS = 200,          /* of the list in one reply */
    REVIEW_LIST_FILE_MAX = 32 << 20, /* a list of accesses that is shown; longer ones are read as a file */
    REVIEW_SIGN_INS_WAITING_MAX = 8, /* each costs a tenth of a second and 64 MiB */
};

struct review_pages_settings {
    struct review_settings review;
    struct http_loop *loop;
    struct str address; /* where the page is reached */
    const char *keys;   /* the folder of reviewers */
};

struct review_pages {
    struct review *review;
    struct sessions sessions;
    struct world *world;
    const char *keys;
    char address[REVIEW_ADDRESS_MAX];
    unsigned signing_in;
};

/* The functions of http_app of the same name. */
MUST_USE enum err review_pages_open(struct review_pages *p, const struct review_pages_settings *s, struct diag *d);
void review_pages_close(struct review_pages *p);
enum http_step review_pages_handle(struct review_pages *p, struct http_exchange *x);
void review_pages_turn(struct review_pages *p);
void review_pages_woken(struct review_pages *p);

/* ---- the parts ---- */

/* A request that is answered when both logs have it; in the exchange's arena. */
struct review_call {
    struct review_pages *pages;
    struct http_exchange *x;
    struct review_order order;
    struct alarm detail;
    bool inside, finished;
};
/* Starts the order and says what the handler returns; `write` fills the reply once it is durable, a refusal is written by itself. */
void review_write_alarm(struct review_call *c);                                                           /* show.c */
void review_write_list(const struct review_pages *p, struct http_exchange *x, const struct session *who); /* show.c */
enum http_step review_sign_in(struct review_pages *p, struct http_exchange *x); /* sign_in.c */
enum http_step review_page(struct http_exchange *x);                            /* pages.c */
/* The reply is JSON that nobody may keep. */
void review_reply_json(struct http_exchange *x);
/* A value of "a=b&c=d", decoded; empty when it is not there. In the exchange's arena. */
struct str review_query(struct http_exchange *x, const char *name);

#endif
