/* ways_load: a list of members' ways into the store, line by line, each with its own result in FILE.result. A chunk of lines is one
 * transaction: it is in the log, then in the store. A load that was stopped is simply given again: what is there already is "unchanged". */
#ifndef SERVICE_WAYS_LOAD_H
#define SERVICE_WAYS_LOAD_H

#include "service/verify.h"
#include "service/ways_line.h"

enum {
    WAYS_CHUNK_LINES = 2048, /* a transaction of milliseconds: others who write ways/ wait for it */
    WAYS_CHUNK_BYTES = 1 << 20,
};

struct ways_load {
    uint64_t lines, accepted, unchanged, refused;                               /* so far */
    void (*progress)(void *context, const struct ways_load *l, uint64_t bytes); /* may be NULL */
    void *context;
};

/* The desk has ways/ open to write. ERR_NOT_FOUND when there is no such file. */
MUST_USE enum err ways_load_file(struct verify_desk *v, const struct asker *asker, const char *path,
                                 const char *result_path, ways_line_read *read, struct ways_load *l, struct diag *d);

#endif
