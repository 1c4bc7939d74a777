/* Inside the review: what its parts share. */
#ifndef SERVICE_REVIEW_INSIDE_H
#define SERVICE_REVIEW_INSIDE_H

#include "service/review/review.h"
#include "service/review/unlink.h"

#include <limits.h>

struct review {
    struct review_settings s;
    struct verify_desk desk; /* the store: members, and the log of accesses */
    struct ledger *log;      /* of decisions */
    struct side_work *side;
    struct asker asker;
    int file;                   /* the alarms as they were opened: a newer file under that name does not disturb */
    struct review_alarm **list; /* of the file, in its order */
    size_t list_n, list_room;
    struct review_alarm **table; /* all there are, by id: open addressing, NULL where free */
    size_t table_n, table_size;
    size_t owed; /* orders and listings not done */
};

/* ---- alarms.c ---- */

/* The alarm of that id, made when there is none. NULL without memory. */
struct review_alarm *alarm_get(struct review *r, const uint8_t id[ALARM_ID_BYTES]);
MUST_USE enum err alarms_read(struct review *r, struct diag *d);
void alarms_free(struct review *r);

/* ---- replay.c ---- */

/* What the event changes in the alarm it is about. ERR_MEMORY, ERR_CORRUPT when it cannot follow from what came before. */
MUST_USE enum err event_apply(struct review *r, const struct review_event *e);
MUST_USE enum err decisions_replay(struct review *r, struct diag *d);

/* ---- follow.c: what the program does by itself ---- */

/* The records that are to be closed or opened, and the accesses to be listed, since the logs say so or a crash came between. */
MUST_USE enum err follow_up(struct review *r, struct diag *d);
/* Has the accesses of a link that was undone listed beside the loop. */
MUST_USE enum err follow_unlinked(struct review *r, struct review_alarm *a);

/* ---- review.c ---- */

/* The first of o->events, from what the order says; and the member's name in it. */
MUST_USE enum err order_fill(struct review *r, struct review_order *o);
/* Records o->events, one after another, each in both logs. */
void order_start(struct review *r, struct review_order *o);

#endif
