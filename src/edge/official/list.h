/* list: files that others publish, known by their content and read with mistrust, and the form in which Mado keeps what it took of them.
 *
 *   K TAB hex TAB hex TAB grade                 two variants; grade 3 by family-register practice, 4 by dictionary or shape
 *   T TAB post code TAB prefecture TAB municipality TAB town
 *
 * Kept lines are UTF-8. Post codes: rows that name no town (以下に掲載がない場合 …) become the municipality's own; what stands in brackets is left out; a town that goes on over several rows (Shift_JIS) is
 * taken once. A shrink map's pairs that are no kanji are left out. */
#ifndef EDGE_OFFICIAL_LIST_H
#define EDGE_OFFICIAL_LIST_H

#include "base/buf.h"
#include "service/official.h"

#define OFFICIAL_LIST(name, code, ja, en, licence) OFFICIAL_##name,
enum official_list {
#include "edge/official/list.def"
    OFFICIAL_LISTS
};
#undef OFFICIAL_LIST

struct official_list_info {
    const char *code, *ja, *en, *licence;
};
const struct official_list_info *official_list_info(enum official_list l);

enum { OFFICIAL_FILE_MAX = 64 << 20 }; /* KEN_ALL is 18 MB unpacked */

/* Which list it is, and its kept lines into out (born with a limit). ERR_NOT_SUPPORTED when it is none of them; ERR_SYNTAX, ERR_UTF8, ERR_CP932, ERR_CODE, ERR_LIMIT with d->line. */
MUST_USE enum err official_list_read(struct str file, enum official_list *list, struct buf *out, size_t *rows,
                                     struct diag *d);
/* Kept lines into the book. ERR_CORRUPT with d->line. */
MUST_USE enum err official_lines_load(struct str kept, struct official_book *b, struct diag *d);

#endif
