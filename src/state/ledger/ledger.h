/* ledger: the log that nobody rewrites. One writer (a process) appends records to segments of its own; a record counts
 * once its ticket is done with ERR_OK: then it is on the disk, and only then may the answer it tells of leave.
 *
 * On disk (docs/format/ledger.md): DIR/<writer>/<sequence, 8 digits>.seg, pre-zeroed to a fixed size and overwritten. What is
 * waiting is written as one commit (one write, one sync). Each commit ends with the chain, SHA-256(chain before ‖ its records
 * with their lengths); each segment begins with the one before its first. After a crash the log is cut back to
 * the last whole commit; what is cut was never acknowledged. Room for Merkle proofs: the leaf of a record is computable from
 * its body alone.
 *
 * A ledger belongs to one thread: append, flush, collect, drain and close are called from it alone. */
#ifndef STATE_LEDGER_LEDGER_H
#define STATE_LEDGER_LEDGER_H

#include "base/buf.h"
#include "base/err.h"
#include "base/world.h"

enum {
    LEDGER_RECORD_MAX = 4096,
    LEDGER_WRITER_MAX = 32,        /* length of a writer's name: a-z 0-9 - */
    LEDGER_QUEUE_MAX = 64 * 1024,  /* records not yet collected; beyond it ledger_append() says ERR_BUSY */
    LEDGER_QUEUE_BYTES = 16 << 20, /* and their bytes in one batch: what a slow disk may make us hold */
    LEDGER_WRITERS_MAX = 1024,     /* folders a reader believes in: workers of a machine, and then some */
};

struct ledger;

/* The caller's; stays where it is until done. */
struct ledger_ticket {
    struct ledger_ticket *next; /* the ledger's */
    enum err err;               /* set before done is called */
    void (*done)(struct ledger_ticket *t);
    void *context;
};

struct ledger_settings {
    const char *folder;      /* the ledger/ of a store */
    const char *writer;      /* "door-0", "operator", "desk" */
    uint64_t segment_bytes;  /* 0: LEDGER_SEGMENT_DEFAULT */
    void (*wake)(void *ctx); /* on the commit thread after a commit: have ledger_collect() called. May be NULL */
    void *wake_context;
};
/* Small segments are for the command line: making one costs a millisecond, not a hundred. */
enum { LEDGER_SEGMENT_DEFAULT = 64 << 20, LEDGER_SEGMENT_MIN = 64 << 10, LEDGER_SEGMENT_SMALL = 256 << 10 };

/* Opens or makes the writer's log, takes its lock (ERR_LOCKED when another process has it), cuts back what a crash tore and
 * starts the commit thread. ERR_VERSION, ERR_CORRUPT (with the place) when it will not continue a damaged log. */
MUST_USE enum err ledger_open(struct ledger **out, struct world *w, const struct ledger_settings *s, struct diag *d);
/* Waits for all that was appended, then marks a clean close and closes. Tickets not collected are done here. */
void ledger_close(struct ledger *l);

/* Takes a copy of the record into the batch being gathered. ERR_OK: t->done will be called, from ledger_collect(), with
 * t->err ERR_OK (durable) or not (the record may or may not be in the log: answer nothing). Any other result: refused, t is
 * untouched: ERR_BUSY, ERR_LIMIT (empty or above LEDGER_RECORD_MAX), ERR_MEMORY, ERR_DISK_FULL (until a next segment could
 * be prepared, which is tried again by itself), or the error that broke the ledger. */
MUST_USE enum err ledger_append(struct ledger *l, struct ledger_ticket *t, struct str record);
/* Hands what was gathered to the commit thread. Cheap when nothing was. */
void ledger_flush(struct ledger *l);
/* Calls done of every ticket that has completed, in order of append; returns how many. */
size_t ledger_collect(struct ledger *l);
/* Flushes and collects until nothing is owed: for programs without a loop. */
void ledger_drain(struct ledger *l);

/* Figures since open, for metrics. */
struct ledger_figures {
    uint64_t records, commits, bytes,
        failed;        /* durable records, syncs that made them so, bytes written, records refused after append */
    uint64_t waiting;  /* appended, not yet done */
    uint64_t segments; /* begun since open */
    bool preparing;    /* the next segment is being zeroed */
    bool full;         /* no room for the next segment: ERR_DISK_FULL until there is */
    bool
        broken; /* a commit failed: refuses to append until reopened (the disk's state is unknown after a failed sync) */
};
struct ledger_figures ledger_figures(struct ledger *l);

/* ---- reading and checking, by anyone, also while writers run ---- */

struct ledger_entry {
    const char *writer;
    uint64_t segment, index; /* index: of the record within its writer, from 0 */
    struct str body;
    uint8_t chain[32]; /* at the end of the commit that holds the record */
};
/* Every record of every writer, a writer at a time in the order of names, in order; stops early when `each` returns false. A
 * record is checked before it is shown: ERR_CORRUPT with writer, segment and offset at the first fault, ERR_VERSION for a format
 * that is not known. A missing or empty folder has no records and is fine. An unfinished tail (being written, or torn by a
 * crash) ends a writer's records. The entry is valid during the call. */
MUST_USE enum err ledger_read(struct world *w, const char *folder,
                              bool (*each)(void *ctx, const struct ledger_entry *e), void *ctx, struct diag *d);

struct ledger_writer {
    const char *name;
    uint64_t segments, records, commits;
    uint64_t bytes;         /* in use, headers included */
    struct str first, last; /* bodies of the first and the last record; empty when there is none */
    uint8_t head[32];       /* the chain after the last commit */
    uint64_t torn; /* bytes of an unfinished commit behind the last whole one: being written, or left by a crash */
    bool closed;   /* ends with the mark of a clean close */
};
/* Checks all, calls `each` once per writer that has been checked to its end, by name; what it is given is valid during the call. Faults as ledger_read(). */
MUST_USE enum err ledger_verify(struct world *w, const char *folder,
                                void (*each)(void *ctx, const struct ledger_writer *r), void *ctx, struct diag *d);

#endif
