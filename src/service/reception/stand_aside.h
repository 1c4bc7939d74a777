/* stand_aside: a face reader that failed ten times in a row steps aside for half an hour, whoever stood before it: the other ways are as
 * good, and nobody is to be worn out, or tried out, before a camera. On the disk, so that starting anew forgives nothing. */
#ifndef SERVICE_RECEPTION_STAND_ASIDE_H
#define SERVICE_RECEPTION_STAND_ASIDE_H

#include "base/world.h"

enum { STAND_ASIDE_FAILURES = 10, STAND_ASIDE_MINUTES = 30, STAND_ASIDE_PATH_MAX = 4000 };

struct stand_aside {
    struct world *world;
    char path[STAND_ASIDE_PATH_MAX];
    unsigned failures; /* in a row */
    int64_t until_us;  /* UTC: it stands aside until then; 0: it does not */
};

/* `path`: of its file. One that cannot be read counts as ten failures just now. */
MUST_USE enum err stand_aside_open(struct stand_aside *s, struct world *w, const char *path, struct diag *d);
bool stand_aside_now(const struct stand_aside *s);
/* Durable when they return ERR_OK; on an error the change is in memory. */
MUST_USE enum err stand_aside_failed(struct stand_aside *s, struct diag *d);
MUST_USE enum err stand_aside_succeeded(struct stand_aside *s, struct diag *d);

#endif
