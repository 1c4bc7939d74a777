/* http: a request, a reply, and "answer later". Knows nothing of insurance, and nothing of nginx either: net/nginx drives an
 * http_app inside nginx's workers, net/ram drives the same app in a test without a socket.
 *
 * All functions of an app run on the loop's thread, except that any thread may call http_wake(). */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum {
    HTTP_HEADERS_MAX = 4,
    HTTP_SERIAL_MAX = 64,
    HTTP_BODY_MAX = 8 << 20,   /* a bulk question of 10,000 people is about 5 MB */
    HTTP_REPLY_MAX = 64 << 20, /* its answer about 15 MB */
    HTTP_ARENA_MAX = 128 << 20 /* a parsed bulk question, its facts and decisions */
};

/* Who is on the other end of the TLS connection; found once a connection and remembered. */
struct http_peer {
    bool verified; /* a client certificate was given, its chain accepted, and it has not ended at this very request */
    char subject_serial[HTTP_SERIAL_MAX + 1]; /* the subject's serialNumber attribute, "" without one */
    uint8_t fingerprint[32];                  /* SHA-256 of the certificate */
    int64_t not_after_s;                      /* end of the certificate, Unix seconds */
};

struct http_request {
    /* "POST", "/fhir/R4/metadata" (decoded), "a=b" (as sent, without '?'). HEAD arrives as GET: the adapter leaves the
     * body out. */
    struct str method, path, query;
    struct str content_type, accept, authorization, if_none_match;
    struct str host, origin; /* as sent: "127.0.0.1:8080", "http://127.0.0.1:8080" */
    /* Which listener it came in by: "door" (mutual TLS), "status", "pages" and "kiosk" (loopback, nobody known). */
    struct str entrance;
    struct str body; /* whole, at most HTTP_BODY_MAX */
    struct http_peer peer;
};

struct http_header {
    struct str name, value;
};

struct http_reply {
    int status;
    struct str content_type;
    struct buf body;
    struct http_header headers[HTTP_HEADERS_MAX];
    size_t header_count;
};

/* One question and its answer. Lives until the reply has been handed to the adapter; everything in it may be allocated
 * from its arena. When the client goes away while an answer is owed, the exchange stays valid until http_done(). */
struct http_exchange {
    struct http_request request;
    struct http_reply reply;
    struct arena arena;
    void *app_data;         /* the app's own, NULL at first */
    struct http_loop *loop; /* the adapter's */
};

enum http_step {
    HTTP_NOW,  /* the reply is complete */
    HTTP_LATER /* after handle() returned http_done() will be called for it, on the loop's thread, exactly once */
};

/* An adapter's side of the face; apps use http_wake() and http_done(). */
struct http_loop {
    void (*wake)(struct http_loop *loop);
    void (*done)(struct http_loop *loop, struct http_exchange *x);
};

struct http_app {
    const char *name; /* by which the adapter's settings choose it */
    /* Once in each worker process before the first request. `config` is the setting's text (a folder, say). `worker` is the
     * smallest number that no other living worker has: while a reload runs, an old and a new worker live side by side and
     * must not share a log. Threads started here take no signals. An error here ends the server with its diag. */
    enum err (*start)(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d);
    enum http_step (*handle)(void *app, struct http_exchange *x);
    /* After all requests that one turn of the loop brought: hand over what was gathered as one batch. */
    void (*turn)(void *app);
    /* Some time after http_wake(). */
    void (*woken)(void *app);
    /* The adapter refused a request by itself (no certificate, a body too large, overload): to be counted. May be NULL. */
    void (*refused)(void *app, enum err why);
    /* The worker ends; no new request comes. After a hurried end answers may still be owed: http_done() is allowed here for
     * those that are complete, the others are dropped. */
    void (*stop)(void *app);
};

/* Asks for `woken` on the loop's thread. Any thread, any number of times. */
void http_wake(struct http_loop *loop);
/* The reply of an exchange that was HTTP_LATER is complete. Loop's thread only; x is gone afterwards. */
void http_done(struct http_exchange *x);

/* The apps of the program that net/nginx is linked into, NULL at the end; defined once, by src/cmd/apps.c. */
extern const struct http_app *const http_apps[];

/* A header beyond Content-Type and Content-Length. Both strings must live as long as x. A value with a control character
 * (a line break would start a header of its own) is left out; more than HTTP_HEADERS_MAX is a bug. */
void http_reply_header(struct http_exchange *x, struct str name, struct str value);
/* The small body every refusal has where no richer form applies: its status, and
 * {"error":{"code":"MDOA0001E","ja":"…","en":"…"}} with `detail` (may be empty) as a further member. Replaces what was there. */
void http_reply_error(struct http_exchange *x, enum err e, struct str detail);
/* That body alone. */
void http_error_body(struct buf *out, enum err e, struct str detail);

/* For adapters: makes x empty for a new request, keeping memory it has, unless that is more than a usual answer needs. */
void http_exchange_init(struct http_exchange *x, struct http_loop *loop);
void http_exchange_reset(struct http_exchange *x);
void http_exchange_fini(struct http_exchange *x);

#endif
