#include "bench/lib/sample.h"

#include "bench/lib/figures.h"
#include "state/store/store_key.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static void lmdb(int code, const char *what) {
    if (code == MDB_SUCCESS) return;
    fprintf(stderr, "bench: %s: %s\n", what, mdb_strerror(code));
    exit(1);
}

void member_table_open(struct member_table *t, const char *store) {
    char folder[PATH_MAX];
    MDB_stat stat;
    snprintf(folder, sizeof folder, "%s/coverage", store);
    lmdb(mdb_env_create(&t->env), "lmdb");
    lmdb(mdb_env_set_maxdbs(t->env, 16), "lmdb");
    lmdb(mdb_env_set_mapsize(t->env, 256ull << 30), "lmdb");
    lmdb(mdb_env_open(t->env, folder, MDB_RDONLY | MDB_NOTLS | MDB_NORDAHEAD, 0600), folder);
    lmdb(mdb_txn_begin(t->env, NULL, MDB_RDONLY, &t->txn), "lmdb");
    lmdb(mdb_dbi_open(t->txn, "MEMBER", 0, &t->dbi), "members");
    lmdb(mdb_stat(t->txn, t->dbi, &stat), "members");
    lmdb(mdb_cursor_open(t->txn, t->dbi, &t->cursor), "members");
    t->rows = stat.ms_entries;
}

void member_table_close(struct member_table *t) {
    mdb_cursor_close(t->cursor);
    mdb_txn_abort(t->txn);
    mdb_env_close(t->env);
}

static void shuffle(struct sample *s) {
    uint64_t state = 88172645463325252u;
    for (size_t i = s->count; i > 1; i--) {
        size_t j = next_random(&state) % i;
        struct str k = s->keys[i - 1];
        s->keys[i - 1] = s->keys[j], s->keys[j] = k;
    }
}

static void read_questions(struct sample *s) {
    for (size_t i = 0; i < s->count; i++) {
        struct question *q = &s->questions[i];
        *q = (struct question){.on = DAY_NONE};
        must(store_key_member_read(s->keys[i], &q->insurer, &q->id, &q->birth), "a member's key");
    }
}

/* One row of each run of `stride` rows, at a random place in it. */
void sample_draw(struct sample *s, const char *store, size_t count) {
    struct member_table t;
    uint64_t state = 2463534242u, at = 0, pick;
    size_t used = 0;
    MDB_val k, v;
    member_table_open(&t, store);
    if (count > t.rows) count = t.rows;
    must(count > 0, "a store without members");
    uint64_t stride = t.rows / count;
    *s = (struct sample){.rows = t.rows, .room = malloc(count * 64)};
    s->questions = calloc(count, sizeof *s->questions), s->keys = calloc(count, sizeof *s->keys);
    must(s->room && s->questions && s->keys, "memory");
    pick = next_random(&state) % stride;
    while (s->count < count && mdb_cursor_get(t.cursor, &k, &v, at ? MDB_NEXT : MDB_FIRST) == MDB_SUCCESS) {
        s->bytes += k.mv_size + v.mv_size;
        if (at++ != pick || used + k.mv_size > count * 64) continue;
        memcpy(s->room + used, k.mv_data, k.mv_size);
        s->keys[s->count++] = str_of(s->room + used, k.mv_size);
        used += k.mv_size;
        pick = s->count * stride + next_random(&state) % stride;
    }
    s->bytes = s->bytes * t.rows / at;
    member_table_close(&t);
    shuffle(s);
    read_questions(s);
}

void sample_fini(struct sample *s) {
    free(s->questions);
    free(s->keys);
    free(s->room);
}
