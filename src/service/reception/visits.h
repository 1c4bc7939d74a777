/* visits: today's patients, in memory and in a private folder, a file each ("<id>.visit", mode 0600, replaced whole). The day is Japan's;
 * when it is over, all of it is erased, whatever state it was in, and what an earlier run left of an earlier day at the next start. What
 * is of a later day (the clock is behind) stays until that day is over.
 * Erased is unlinked: what a file system keeps of the bytes is for the disk's own encryption (SECURITY.md). */
#ifndef SERVICE_RECEPTION_VISITS_H
#define SERVICE_RECEPTION_VISITS_H

#include "base/world.h"
#include "service/reception/visit.h"

enum { VISITS_MAX = 3000, VISITS_FOLDER_MAX = 3800 }; /* more than a university hospital sees in a day */

struct visits {
    struct world *world;
    char folder[VISITS_FOLDER_MAX + 1];
    struct visit **list; /* by number */
    size_t count, room;
    struct day today;
    unsigned last_number;
    uint64_t version; /* grows with every change */
    bool turning;     /* the day changes: what cannot be read goes too */
    size_t damaged;   /* files that were no visits at the start; left where they are until the day is over */
};

/* Makes the folder. What cannot be read is counted in `damaged`, not an error. */
MUST_USE enum err visits_open(struct visits *v, struct world *w, const char *folder, struct diag *d);
void visits_close(struct visits *v);

/* An id that nobody can guess. */
void visits_make_id(struct visits *v, char out[VISIT_ID + 1]);

/* Takes `one` over: gives it an id and a state (WAITING) when it has none, number, day and time, keeps it durably. On an error nothing is kept and `one` stays the caller's.
 * ERR_LIMIT: the day is full. */
MUST_USE enum err visits_add(struct visits *v, struct visit *one, struct diag *d);
/* A change of one that is in the list: durable when this returns. On an error the old one is on the disk, and the change in memory. */
MUST_USE enum err visits_keep(struct visits *v, struct visit *one, struct diag *d);
/* Erases one that is in the list: it is the caller's again, or freed. */
void visits_forget(struct visits *v, struct visit *one);
void visits_drop(struct visits *v, struct visit *one);
struct visit *visits_find(const struct visits *v, struct str id);
/* Erases the day when it is over. True when it did. */
bool visits_turn(struct visits *v);

#endif
