/* shelf: the lists an operator brought, in a folder: DIR/official/CODE-VERSION.tsv, one file for each version that was ever imported, and DIR/official/current.json, which names the one of each list
 * that counts. A version is the first 16 hexadecimal digits of the SHA-256 of the kept lines, so that a damaged file is noticed. current.json is replaced last and at once: whenever
 * an import is cut short, what counted before counts on. */
#ifndef EDGE_OFFICIAL_SHELF_H
#define EDGE_OFFICIAL_SHELF_H

#include "base/world.h"
#include "edge/official/list.h"

enum { SHELF_VERSION = 16, SHELF_FILE_MAX = 128 << 20 };

struct shelf_entry {
    bool there;
    char version[SHELF_VERSION + 1];
    uint64_t rows;
};
struct shelf {
    struct shelf_entry of[OFFICIAL_LISTS];
};

/* Nothing when the folder has no current.json. ERR_CORRUPT when it cannot be read. */
MUST_USE enum err shelf_read(struct shelf *s, struct world *w, const char *folder, struct diag *d);
/* Keeps the lines as the list's current version. */
MUST_USE enum err shelf_put(struct shelf *s, struct world *w, const char *folder, enum official_list list,
                            struct str kept, size_t rows, struct diag *d);
/* Every current list into the book, sealed. ERR_NOT_FOUND when the folder has none; ERR_CORRUPT when a file is not what its version says. */
MUST_USE enum err shelf_load(struct world *w, const char *folder, struct official_book *b, struct diag *d);

#endif
