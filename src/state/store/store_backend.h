/* What a backend of the store provides; store.c is the only user. The contract of each is store.h's. */
#ifndef STATE_STORE_STORE_BACKEND_H
#define STATE_STORE_STORE_BACKEND_H

#include "base/buf.h"
#include "state/store/store.h"

struct store_backend {
    enum err (*open)(struct store *s, const struct store_settings *settings, struct diag *d);
    void (*close)(struct store *s);
    void (*read)(struct store *s, struct store_read *r);
    void (*turn)(struct store *s);
    void (*warm)(struct store *s, const atomic_bool *stop);
    uint64_t (*count)(struct store *s, enum store_table table);
    enum err (*begin)(struct store *s, struct store_txn **out, struct diag *d);
    enum err (*commit)(struct store_txn *t, struct diag *d);
    void (*abort)(struct store_txn *t);
    enum err (*put)(struct store_txn *t, enum store_table table, struct str key, struct str value, bool append,
                    struct diag *d);
    enum err (*del)(struct store_txn *t, enum store_table table, struct str key, struct diag *d);
    enum err (*seek)(struct store_txn *t, enum store_table table, struct str from, bool after, struct store_row *out);
    enum err (*last)(struct store_txn *t, enum store_table table, struct store_row *out);
};

extern const struct store_backend store_backend_lmdb, store_backend_ram;

struct store {
    const struct store_backend *backend;
    enum store_home home;
    void *state; /* the backend's */
};

/* Backends begin theirs with this. */
struct store_txn {
    struct store *store;
};

/* The tables of a home, as names for a backend that has names. */
struct store_table_info {
    const char *name;
    enum store_home home;
    unsigned number;
};
const struct store_table_info *store_table_info(enum store_table t);
/* Whether the writer's lock is held for a transaction only. */
bool store_home_shared(enum store_home h);

#endif
