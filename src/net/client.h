/* client: asks the centre, and waits. HTTPS with the institution's certificate over libcurl; the connection is kept for the next
 * question and made anew when the centre has closed it meanwhile. Nothing here is logged, and no error holds a body.
 *
 * One thread a client. A status is an answer (also 404 or 503); an error means that there is none to look at. */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H

#include "base/buf.h"
#include "base/err.h"

enum {
    CLIENT_CONNECT_MS = 5 * 1000, /* someone stands at the window: after this the window goes on alone */
    CLIENT_ANSWER_MS = 30 * 1000, /* a single question takes milliseconds, a bulk one seconds */
    CLIENT_REPLY_MAX = 64 << 20,
    CLIENT_IDLE_S = 240, /* less than the door's keep-alive, so that it is seldom the centre that closes first */
};

struct client;

/* Paths are files in PEM; they are read at the first question and whenever a connection is made. 0 for a number: the one above. */
struct client_settings {
    const char *centre;                 /* "https://HOST:PORT", without a path; no other scheme */
    const char *ca, *certificate, *key; /* mado keys institution: ca.pem, cert.pem, key.pem */
    unsigned connect_ms, answer_ms;
    size_t reply_max;
};

struct client_reply {
    int status;
    char content_type[128];
    unsigned retry_after_s; /* 0: not said */
    struct buf body;        /* the client's; until the next question */
};

/* ERR_VALUE for a centre that is no https address. Does not connect yet. */
MUST_USE enum err client_open(struct client **out, const struct client_settings *s, struct diag *d);
void client_close(struct client *c);

/* Asks and waits. A question sent on a kept line that turns out to be closed, with nothing of an answer, is asked once more on
 * a new one, by libcurl; what must not be done twice carries a number of its own. `path` starts with '/'. The reply is the client's and holds until the next call.
 *   ERR_UNAVAILABLE      nobody answers there, or the line broke before an answer
 *   ERR_TIMEOUT          connected, but no whole answer in time: it may have been done there
 *   ERR_UNAUTHENTICATED  the centre is not who it should be, our own files do not serve, or it does not know us (401)
 *   ERR_LIMIT            the answer is larger than reply_max */
MUST_USE enum err client_post(struct client *c, const char *path, const char *content_type, struct str body,
                              const struct client_reply **reply, struct diag *d);
MUST_USE enum err client_get(struct client *c, const char *path, const struct client_reply **reply, struct diag *d);

#endif
