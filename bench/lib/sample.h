/* sample: members drawn evenly from a store's table, in random order, as the questions that ask for them. */
#ifndef BENCH_LIB_SAMPLE_H
#define BENCH_LIB_SAMPLE_H

#include "core/verdict.h"

#include <lmdb.h>

struct sample {
    struct question *questions; /* on: DAY_NONE */
    struct str *keys;           /* of their rows */
    size_t count;
    uint64_t rows, bytes; /* in the table: rows, and keys and values together */
    char *room;
};

/* Reads the coverage store under `store` without touching what the program under test opens. */
void sample_draw(struct sample *s, const char *store, size_t count);
void sample_fini(struct sample *s);

/* The table of members of a store, to read. */
struct member_table {
    MDB_env *env;
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_dbi dbi;
    uint64_t rows;
};
void member_table_open(struct member_table *t, const char *store);
void member_table_close(struct member_table *t);

#endif
