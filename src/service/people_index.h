/* people_index: whom the store knows by birth date and sex, for the two uses that ask without a number: disaster mode, and statements to be
 * settled. Built in one pass or a few over the coverage (`mado disaster open`, `mado disaster index`), in a home of its own (people/) whose
 * one writer is the building; it holds keys alone, and what it points to is looked up in the coverage as it is now.
 *
 * Why not kept up by every import, and why not a scan: docs/decisions/people-index.md. What came after it was built is not found by name until it
 * is built again; by number it is found at once. */
#ifndef SERVICE_PEOPLE_INDEX_H
#define SERVICE_PEOPLE_INDEX_H

#include "base/arena.h"
#include "core/coverage.h"
#include "state/store/store.h"

enum {
    PEOPLE_PASS_MAX = 4 << 20, /* keys sorted in memory at once: some 200 MB */
    PEOPLE_CELL_MAX =
        20000 /* people of one birth date and sex looked at for one question; the nation has about 1,600 */
};

/* Builds the index of what `coverage` holds now; the one before it serves until the new one is whole, and then goes. `pass_max` 0:
 * PEOPLE_PASS_MAX. */
MUST_USE enum err people_index_build(struct store *coverage, struct store *people, int64_t now_us, size_t pass_max,
                                     uint64_t *count, struct diag *d);
/* How many people are in it, and when it was built. ERR_NOT_FOUND: never. */
MUST_USE enum err people_index_state(struct store *people, uint64_t *count, int64_t *built_us, struct diag *d);
/* Calls `each` with the member key of everyone born that day whose registered sex is `sex`, until it returns false. ERR_NOT_FOUND without an
 * index; ERR_LIMIT past PEOPLE_CELL_MAX. The keys are good inside `each` alone. */
MUST_USE enum err people_index_walk(struct store *people, struct day birth, uint8_t sex,
                                    bool (*each)(void *context, struct str member_key), void *context, struct diag *d);

#endif
