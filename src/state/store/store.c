#include "state/store/store_backend.h"

#include "base/scan.h"

#include <stdlib.h>

#define TABLE(name, home, number) {#name, STORE_HOME_##home, number},
static const struct store_table_info tables[STORE_TABLE_COUNT] = {
#include "state/store/store_table.def"
};
#undef TABLE

const struct store_table_info *store_table_info(enum store_table t) {
    invariant((unsigned)t < STORE_TABLE_COUNT);
    return &tables[t];
}

static const struct {
    const char *folder;
    enum store_table meta;
    bool shared;
} homes[STORE_HOMES] = {
    [STORE_HOME_COVERAGE] = {"coverage", STORE_META, false},    [STORE_HOME_DESK] = {"desk", STORE_DESK_META, false},
    [STORE_HOME_CARDS] = {"cards", STORE_CARDS_META, false},    [STORE_HOME_WAYS] = {"ways", STORE_WAYS_META, true},
    [STORE_HOME_PEOPLE] = {"people", STORE_PEOPLE_META, false},
};

const char *store_home_folder(enum store_home h) {
    invariant((unsigned)h < STORE_HOMES);
    return homes[h].folder;
}

bool store_home_shared(enum store_home h) {
    invariant((unsigned)h < STORE_HOMES);
    return homes[h].shared;
}

static enum store_table meta_table(const struct store *s) { return homes[s->home].meta; }

static enum err write_format(struct store *s, struct diag *d) {
    struct store_txn *t = NULL;
    struct buf b;
    TRY(store_begin(s, &t, d));
    buf_init(&b, 4);
    buf_u32(&b, STORE_FORMAT);
    enum err e =
        buf_ok(&b) ? store_put(t, meta_table(s), S("format"), buf_str(&b), d) : diag_set(d, ERR_MEMORY, "store", NULL);
    buf_fini(&b);
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}

static enum err check_format(struct store *s, bool write, struct diag *d) {
    struct buf b;
    buf_init(&b, 64);
    enum err e = store_get(s, meta_table(s), S("format"), &b, d);
    struct scan in = scan_of(buf_str(&b));
    uint32_t format = 0;
    if (e == ERR_NOT_FOUND && write) e = write_format(s, d);
    else if (e == ERR_OK && !scan_u32(&in, &format)) e = diag_set(d, ERR_CORRUPT, "store format", NULL);
    else if (e == ERR_OK && format != STORE_FORMAT)
        e = diag_set(d, ERR_VERSION, "store",
                     "the store has format %u, this program reads %d; load it anew with this version", format,
                     STORE_FORMAT);
    buf_fini(&b);
    return e;
}

enum err store_open(struct store **out, const struct store_settings *settings, struct diag *d) {
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL) return diag_set(d, ERR_MEMORY, "store", NULL);
    s->backend = settings->folder ? &store_backend_lmdb : &store_backend_ram;
    s->home = settings->home;
    enum err e = s->backend->open(s, settings, d);
    if (e != ERR_OK) {
        free(s);
        return e;
    }
    e = check_format(s, settings->write || !settings->folder, d);
    if (e == ERR_OK) *out = s;
    else store_close(s);
    return e;
}

void store_close(struct store *s) {
    if (s == NULL) return;
    s->backend->close(s);
    free(s);
}

void store_read(struct store *s, struct store_read *r) {
    for (size_t i = 0; i < r->find_count; i++) invariant(tables[r->finds[i].table].home == s->home);
    s->backend->read(s, r);
}

void store_turn(struct store *s) { s->backend->turn(s); }
void store_warm(struct store *s, const atomic_bool *stop) { s->backend->warm(s, stop); }
uint64_t store_count(struct store *s, enum store_table table) { return s->backend->count(s, table); }

struct wait {
    struct store_read *inner;
    bool completed;
};

static void waited(struct store_read *outer) {
    struct wait *w = outer->context;
    w->inner->err = outer->err, w->inner->diag = outer->diag;
    w->completed = true;
    w->inner->done(w->inner);
}

void store_read_now(struct store *s, struct store_read *r) {
    struct wait w = {.inner = r};
    struct store_read outer = {.finds = r->finds, .find_count = r->find_count, .done = waited, .context = &w};
    store_read(s, &outer);
    while (!w.completed) store_turn(s);
}

struct get {
    struct buf *out;
    enum err err;
    struct diag *d;
};

static void got(struct store_read *r) {
    struct get *g = r->context;
    g->err = r->err;
    if (r->err != ERR_OK && g->d) *g->d = r->diag;
    if (r->err != ERR_OK) return;
    if (r->finds[0].count == 0) g->err = diag_set(g->d, ERR_NOT_FOUND, "store", NULL);
    else buf_put(g->out, r->finds[0].rows[0].value);
}

enum err store_get(struct store *s, enum store_table table, struct str key, struct buf *out, struct diag *d) {
    struct get g = {.out = out, .d = d};
    struct store_find find = {.table = table, .exact = true, .prefix = key};
    struct store_read r = {.finds = &find, .find_count = 1, .done = got, .context = &g};
    buf_reset(out);
    store_read_now(s, &r);
    store_turn(s);
    if (g.err == ERR_OK && !buf_ok(out)) return diag_set(d, ERR_LIMIT, "store", NULL);
    return g.err;
}

enum err store_begin(struct store *s, struct store_txn **out, struct diag *d) { return s->backend->begin(s, out, d); }
enum err store_commit(struct store_txn *t, struct diag *d) { return t->store->backend->commit(t, d); }
void store_abort(struct store_txn *t) { t->store->backend->abort(t); }

static enum err put(struct store_txn *t, enum store_table table, struct str key, struct str value, bool append,
                    struct diag *d) {
    invariant(tables[table].home == t->store->home);
    invariant(key.n > 0 && key.n <= STORE_KEY_MAX);
    return t->store->backend->put(t, table, key, value, append, d);
}

enum err store_put(struct store_txn *t, enum store_table table, struct str key, struct str value, struct diag *d) {
    return put(t, table, key, value, false, d);
}

enum err store_append(struct store_txn *t, enum store_table table, struct str key, struct str value, struct diag *d) {
    return put(t, table, key, value, true, d);
}

enum err store_del(struct store_txn *t, enum store_table table, struct str key, struct diag *d) {
    return t->store->backend->del(t, table, key, d);
}

enum err store_seek(struct store_txn *t, enum store_table table, struct str from, bool after, struct store_row *out,
                    struct diag *d) {
    enum err e = t->store->backend->seek(t, table, from, after, out);
    return e == ERR_OK || e == ERR_NOT_FOUND ? e : diag_set(d, e, "store", NULL);
}

enum err store_last(struct store_txn *t, enum store_table table, struct store_row *out, struct diag *d) {
    enum err e = t->store->backend->last(t, table, out);
    return e == ERR_OK || e == ERR_NOT_FOUND ? e : diag_set(d, e, "store", NULL);
}
