/* door_config: the private configuration that `mado serve` and `mado window` write for nginx. Every limit on a client stands here, with its
 * reason, except the two of the module itself (src/net/nginx/README.md). */
#ifndef NET_DOOR_CONFIG_H
#define NET_DOOR_CONFIG_H

#include "base/buf.h"
#include "base/err.h"

enum {
    DOOR_CONNECTIONS = 8192, /* a worker: two for each institution of a prefecture's worth that keeps its line open */
    DOOR_HEADER_S = 10,      /* for a request's head: a slow client holds a connection, never a thread */
    DOOR_BODY_READ_S = 10,   /* silence within a body */
    DOOR_BODY_S = 30,        /* a whole body, however it is dripped: 8 MB at 2.2 Mbit/s */
    DOOR_SEND_S = 30,        /* silence while an answer is sent */
    DOOR_KEEPALIVE_S =
        300, /* a reception asks every few minutes; a new handshake costs 1 ms of CPU, an idle line 20 KB */
    DOOR_CONNECTION_H = 24,   /* a line is taken down once a day, so that no worker of an old reload stays for ever */
    DOOR_SHUTDOWN_S = 30,     /* a quitting worker waits this long for owed answers and slow readers */
    DOOR_HTTP2_STREAMS = 128, /* at once on one line; a concentrator asks for a whole hospital */
    DOOR_OWED_MAX = 4096,     /* a worker: answers owed before it says "later"; about 0.1 s of work */
    DOOR_SESSIONS_MB = 20,    /* of TLS sessions, about 4,000 a MB */
    DOOR_SESSION_S =
        4 * 3600, /* half a working day; standing and the certificate's end are looked at with each request */
};

/* Addresses whose refusals have a form of their own, also those that nginx makes before the app is asked. */
struct door_form {
    struct str prefix; /* "/fhir/" */
    struct str type;   /* of the body */
    void (*put)(struct buf *out, const struct diag *d);
};

struct door_config {
    struct str module; /* ngx_http_mado_module.so */
    struct str app;    /* which of the module's apps: "centre", "window" */
    struct str config; /* given to the app: the store's folder, or the pages' */
    struct str keys;   /* trust.h's folder */
    struct str user;   /* for workers of a master that is root; "" otherwise */
    /* "127.0.0.1:8443"; "" for an entrance that is not there. listen is TLS with client certificates; the others are plain, so
     * they are for addresses of this machine alone. */
    struct str listen, status, pages, kiosk;
    unsigned workers, open_files;
    const struct door_form *form; /* NULL: every refusal has the small body of net/http.h */
};

/* ERR_VALUE for a path that nginx's configuration cannot carry (a quote, a backslash, a dollar, a control character). */
MUST_USE enum err door_config_put(struct buf *out, const struct door_config *c, struct diag *d);

#endif
