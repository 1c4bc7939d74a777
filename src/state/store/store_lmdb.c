/* The embedded backend: LMDB. One environment a home; one process writes it (a lock file of our own says so at once, where
 * LMDB's would make a second writer wait; for a shared home it is taken for each transaction, and waited for a bounded time). A reader keeps one read transaction through a turn of its loop. */
#include "state/store/store_backend.h"

#include "base/world.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TABLES_MAX = 16,
    READERS_MAX = 512,
    WARM_STEP = 4 << 20 /* a few milliseconds: whoever closes, or needs the process's memory map, waits no longer */
};

struct lmdb {
    MDB_env *env;
    MDB_dbi dbi[STORE_TABLE_COUNT];
    int lock_fd; /* -1 in a reader */
    char folder[PATH_MAX];
    MDB_txn *view; /* kept for its reader slot; active while `viewing` */
    bool viewing;
    MDB_cursor *cursors[STORE_TABLE_COUNT];        /* of the view, made at first use */
    uint64_t cursor_turn[STORE_TABLE_COUNT], turn; /* a cursor is renewed once a view */
};

struct lmdb_txn {
    struct store_txn base;
    MDB_txn *txn;
    MDB_cursor *cursors[STORE_TABLE_COUNT];
};

static enum err lmdb_err(int code) {
    switch (code) {
    case MDB_SUCCESS: return ERR_OK;
    case MDB_NOTFOUND: return ERR_NOT_FOUND;
    case MDB_KEYEXIST: return ERR_CONFLICT;
    case ENOENT: return ERR_NOT_FOUND;
    case ENOMEM: return ERR_MEMORY;
    case ENOSPC:
    case MDB_MAP_FULL: return ERR_DISK_FULL;
    case MDB_READERS_FULL: return ERR_BUSY;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID: return ERR_CORRUPT;
    case MDB_VERSION_MISMATCH: return ERR_VERSION;
    default: return ERR_IO;
    }
}

static enum err fault(struct diag *d, int code) {
    return code == MDB_SUCCESS ? ERR_OK : diag_set(d, lmdb_err(code), "store", "%s", mdb_strerror(code));
}

static MDB_val val_of(struct str s) { return (MDB_val){.mv_size = s.n, .mv_data = (void *)(uintptr_t)s.p}; }
static struct str str_of_val(MDB_val v) { return str_of(v.mv_data, v.mv_size); }

/* ---- opening ---- */

static enum err locked(const struct lmdb *l, struct diag *d) {
    return diag_set(d, ERR_LOCKED, l->folder, "another process is writing this store");
}

static enum err open_writer_lock(struct lmdb *l, bool take, struct diag *d) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/writer.lock", l->folder) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    l->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (l->lock_fd < 0) return diag_errno(d, path);
    return !take || flock(l->lock_fd, LOCK_EX | LOCK_NB) == 0 ? ERR_OK : locked(l, d);
}

static enum err take_turn(struct store *s, struct diag *d) {
    enum { STEP_MS = 2 };
    struct lmdb *l = s->state;
    if (!store_home_shared(s->home)) return ERR_OK;
    for (int waited_ms = 0; flock(l->lock_fd, LOCK_EX | LOCK_NB) != 0; waited_ms += STEP_MS) {
        if (waited_ms >= STORE_TURN_WAIT_MS) return locked(l, d);
        usleep(STEP_MS * 1000);
    }
    return ERR_OK;
}

static void end_turn(struct store *s) {
    const struct lmdb *l = s->state;
    if (store_home_shared(s->home)) (void)flock(l->lock_fd, LOCK_UN);
}

static enum err open_tables(struct store *s, struct lmdb *l, bool write, struct diag *d) {
    MDB_txn *txn = NULL;
    TRY(fault(d, mdb_txn_begin(l->env, NULL, write ? 0 : MDB_RDONLY, &txn)));
    for (unsigned t = 0; t < STORE_TABLE_COUNT; t++) {
        if (store_table_info(t)->home != s->home) continue;
        int code = mdb_dbi_open(txn, store_table_info(t)->name, write ? MDB_CREATE : 0, &l->dbi[t]);
        if (code == MDB_SUCCESS) continue;
        mdb_txn_abort(txn);
        /* All are made in one transaction: without the first it was not made yet, without another it is of other make. */
        bool other = code == MDB_NOTFOUND && store_table_info(t)->number != 0;
        return diag_set(d, other ? ERR_VERSION : lmdb_err(code), l->folder, "table %s: %s", store_table_info(t)->name,
                        mdb_strerror(code));
    }
    return fault(d, mdb_txn_commit(txn));
}

