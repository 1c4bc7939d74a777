/* store: what users of the stored facts see. A batch of look-ups goes in and completes later: LMDB and RAM complete it before
 * store_read() returns, a database over a line may do so after. Writing is for the one process that owns the store's
 * folder (`mado import` for coverage, the desk process for desk, `mado cards` for cards).
 *
 * Tables and their keys: store_table.def and store_key.h. */
#ifndef STATE_STORE_STORE_H
#define STATE_STORE_STORE_H

#include "base/err.h"
#include "base/str.h"

#include <stdatomic.h>

#define TABLE(name, home, number) STORE_##name,
enum store_table {
#include "state/store/store_table.def"
    STORE_TABLE_COUNT
};
#undef TABLE

/* Which set of tables one opened store holds; each is a folder (coverage/, desk/, cards/, ways/, people/). All but ways/ have one writer as long as it is
 * open. ways/ is written by several commands that each finish soon: whoever begins a transaction waits for the one before. */
enum store_home {
    STORE_HOME_COVERAGE,
    STORE_HOME_DESK,
    STORE_HOME_CARDS,
    STORE_HOME_WAYS,
    STORE_HOME_PEOPLE,
    STORE_HOMES
};
const char *store_home_folder(enum store_home h); /* "coverage" */

enum {
    STORE_FORMAT = 1,           /* the version of keys and values; another one is refused (ERR_VERSION) */
    STORE_KEY_MAX = 511,        /* LMDB's limit */
    STORE_ROWS_MAX = 16,        /* one look-up gives at most so many rows */
    STORE_TURN_WAIT_MS = 10000, /* for another writer of ways/, whose transactions take milliseconds */
};

struct store;
struct store_txn;

struct store_settings {
    enum store_home home;
    const char *folder; /* NULL: in memory (tests, demos) */
    bool write;         /* makes the store when there is none */
    uint64_t map_bytes; /* LMDB's map, address space only; 0: STORE_MAP_DEFAULT */
};
#define STORE_MAP_DEFAULT (256ull << 30)

/* ERR_NOT_FOUND when there is no store and write is false; ERR_VERSION; ERR_CORRUPT; ERR_LOCKED when another process writes. */
MUST_USE enum err store_open(struct store **out, const struct store_settings *s, struct diag *d);
void store_close(struct store *s);

struct store_row {
    struct str key, value;
};

/* One look-up: all rows whose key begins with `prefix` (or is it, when exact), in key order, at most STORE_ROWS_MAX. */
struct store_find {
    enum store_table table;
    bool exact;
    struct str prefix;
    struct str after; /* not empty: of those only the rows with a greater key, to read a table on and on */
    struct store_row rows[STORE_ROWS_MAX]; /* out */
    size_t count;                          /* out */
    bool more;                             /* out: there are more rows than fit */
};

struct store_read {
    struct store_find *finds;
    size_t find_count;
    void (*done)(struct store_read *r); /* exactly once, on the caller's thread; rows are valid only inside it */
    void *context;
    enum err err; /* set before done */
    struct diag diag;
};
void store_read(struct store *s, struct store_read *r);
/* For programs without a loop: the same, and done has been called when it returns. */
void store_read_now(struct store *s, struct store_read *r);
/* Between turns of a loop, or after each question: lets go of the view, so that the next look-up sees what was written
 * since and old pages can be reused. */
void store_turn(struct store *s);
/* A single exact look-up, for start-up and tools: copies the value. ERR_NOT_FOUND without a row. */
struct buf;
MUST_USE enum err store_get(struct store *s, enum store_table table, struct str key, struct buf *out, struct diag *d);
/* Reads pages in ahead of the first questions, some at a time, until all are there or *stop (may take seconds for a nation; for a
 * thread of its own, beside which the store may be read but not closed). */
void store_warm(struct store *s, const atomic_bool *stop);
/* Rows in a table, for figures. */
uint64_t store_count(struct store *s, enum store_table table);

/* ---- writing ---- */

/* ERR_LOCKED when another process did not end its transaction in time (ways/ alone). */
MUST_USE enum err store_begin(struct store *s, struct store_txn **out, struct diag *d);
/* After ERR_OK everything of the transaction is durable and the next look-up sees it. The transaction is gone either way. */
MUST_USE enum err store_commit(struct store_txn *t, struct diag *d);
void store_abort(struct store_txn *t);
MUST_USE enum err store_put(struct store_txn *t, enum store_table table, struct str key, struct str value,
                            struct diag *d);
/* The same when the key is greater than every key of the table (fast, for sorted loads); ERR_CONFLICT when it is not. */
MUST_USE enum err store_append(struct store_txn *t, enum store_table table, struct str key, struct str value,
                               struct diag *d);
/* Removing what is not there is fine. */
MUST_USE enum err store_del(struct store_txn *t, enum store_table table, struct str key, struct diag *d);
/* The first row with a key ≥ `from` (or, with after, > from) as the transaction sees it; valid until its next write. ERR_NOT_FOUND
 * at the end of the table. */
MUST_USE enum err store_seek(struct store_txn *t, enum store_table table, struct str from, bool after,
                             struct store_row *out, struct diag *d);
/* The greatest key of the table. ERR_NOT_FOUND when it is empty. */
MUST_USE enum err store_last(struct store_txn *t, enum store_table table, struct store_row *out, struct diag *d);

#endif
