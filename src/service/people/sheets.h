/* sheets: the files a nation is written into. Each has a buffer; full ones are appended in one write. The files of insurers are opened for each
 * append, so that thousands of them need no descriptors. The first error is kept and everything after it is dropped. */
#ifndef SERVICE_PEOPLE_SHEETS_H
#define SERVICE_PEOPLE_SHEETS_H

#include "base/buf.h"
#include "base/world.h"

enum {
    SHEETS_MEMORY = 48 << 20,   /* bytes of buffers in all, however large the nation */
    SHEET_BUFFER_MAX = 1 << 20, /* a write that hides the cost of opening a file */
    SHEET_BUFFER_MIN = 4 << 10,
    SHEET_PATH_MAX = 4096,
};

struct sheet {
    struct buf buffer;
    off_t at; /* bytes in the file so far */
    char name[40];
};
struct sheets {
    struct world *world;
    const char *folder;
    struct sheet *list;
    size_t count, full_at;
    enum err failed;
    struct diag diag;
};

/* Room for `count` sheets below `folder`, which must exist. */
MUST_USE enum err sheets_init(struct sheets *s, struct world *w, const char *folder, size_t count, struct diag *d);
void sheets_fini(struct sheets *s);
/* Names a sheet ("insurers/06139448.ndjson"); an older file of that name is emptied. */
MUST_USE enum err sheet_begin(struct sheets *s, size_t which, const char *name, struct diag *d);
/* The buffer to write whole lines into; call sheet_more() afterwards. */
static inline struct buf *sheet_buf(struct sheets *s, size_t which) { return &s->list[which].buffer; }
void sheet_flush(struct sheets *s, size_t which);
static inline void sheet_more(struct sheets *s, size_t which) {
    if (s->list[which].buffer.n >= s->full_at) sheet_flush(s, which);
}
/* Writes what is left. The first error of all writes. */
MUST_USE enum err sheets_end(struct sheets *s, struct diag *d);

#endif
