/* disaster_book: what the operator has opened, as it is kept: STORE/disaster/openings.ndjson, replaced whole, one line an opening. `mado
 * disaster` writes it, the desk's process reads it at each use, so that opening and closing hold at once. docs/format/disaster.md. */
#ifndef SERVICE_DISASTER_BOOK_H
#define SERVICE_DISASTER_BOOK_H

#include "base/arena.h"
#include "base/world.h"
#include "rules/disaster/disaster.h"

enum { DISASTERS_MAX = 256, DISASTER_BOOK_MAX = 1 << 20, DISASTER_REASON_MAX = 200 };

struct disaster_book {
    struct disaster list[DISASTERS_MAX];
    size_t count;
};

/* No file: none is open. ERR_CORRUPT with the line. Texts are in the arena. */
MUST_USE enum err disaster_book_read(struct world *w, const char *store, struct arena *a, struct disaster_book *out,
                                     struct diag *d);
/* Bytes of such a file. */
MUST_USE enum err disaster_book_parse(struct arena *a, struct str text, struct disaster_book *out, struct diag *d);
void disaster_book_put(struct buf *out, const struct disaster_book *b);
MUST_USE enum err disaster_book_write(struct world *w, const char *store, const struct disaster_book *b,
                                      struct diag *d);

#endif
