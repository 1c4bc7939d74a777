/* health: whether this worker can answer, for a load balancer and for people (IETF draft "Health Check Response Format for HTTP
 * APIs", draft-inadarei-api-health-check-06, sections 3 and 4: pass, warn, fail; checks with an output for a person). */
#ifndef EDGE_WEB_HEALTH_H
#define EDGE_WEB_HEALTH_H

#include "service/door.h"

enum health { HEALTH_PASS, HEALTH_WARN, HEALTH_FAIL };

struct health_check {
    const char *name; /* "store", "log", "revocations" */
    enum health health;
    const char *ja, *en; /* why it is not a pass; "" otherwise */
};
enum { HEALTH_CHECKS = 3 };

struct health_report {
    enum health health; /* the worst of all */
    struct health_check checks[HEALTH_CHECKS];
};

const char *health_name(enum health h);
/* Looks at everything now; `then` is called when the store has answered: with LMDB and in memory before this returns, else later
 * on the loop's thread. `r` and `context` stay until then. */
struct health_look {
    struct door *door;
    struct health_report report;
    void (*then)(struct health_look *l);
    void *context;
    struct store_read read;
    struct store_find find;
};
void health_look(struct health_look *l);
/* {"status":…,"checks":{…}} without the braces around it. */
void health_put(struct buf *b, const struct health_report *r);

/* GET /health: 200 for pass and warn, 503 for fail. */
enum http_step web_health(struct door *d, struct http_exchange *x);

#endif
