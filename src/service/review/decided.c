#include "service/review/decided.h"

#include "service/review/inside.h"

#include <stdlib.h>

struct decided {
    struct review review; /* its table alone */
};

enum err decided_open(struct decided **out, struct world *w, const char *decisions, struct diag *d) {
    struct decided *n = calloc(1, sizeof *n);
    if (n == NULL) return diag_set(d, ERR_MEMORY, "decisions", NULL);
    n->review.s = (struct review_settings){.world = w, .decisions = decisions};
    enum err e = decisions_replay(&n->review, d);
    if (e == ERR_OK) return *out = n, ERR_OK;
    decided_close(n);
    return e;
}

void decided_close(struct decided *d) {
    if (d) alarms_free(&d->review);
    free(d);
}

const struct review_case *decided_of(const struct decided *d, const uint8_t alarm[ALARM_ID_BYTES]) {
    const struct review_alarm *a = review_find(&d->review, alarm);
    return a ? &a->state : NULL;
}
