/* alarms: alarms.ndjson, what an inspection of links found, ranked (docs/format/alarms.md). Lines are kept in a file without a name until all are
 * there; then they are written in order of rank. Never holds a My Number. */
#ifndef EDGE_LINKS_ALARMS_H
#define EDGE_LINKS_ALARMS_H

#include "base/world.h"
#include "rules/identity/alarm.h"
#include "service/link/linking.h"

struct alarm_place;
struct alarms {
    struct world *world;
    const char *folder; /* the caller's */
    int fd;             /* of the lines so far */
    uint64_t size;
    struct buf line;
    struct alarm_place *places;
    size_t count, room;
    uint64_t causes[ALARM_CAUSES];
};

/* Makes the folder. */
MUST_USE enum err alarms_open(struct alarms *a, struct world *w, const char *folder, struct diag *d);
/* Takes one link looked at again; *rang tells whether it is an alarm. */
MUST_USE enum err alarms_take(struct alarms *a, const struct link_result *r, bool *rang, struct diag *d);
/* Writes FOLDER/alarms.ndjson; until then an older one stays. */
MUST_USE enum err alarms_finish(struct alarms *a, struct diag *d);
void alarms_close(struct alarms *a);

#endif
