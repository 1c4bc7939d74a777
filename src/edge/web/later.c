#include "edge/web/later.h"

static void looked(struct health_look *look) {
    struct later *l = look->context;
    l->write(l);
    l->written = true;
    if (!l->inside) http_done(l->x);
}

enum http_step later_look(struct door *d, struct http_exchange *x, void (*write)(struct later *l)) {
    struct later *l = arena_new(&x->arena, sizeof *l);
    if (l == NULL) return http_reply_error(x, ERR_MEMORY, S("")), HTTP_NOW;
    *l = (struct later){.x = x, .write = write, .inside = true};
    l->look = (struct health_look){.door = d, .then = looked, .context = l};
    health_look(&l->look);
    l->inside = false;
    return l->written ? HTTP_NOW : HTTP_LATER;
}
