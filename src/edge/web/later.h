/* later: a reply that is written once the health of the worker is known, at once or on a later turn of the loop. */
#ifndef EDGE_WEB_LATER_H
#define EDGE_WEB_LATER_H

#include "edge/web/health.h"

struct later {
    struct health_look look;
    struct http_exchange *x;
    void (*write)(struct later *l);
    bool inside, written;
};

/* What the handler returns. */
enum http_step later_look(struct door *d, struct http_exchange *x, void (*write)(struct later *l));

#endif
