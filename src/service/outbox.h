/* outbox: a file for people to act on (papers to post, reminders to send) and what the store says of it: both or neither, whenever the
 * process is killed. The store first notes the file, by path and sum, and what will be true once it is there; then the file is written;
 * then the store takes it as true and forgets the note. Whoever comes next settles a note that was left: true when the file is there
 * whole, never was otherwise. One run at a time may use a name (its writer of the log sees to that). */
#ifndef SERVICE_OUTBOX_H
#define SERVICE_OUTBOX_H

#include "base/buf.h"
#include "base/world.h"
#include "state/store/store.h"

enum { OUTBOX_ENTRIES_MAX = 4 << 20, OUTBOX_PATH_MAX = 4096 };

struct outbox {
    struct world *world;
    struct store *ways; /* open to write */
    const char *name;   /* of the note: "papers", "reminders" */
    /* Makes one entry true, in the transaction that forgets the note. */
    enum err (*apply)(struct store_txn *t, struct str entry, struct diag *d);
};

/* What an earlier run left. */
MUST_USE enum err outbox_settle(const struct outbox *o, struct diag *d);
/* `path` is absolute; `entries` were put together by outbox_add(). */
MUST_USE enum err outbox_send(const struct outbox *o, const char *path, struct str bytes, struct str entries,
                              struct diag *d);
void outbox_add(struct buf *entries, struct str entry);

#endif
