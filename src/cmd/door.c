/* The app that nginx's workers run: the wiring of net/nginx to the rooms behind it, and which path leads where. */
#include "cmd/apps.h"
#include "edge/fhir/handle.h"
#include "edge/paper/serve.h"
#include "edge/receipt/card.h"
#include "edge/receipt/desk.h"
#include "edge/receipt/handle.h"
#include "edge/web/health.h"
#include "edge/web/pages.h"
#include "edge/web/status.h"

#include <stdlib.h>
#include <sys/prctl.h>

struct route {
    struct str entrance, method, path;
    enum http_step (*handle)(struct door *d, struct http_exchange *x);
};

#define ROUTE(entrance, method, path, handler, tag, ja, en)                                                            \
    {{entrance, sizeof entrance - 1}, {method, sizeof method - 1}, {path, sizeof path - 1}, handler},
static const struct route routes[] = {
#include "cmd/routes.def"
};
#undef ROUTE

static enum err start(struct http_loop *loop, struct str config, unsigned worker, void **app, struct diag *d) {
    struct door *door = calloc(1, sizeof *door);
    /* nginx has just allowed it; certificates of cards pass through, and none of it goes into a core file. */
    (void)prctl(PR_SET_DUMPABLE, 0);
    if (door == NULL) return diag_set(d, ERR_MEMORY, "door", NULL);
    enum err e = door_open(door, world_real(), loop, config, worker, d);
    if (e == ERR_OK) *app = door;
    else free(door);
    return e;
}

static enum http_step refuse(struct door *d, struct http_exchange *x, enum err why) {
    if (str_eq(x->request.entrance, S("door"))) figures_refused(&d->figures, why);
    if (str_starts(x->request.path, S("/fhir/"))) return fhir_refuse(x, why);
    http_reply_error(x, why, S(""));
    return HTTP_NOW;
}

/* RFC 9110: 405 says what would be allowed. GET brings HEAD with it (net/http.h). */
static struct str allowed(const struct route *r) { return str_eq(r->method, S("GET")) ? S("GET, HEAD") : r->method; }

static enum http_step handle(void *app, struct http_exchange *x) {
    const struct route *path = NULL; /* each path has one method */
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        const struct route *r = &routes[i];
        if (!str_eq(r->path, x->request.path) || !str_eq(r->entrance, x->request.entrance)) continue;
        if (str_eq(r->method, x->request.method)) return r->handle(app, x);
        path = r;
    }
    if (path == NULL) return refuse(app, x, ERR_PATH);
    enum http_step step = refuse(app, x, ERR_METHOD);
    http_reply_header(x, S("Allow"), allowed(path));
    return step;
}

static void turn(void *app) { door_turn(app); }
static void woken(void *app) { door_woken(app); }

static void refused(void *app, enum err why) {
    struct door *d = app;
    figures_refused(&d->figures, why);
}

static void stop(void *app) {
    door_close(app);
    free(app);
}

const struct http_app app_centre = {
    .name = "centre", .start = start, .handle = handle, .turn = turn, .woken = woken, .refused = refused, .stop = stop};
