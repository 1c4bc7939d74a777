/* What S4 is held against: LMDB alone, with the very keys and values of a store's members. Loads them sorted (MDB_APPEND, durable
 * transactions of LOAD_BATCH), then overwrites random ones, durably in batches of 1,024.
 * usage: raw STORE FOLDER UPDATES      FOLDER must exist and be empty
 * Prints: rows bytes load_seconds load_cpu_seconds updates update_seconds update_cpu_seconds file_bytes */
#include "bench/lib/figures.h"
#include "bench/lib/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LOAD_BATCH = 100000, UPDATE_BATCH = 1024 };

struct rows {
    MDB_val *keys, *values;
    size_t count;
    uint64_t bytes;
};

static void lmdb(int code) {
    if (code == MDB_SUCCESS) return;
    fprintf(stderr, "bench: raw: %s\n", mdb_strerror(code));
    exit(1);
}

static void copy(MDB_val *to, const MDB_val *from, uint64_t *bytes) {
    *to = (MDB_val){from->mv_size, malloc(from->mv_size)};
    must(to->mv_data != NULL, "memory");
    memcpy(to->mv_data, from->mv_data, from->mv_size);
    *bytes += from->mv_size;
}

static void read_rows(struct rows *r, const char *store) {
    struct member_table t;
    MDB_val k, v;
    member_table_open(&t, store);
    r->keys = calloc(t.rows, sizeof *r->keys), r->values = calloc(t.rows, sizeof *r->values);
    must(r->keys && r->values, "memory");
    while (r->count < t.rows && mdb_cursor_get(t.cursor, &k, &v, r->count ? MDB_NEXT : MDB_FIRST) == MDB_SUCCESS) {
        copy(&r->keys[r->count], &k, &r->bytes);
        copy(&r->values[r->count++], &v, &r->bytes);
    }
    member_table_close(&t);
}

static void load(MDB_env *env, const struct rows *r) {
    for (size_t i = 0; i < r->count;) {
        MDB_txn *txn;
        MDB_dbi dbi;
        MDB_cursor *c;
        lmdb(mdb_txn_begin(env, NULL, 0, &txn));
        lmdb(mdb_dbi_open(txn, "MEMBER", MDB_CREATE, &dbi));
        lmdb(mdb_cursor_open(txn, dbi, &c));
        for (size_t n = 0; n < LOAD_BATCH && i < r->count; n++, i++)
            lmdb(mdb_cursor_put(c, &r->keys[i], &r->values[i], MDB_APPEND));
        mdb_cursor_close(c);
        lmdb(mdb_txn_commit(txn));
    }
}

static void update(MDB_env *env, const struct rows *r, size_t count) {
    uint64_t state = 88172645463325252u;
    for (size_t i = 0; i < count;) {
        MDB_txn *txn;
        MDB_dbi dbi;
        lmdb(mdb_txn_begin(env, NULL, 0, &txn));
        lmdb(mdb_dbi_open(txn, "MEMBER", 0, &dbi));
        for (size_t n = 0; n < UPDATE_BATCH && i < count; n++, i++) {
            size_t at = next_random(&state) % r->count;
            ((char *)r->values[at].mv_data)[r->values[at].mv_size / 2]++;
            lmdb(mdb_put(txn, dbi, &r->keys[at], &r->values[at], 0));
        }
        lmdb(mdb_txn_commit(txn));
    }
}

int main(int argc, char **argv) {
    struct rows r = {0};
    struct stat st;
    MDB_env *env;
    char path[4096];
    if (argc != 4) return fprintf(stderr, "usage: raw STORE FOLDER UPDATES\n"), 2;
    size_t updates = read_number(argv[3], 100000000, "UPDATES");
    read_rows(&r, argv[1]);
    lmdb(mdb_env_create(&env));
    lmdb(mdb_env_set_maxdbs(env, 4));
    lmdb(mdb_env_set_mapsize(env, 256ull << 30));
    lmdb(mdb_env_open(env, argv[2], MDB_NORDAHEAD, 0600));
    uint64_t at = steady_ns(), cpu = process_cpu_ns();
    load(env, &r);
    uint64_t loaded = steady_ns() - at, loaded_cpu = process_cpu_ns() - cpu;
    at = steady_ns(), cpu = process_cpu_ns();
    update(env, &r, updates);
    uint64_t updated = steady_ns() - at, updated_cpu = process_cpu_ns() - cpu;
    snprintf(path, sizeof path, "%s/data.mdb", argv[2]);
    must(stat(path, &st) == 0, path);
    printf("%zu %llu %.3f %.3f %zu %.3f %.3f %lld\n", r.count, (unsigned long long)r.bytes, (double)loaded / 1e9,
           (double)loaded_cpu / 1e9, updates, (double)updated / 1e9, (double)updated_cpu / 1e9, (long long)st.st_size);
    mdb_env_close(env);
    return 0;
}
