/* sort: more records than memory holds, brought into order: byte strings go in, and come out in byte order (shorter first on a tie). What does
 * not fit waits in one file that has no name from the moment it is made, so that no crash leaves it behind; nobody else can open it.
 *
 * Memory is what is given at birth, however many records there are; twice that for a moment where a run is written. Equal records
 * all come out. One thread's. */
#ifndef STATE_SORT_SORT_H
#define STATE_SORT_SORT_H

#include "base/buf.h"
#include "base/world.h"

enum {
    SORT_RECORD_MAX = 4096,
    SORT_RUNS_MAX = 256,       /* of memory's size each: with 256 MiB, 48 GiB of records */
    SORT_MEMORY_MIN = 1 << 20, /* below it runs are too many and too small */
};
#define SORT_MEMORY_MAX (1ull << 32) /* offsets are 32 bits */

struct sorting;

/* `folder`: where the file is made when one is needed. `memory`: SORT_MEMORY_MIN … SORT_MEMORY_MAX bytes, brought into them. ERR_MEMORY. */
MUST_USE enum err sort_open(struct sorting **out, struct world *w, const char *folder, uint64_t memory, struct diag *d);
void sort_close(struct sorting *s);
/* Takes a copy. Not after the first sort_next(). ERR_LIMIT: longer than SORT_RECORD_MAX, or more than SORT_RUNS_MAX runs. */
MUST_USE enum err sort_put(struct sorting *s, struct str record, struct diag *d);
/* The next in order, valid until the next call; ERR_NOT_FOUND after the last. */
MUST_USE enum err sort_next(struct sorting *s, struct str *record, struct diag *d);
uint64_t sort_count(const struct sorting *s);

#endif
