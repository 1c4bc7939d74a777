/* import: takes in an insurer's file. Each line gets its own result, in order; "accepted" means that the next question sees it.
 *
 * A chunk of lines is parsed by worker threads, introduced to the vault, sorted by card and applied in one transaction
 * together with how far the file came: killed at any moment, the next run goes on behind the last chunk that was committed,
 * with no line lost and none doubled. Results grow in FILE.result.part and become FILE.result when all is stored. */
#ifndef SERVICE_IMPORT_H
#define SERVICE_IMPORT_H

#include "base/world.h"
#include "service/insurer_line.h"

struct importer;

struct import_progress {
    const char *path;
    uint64_t bytes, size; /* done, in all */
    uint64_t lines, accepted, refused, unchanged;
    bool resumed; /* went on where an earlier run was stopped */
    bool changed; /* an earlier run was stopped, but the file is not the same any more: from the start */
};

struct import_settings {
    struct world *world;
    const char *store;
    const char *program;   /* this program, for the vault's process */
    uint64_t memory_bytes; /* for lines in flight; 0: IMPORT_MEMORY_DEFAULT */
    unsigned threads;      /* that parse; 0: one a core */
    void (*progress)(void *context, const struct import_progress *p); /* after each chunk; may be NULL */
    void *context;
};
enum { IMPORT_MEMORY_DEFAULT = 256 << 20, IMPORT_MEMORY_MIN = 16 << 20, IMPORT_THREADS_MAX = 16 };

/* Makes the store when there is none. ERR_LOCKED while another import runs. */
MUST_USE enum err import_open(struct importer **out, const struct import_settings *s, struct diag *d);
void import_close(struct importer *i);

/* `format` reads a line; results go to `result_path`. ERR_OK also when lines were refused: *out counts them. */
MUST_USE enum err import_file(struct importer *i, const char *path, const struct insurer_file_format *format,
                              const char *result_path, struct import_progress *out, struct diag *d);

#endif
