/* blocks: a file in blocks of whole lines, handed to threads one after another. */
#ifndef SERVICE_LINK_BLOCKS_H
#define SERVICE_LINK_BLOCKS_H

#include "base/buf.h"
#include "base/world.h"

#include <pthread.h>

enum { BLOCK_BYTES = 1 << 20 };

struct blocks {
    struct world *world;
    int fd;
    const char *path;
    pthread_mutex_t mutex;
    uint64_t offset, line, size; /* under the mutex: read so far, and the file's size when it was opened */
};

MUST_USE enum err blocks_open(struct blocks *l, struct world *w, const char *path, struct diag *d);
void blocks_close(struct blocks *l);
/* The next block into `out`, which was born with a limit of BLOCK_BYTES at least; empty at the end. *first is its first line's
 * number, from 1. ERR_LIMIT with the line's number when a line does not fit. Any thread. */
MUST_USE enum err blocks_take(struct blocks *l, struct buf *out, uint64_t *first, struct diag *d);

#endif
