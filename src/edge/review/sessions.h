/* sessions: who is signed in. A token of 256 random bits is given once, travels in the Authorization header alone (never in a cookie, which a browser would send
 * by itself), and ends after half an hour without a request or twelve hours. In memory: a start anew signs everyone out. */
#ifndef EDGE_REVIEW_SESSIONS_H
#define EDGE_REVIEW_SESSIONS_H

#include "base/world.h"
#include "core/review_event.h"

enum {
    SESSIONS_MAX = 64,
    SESSION_TOKEN = 64,             /* hexadecimal digits */
    SESSION_IDLE_S = 30 * 60,       /* someone has left the desk */
    SESSION_WHOLE_S = 12 * 60 * 60, /* a day's work */
    ATTEMPTS_MAX = 5,               /* wrong passphrases of one name in a row … */
    ATTEMPTS_WAIT_S = 60,           /* … after which it must wait */
    ATTEMPTS_NAMES = 256,           /* names that are kept count of */
};

struct session {
    char token[SESSION_TOKEN + 1]; /* "": free */
    char reviewer[REVIEWER_NAME_MAX + 1];
    int64_t began_us, used_us; /* steady */
};

struct attempts {
    char name[REVIEWER_NAME_MAX + 1];
    unsigned wrong;
    int64_t last_us;
};

struct sessions {
    struct world *world;
    struct session list[SESSIONS_MAX];
    struct attempts attempts[ATTEMPTS_NAMES];
};

/* NULL when as many are signed in as may be. */
const struct session *session_begin(struct sessions *s, struct str reviewer);
void session_end(struct sessions *s, struct str token);
/* Whose token it is, or NULL; a request prolongs it. Compared in the same time, right or wrong. */
const struct session *session_of(struct sessions *s, struct str token);
/* ERR_BUSY while the name must wait. Names that nobody has wait as well. */
MUST_USE enum err session_may_try(const struct sessions *s, struct str name);
void session_tried(struct sessions *s, struct str name, bool right);

#endif