/* LMDB makes its lock file with holes and maps it: on a full disk, touching a hole would end the process. So its bytes are there
 * before it is opened. */
static enum err make_lock_file(const struct lmdb *l, struct diag *d) {
    enum { LOCK_BYTES = (READERS_MAX + 2) * 64 };
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s/lock.mdb", l->folder) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "path", NULL);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    int code = fd < 0 ? errno : posix_fallocate(fd, 0, LOCK_BYTES);
    if (fd >= 0) close(fd);
    return fault(d, code);
}

static enum err open_environment(struct store *s, struct lmdb *l, const struct store_settings *settings,
                                 struct diag *d) {
    TRY(fault(d, mdb_env_create(&l->env)));
    (void)mdb_env_set_maxdbs(l->env, TABLES_MAX);
    (void)mdb_env_set_maxreaders(l->env, READERS_MAX);
    (void)mdb_env_set_mapsize(l->env, settings->map_bytes ? settings->map_bytes : STORE_MAP_DEFAULT);
    if (settings->write) TRY(make_lock_file(l, d));
    unsigned flags = MDB_NOTLS | MDB_NORDAHEAD | (settings->write ? 0 : MDB_RDONLY);
    int code = mdb_env_open(l->env, l->folder, flags, 0600);
    if (code != MDB_SUCCESS) return diag_set(d, lmdb_err(code), l->folder, "%s", mdb_strerror(code));
    int dead = 0;
    (void)mdb_reader_check(l->env, &dead);
    return open_tables(s, l, settings->write, d);
}

static void lmdb_close(struct store *s) {
    struct lmdb *l = s->state;
    for (unsigned t = 0; t < STORE_TABLE_COUNT; t++)
        if (l->cursors[t]) mdb_cursor_close(l->cursors[t]);
    if (l->view) mdb_txn_abort(l->view);
    if (l->env) mdb_env_close(l->env);
    if (l->lock_fd >= 0) close(l->lock_fd);
    free(l);
}

static enum err lmdb_open(struct store *s, const struct store_settings *settings, struct diag *d) {
    struct lmdb *l = calloc(1, sizeof *l);
    if (l == NULL) return diag_set(d, ERR_MEMORY, "store", NULL);
    l->lock_fd = -1;
    s->state = l;
    enum err e =
        str_to_c(str_c(settings->folder), l->folder, sizeof l->folder) ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
    if (e == ERR_OK && settings->write) e = world_make_folder(l->folder, d);
    if (e == ERR_OK && settings->write) e = open_writer_lock(l, !store_home_shared(s->home), d);
    if (e == ERR_OK) e = open_environment(s, l, settings, d);
    if (e != ERR_OK) lmdb_close(s);
    return e;
}

/* ---- reading ---- */

static int view(struct lmdb *l) {
    if (l->viewing) return MDB_SUCCESS;
    int code = l->view ? mdb_txn_renew(l->view) : mdb_txn_begin(l->env, NULL, MDB_RDONLY, &l->view);
    l->viewing = code == MDB_SUCCESS;
    l->turn++;
    return code;
}

static int view_cursor(struct lmdb *l, enum store_table t, MDB_cursor **out) {
    int code = MDB_SUCCESS;
    if (l->cursors[t] == NULL) code = mdb_cursor_open(l->view, l->dbi[t], &l->cursors[t]);
    else if (l->cursor_turn[t] != l->turn) code = mdb_cursor_renew(l->view, l->cursors[t]);
    l->cursor_turn[t] = l->turn;
    *out = l->cursors[t];
    return code;
}

