/* lines: a file of lines read forward in bounded memory, however long the file. A line is given without its end (\n or \r\n); the last one need
 * not have one. */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include "base/arena.h"
#include "base/world.h"

struct lines {
    struct world *world;
    const char *path; /* the caller's */
    int fd;
    char *room;
    size_t size, from, until; /* what of the room has not been given out */
    off_t at;
    bool ended;
    unsigned number; /* of the line given last, from 1 */
};

/* `max`: bytes of a line, without its end. ERR_NOT_FOUND with the path, ERR_MEMORY, ERR_IO. */
MUST_USE enum err lines_open(struct lines *l, struct world *w, const char *path, size_t max, struct diag *d);
void lines_close(struct lines *l);
/* Valid until the next call. ERR_NOT_FOUND after the last, with d untouched; ERR_LIMIT for a longer line. Errors say path and line. */
MUST_USE enum err lines_next(struct lines *l, struct str *line, struct diag *d);
/* Adds path and line to an error that was found inside the line given last. */
MUST_USE enum err lines_fault(const struct lines *l, enum err e, struct diag *d);

/* Every line of a file in turn, with an arena that is emptied before each. What `each` returns ends it, with path and line added. */
MUST_USE enum err lines_each(struct world *w, const char *path, size_t max, size_t arena_bytes,
                             enum err (*each)(void *context, struct arena *a, struct str line, struct diag *d),
                             void *context, struct diag *d);

#endif
