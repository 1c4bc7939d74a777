/* official: the operator's lists in memory, put in the order in which rules/identity/official.h looks things up. Some 40 bytes a variant and 60 a town. */
#ifndef SERVICE_OFFICIAL_H
#define SERVICE_OFFICIAL_H

#include "base/arena.h"
#include "rules/identity/official.h"

enum { OFFICIAL_ROWS_MAX = 1 << 20 }; /* of either kind; the largest lists have 125,000 */

struct official_book {
    struct arena texts;
    struct official_pair *pairs;
    struct official_kind *kinds;
    struct official_town *towns;
    struct official_range *cities;
    uint32_t *by_post;
    size_t pair_count, pair_room, town_count, town_room;
    struct official view; /* after official_book_seal(), as long as the book */
};

void official_book_init(struct official_book *b);
void official_book_fini(struct official_book *b);
/* Both ways round; of several grades for a pair the best counts. ERR_MEMORY, ERR_LIMIT. */
MUST_USE enum err official_book_pair(struct official_book *b, uint32_t one, uint32_t other, enum kanji_grade grade,
                                     struct diag *d);
/* Copies the texts. */
MUST_USE enum err official_book_town(struct official_book *b, const struct official_town *t, struct diag *d);
/* Puts all in order; nothing is added afterwards. */
MUST_USE enum err official_book_seal(struct official_book *b, struct diag *d);

#endif