static int find(struct lmdb *l, struct store_find *f) {
    MDB_cursor *c = NULL;
    bool on = str_cmp(f->after, f->prefix) > 0; /* a walk goes on in the middle */
    MDB_val key = val_of(on ? f->after : f->prefix), value;
    f->count = 0, f->more = false;
    int code = view_cursor(l, f->table, &c);
    if (code != MDB_SUCCESS) return code;
    code = mdb_cursor_get(c, &key, &value, f->exact ? MDB_SET_KEY : key.mv_size ? MDB_SET_RANGE : MDB_FIRST);
    if (on && code == MDB_SUCCESS && str_eq(str_of_val(key), f->after))
        code = mdb_cursor_get(c, &key, &value, MDB_NEXT);
    while (code == MDB_SUCCESS && str_starts(str_of_val(key), f->prefix)) {
        if (f->count == STORE_ROWS_MAX) {
            f->more = true;
            return MDB_SUCCESS;
        }
        f->rows[f->count++] = (struct store_row){str_of_val(key), str_of_val(value)};
        if (f->exact) return MDB_SUCCESS;
        code = mdb_cursor_get(c, &key, &value, MDB_NEXT);
    }
    return code == MDB_NOTFOUND ? MDB_SUCCESS : code;
}

static void lmdb_read(struct store *s, struct store_read *r) {
    struct lmdb *l = s->state;
    int code = view(l);
    for (size_t i = 0; code == MDB_SUCCESS && i < r->find_count; i++) code = find(l, &r->finds[i]);
    r->err = fault(&r->diag, code);
    r->done(r);
}

static void lmdb_turn(struct store *s) {
    struct lmdb *l = s->state;
    if (l->viewing) mdb_txn_reset(l->view);
    l->viewing = false;
}

/* LMDB 0.9.24 does not say where its map is (me_mapaddr stays empty), so the kernel is asked. */
static char *map_start(const char *folder) {
    char path[PATH_MAX], data[PATH_MAX], line[PATH_MAX + 128];
    unsigned long long from = 0;
    if (realpath(folder, path) == NULL || snprintf(data, sizeof data, "%s/data.mdb\n", path) >= (int)sizeof data)
        return NULL;
    FILE *maps = fopen("/proc/self/maps", "re");
    bool found = false;
    while (maps && !found && fgets(line, sizeof line, maps))
        found = str_ends(str_c(line), str_c(data)) && sscanf(line, "%llx-", &from) == 1;
    if (maps) fclose(maps);
    return found ? (char *)(uintptr_t)from : NULL;
}

static void lmdb_warm(struct store *s, const atomic_bool *stop) {
    struct lmdb *l = s->state;
    struct stat st;
    int fd = -1;
    if (mdb_env_get_fd(l->env, &fd) != MDB_SUCCESS || fstat(fd, &st) != 0) return;
    size_t size = (size_t)st.st_size;
    char *map = map_start(l->folder);
    if (map == NULL) return;
    for (size_t at = 0; at < size && !atomic_load(stop); at += WARM_STEP)
        if (madvise(map + at, size - at < WARM_STEP ? size - at : WARM_STEP, MADV_POPULATE_READ) != 0) return;
}

static uint64_t lmdb_count(struct store *s, enum store_table table) {
    struct lmdb *l = s->state;
    MDB_stat stat = {0};
    if (view(l) == MDB_SUCCESS) (void)mdb_stat(l->view, l->dbi[table], &stat);
    return stat.ms_entries;
}

/* ---- writing ---- */

static enum err lmdb_begin(struct store *s, struct store_txn **out, struct diag *d) {
    struct lmdb *l = s->state;
    struct lmdb_txn *t = calloc(1, sizeof *t);
    if (t == NULL) return diag_set(d, ERR_MEMORY, "store", NULL);
    t->base.store = s;
    enum err e = take_turn(s, d);
    if (e != ERR_OK) return free(t), e;
    e = fault(d, mdb_txn_begin(l->env, NULL, 0, &t->txn));
    if (e == ERR_OK) *out = &t->base;
    else end_turn(s), free(t);
    return e;
}

