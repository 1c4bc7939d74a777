/* link_place: how far a run of `mado link` came, so that the same command goes on there: DIR/links.place, one JSON object, replaced after each
 * batch when its results are on the disk. It counts only for the same files, unchanged. */
#ifndef CMD_LINK_PLACE_H
#define CMD_LINK_PLACE_H

#include "base/world.h"

enum { LINK_PLACE_COUNTS = 64 };

struct link_place {
    uint64_t inputs;           /* a hash of the files' names, sizes and times */
    uint64_t file, line;       /* the first line that is not settled yet: of which file, from 0 */
    uint64_t written, refused; /* bytes of links.ndjson.part and refused.ndjson that belong to it */
    uint64_t refusals;
    uint64_t counts[LINK_PLACE_COUNTS]; /* of the rules so far */
};

/* A hash of what stands under those names now. ERR_NOT_FOUND, ERR_IO. */
MUST_USE enum err link_place_inputs(const char *const *paths, size_t count, uint64_t *out, struct diag *d);
/* ERR_NOT_FOUND: none, or it cannot be read: the run begins at the beginning. */
MUST_USE enum err link_place_read(struct world *w, const char *path, struct link_place *out);
MUST_USE enum err link_place_write(struct world *w, const char *path, const struct link_place *p, struct diag *d);

#endif
