/* packed: a person in as few bytes as the texts themselves need, for batches of millions. */
#ifndef SERVICE_LINK_PACKED_H
#define SERVICE_LINK_PACKED_H

#include "base/arena.h"
#include "rules/identity/person.h"

/* Beside the person: a member's symbol, number and the resident's record id that a link gives; a resident's record id and household. */
enum { PACKED_TEXTS = 10, PACKED_NAMES = 3 };

struct packed {
    const char *texts; /* in the arena it was packed into */
    uint16_t end[PACKED_TEXTS];
    char sex;
    struct day birth;
};

/* ERR_LIMIT when the texts have 64 KiB or more, ERR_MEMORY when the arena is full. */
MUST_USE enum err packed_put(struct arena *a, const struct person *p, const struct str names[PACKED_NAMES],
                             struct packed *out);
/* Texts are borrowed from the arena. */
struct person packed_person(const struct packed *p);
struct str packed_first(const struct packed *p);
struct str packed_second(const struct packed *p);
struct str packed_third(const struct packed *p);

#endif