/* LMDB calls a write that was cut short EIO; the usual reason is a full disk. */
static enum err write_fault(struct lmdb *l, struct diag *d, int code) {
    int fd = -1;
    bool full = code == EIO && mdb_env_get_fd(l->env, &fd) == MDB_SUCCESS && world_disk_full(fd);
    return fault(d, full ? ENOSPC : code);
}

static void close_cursors(struct lmdb_txn *t) {
    for (unsigned i = 0; i < STORE_TABLE_COUNT; i++)
        if (t->cursors[i]) mdb_cursor_close(t->cursors[i]);
}

static enum err lmdb_commit(struct store_txn *base, struct diag *d) {
    struct lmdb_txn *t = (struct lmdb_txn *)base;
    close_cursors(t);
    enum err e = write_fault(base->store->state, d, mdb_txn_commit(t->txn));
    end_turn(base->store);
    free(t);
    return e;
}

static void lmdb_abort(struct store_txn *base) {
    struct lmdb_txn *t = (struct lmdb_txn *)base;
    close_cursors(t);
    mdb_txn_abort(t->txn);
    end_turn(base->store);
    free(t);
}

static int write_cursor(struct lmdb_txn *t, enum store_table table, MDB_cursor **out) {
    struct lmdb *l = t->base.store->state;
    int code = t->cursors[table] ? MDB_SUCCESS : mdb_cursor_open(t->txn, l->dbi[table], &t->cursors[table]);
    *out = t->cursors[table];
    return code;
}

static enum err lmdb_put(struct store_txn *base, enum store_table table, struct str key, struct str value, bool append,
                         struct diag *d) {
    MDB_cursor *c = NULL;
    MDB_val k = val_of(key), v = val_of(value);
    int code = write_cursor((struct lmdb_txn *)base, table, &c);
    if (code == MDB_SUCCESS) code = mdb_cursor_put(c, &k, &v, append ? MDB_APPEND : 0);
    return write_fault(base->store->state, d, code);
}

static enum err lmdb_del(struct store_txn *base, enum store_table table, struct str key, struct diag *d) {
    struct lmdb_txn *t = (struct lmdb_txn *)base;
    struct lmdb *l = base->store->state;
    MDB_val k = val_of(key);
    int code = mdb_del(t->txn, l->dbi[table], &k, NULL);
    return code == MDB_NOTFOUND ? ERR_OK : fault(d, code);
}

static enum err lmdb_seek(struct store_txn *base, enum store_table table, struct str from, bool after,
                          struct store_row *out) {
    MDB_cursor *c = NULL;
    MDB_val k = val_of(from), v;
    int code = write_cursor((struct lmdb_txn *)base, table, &c);
    if (code == MDB_SUCCESS)
        code = from.n ? mdb_cursor_get(c, &k, &v, MDB_SET_RANGE) : mdb_cursor_get(c, &k, &v, MDB_FIRST);
    if (code == MDB_SUCCESS && after && str_eq(str_of_val(k), from)) code = mdb_cursor_get(c, &k, &v, MDB_NEXT);
    if (code == MDB_SUCCESS) *out = (struct store_row){str_of_val(k), str_of_val(v)};
    return lmdb_err(code);
}

static enum err lmdb_last(struct store_txn *base, enum store_table table, struct store_row *out) {
    MDB_cursor *c = NULL;
    MDB_val k, v;
    int code = write_cursor((struct lmdb_txn *)base, table, &c);
    if (code == MDB_SUCCESS) code = mdb_cursor_get(c, &k, &v, MDB_LAST);
    if (code == MDB_SUCCESS) *out = (struct store_row){str_of_val(k), str_of_val(v)};
    return lmdb_err(code);
}

const struct store_backend store_backend_lmdb = {
    .open = lmdb_open,
    .close = lmdb_close,
    .read = lmdb_read,
    .turn = lmdb_turn,
    .warm = lmdb_warm,
    .count = lmdb_count,
    .begin = lmdb_begin,
    .commit = lmdb_commit,
    .abort = lmdb_abort,
    .put = lmdb_put,
    .del = lmdb_del,
    .seek = lmdb_seek,
    .last = lmdb_last,
};
