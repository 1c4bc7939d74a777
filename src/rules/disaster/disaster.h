/* disaster: whether an institution may ask by name, birth date, sex and address today: only where and while the operator has opened it
 * (災害時の資格確認). Pure.
 *
 * An institution's code says where it is: prefecture (digits 1–2), fee table (3), 郡市区 within the prefecture (4–5). */
#ifndef RULES_DISASTER_DISASTER_H
#define RULES_DISASTER_DISASTER_H

#include "core/day.h"
#include "core/digits.h"

enum {
    DISASTER_PLACES_MAX = 64,
    DISASTER_DAYS_MAX = 92
}; /* longer is opened anew: somebody looks at it each quarter */

/* A prefecture and 郡市区 (0: the whole prefecture), or one institution. */
struct disaster_place {
    unsigned prefecture, municipality;
    struct institution_code institution; /* n 0: a place by its numbers */
};

struct disaster {
    uint32_t id;                    /* 1 and up */
    struct day from, until, closed; /* both days count; closed DAY_NONE: not closed, else from that day on */
    struct disaster_place places[DISASTER_PLACES_MAX];
    size_t place_count;
    struct str reason; /* the operator's words */
};

bool disaster_place_holds(const struct disaster_place *p, struct institution_code institution);
/* NULL: not opened for that institution on that day. */
const struct disaster *disaster_for(const struct disaster *list, size_t count, struct institution_code institution,
                                    struct day today);

#endif
