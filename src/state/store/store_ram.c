/* The backend in memory: sorted arrays. For tests and trials: adding at the end is cheap, in the middle it moves what follows. */
#include "state/store/store_backend.h"

#include <stdlib.h>

struct row {
    char *bytes; /* key, then value */
    size_t key_n, value_n;
};

struct table {
    struct row *rows;
    size_t n, cap;
};

struct ram {
    struct table tables[STORE_TABLE_COUNT];
    bool writing;
};

struct undo {
    enum store_table table;
    bool was_there;
    struct row before; /* only the key's bytes when it was not there */
};

struct ram_txn {
    struct store_txn base;
    struct undo *undos;
    size_t n, cap;
};

static struct str key_of(const struct row *r) { return str_of(r->bytes, r->key_n); }
static struct store_row row_view(const struct row *r) {
    return (struct store_row){key_of(r), str_of(r->bytes + r->key_n, r->value_n)};
}

/* Where the first key ≥ `key` stands. */
static size_t place(const struct table *t, struct str key) {
    size_t low = 0, high = t->n;
    if (t->n && str_cmp(key_of(&t->rows[t->n - 1]), key) < 0) return t->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(key_of(&t->rows[mid]), key) < 0) low = mid + 1;
        else high = mid;
    }
    return low;
}

static bool at(const struct table *t, size_t i, struct str key) { return i < t->n && str_eq(key_of(&t->rows[i]), key); }

static bool row_make(struct row *r, struct str key, struct str value) {
    r->bytes = malloc(key.n + value.n + 1);
    if (r->bytes == NULL) return false;
    memcpy(r->bytes, key.p, key.n);
    if (value.n) memcpy(r->bytes + key.n, value.p, value.n);
    r->key_n = key.n, r->value_n = value.n;
    return true;
}

static bool grow(void *array, size_t *cap, size_t n, size_t size) {
    if (n < *cap) return true;
    size_t wanted = *cap ? *cap * 2 : 64;
    void *p = realloc(*(void **)array, wanted * size);
    if (p == NULL) return false;
    *(void **)array = p, *cap = wanted;
    return true;
}

static bool insert(struct table *t, size_t i, struct row r) {
    if (!grow(&t->rows, &t->cap, t->n, sizeof *t->rows)) return false;
    memmove(t->rows + i + 1, t->rows + i, (t->n - i) * sizeof *t->rows);
    t->rows[i] = r;
    t->n++;
    return true;
}

static void take_out(struct table *t, size_t i) {
    memmove(t->rows + i, t->rows + i + 1, (t->n - i - 1) * sizeof *t->rows);
    t->n--;
}

static enum err ram_open(struct store *s, const struct store_settings *settings, struct diag *d) {
    (void)settings;
    s->state = calloc(1, sizeof(struct ram));
    return s->state ? ERR_OK : diag_set(d, ERR_MEMORY, "store", NULL);
}

static void ram_close(struct store *s) {
    struct ram *m = s->state;
    for (size_t t = 0; t < STORE_TABLE_COUNT; t++) {
        for (size_t i = 0; i < m->tables[t].n; i++) free(m->tables[t].rows[i].bytes);
        free(m->tables[t].rows);
    }
    free(m);
}

static void ram_read(struct store *s, struct store_read *r) {
    struct ram *m = s->state;
    for (size_t f = 0; f < r->find_count; f++) {
        struct store_find *find = &r->finds[f];
        const struct table *t = &m->tables[find->table];
        find->count = 0, find->more = false;
        bool on = str_cmp(find->after, find->prefix) > 0;
        size_t i = place(t, on ? find->after : find->prefix);
        if (on && i < t->n && str_eq(key_of(&t->rows[i]), find->after)) i++;
        for (; i < t->n && str_starts(key_of(&t->rows[i]), find->prefix); i++) {
            if (find->exact && t->rows[i].key_n != find->prefix.n) break;
            if ((find->more = find->count == STORE_ROWS_MAX)) break;
            find->rows[find->count++] = row_view(&t->rows[i]);
        }
    }
    r->err = ERR_OK;
    r->done(r);
}

static void ram_turn(struct store *s) { (void)s; }
static void ram_warm(struct store *s, const atomic_bool *stop) { (void)s, (void)stop; }
static uint64_t ram_count(struct store *s, enum store_table table) { return ((struct ram *)s->state)->tables[table].n; }

static enum err ram_begin(struct store *s, struct store_txn **out, struct diag *d) {
    struct ram *m = s->state;
    if (m->writing) return diag_set(d, ERR_LOCKED, "store", NULL);
    struct ram_txn *t = calloc(1, sizeof *t);
    if (t == NULL) return diag_set(d, ERR_MEMORY, "store", NULL);
    m->writing = true;
    t->base.store = s;
    *out = &t->base;
    return ERR_OK;
}

static void end(struct ram_txn *t) {
    ((struct ram *)t->base.store->state)->writing = false;
    for (size_t i = 0; i < t->n; i++) free(t->undos[i].before.bytes);
    free(t->undos);
    free(t);
}

static enum err ram_commit(struct store_txn *base, struct diag *d) {
    (void)d;
    end((struct ram_txn *)base);
    return ERR_OK;
}

static void ram_abort(struct store_txn *base) {
    struct ram_txn *t = (struct ram_txn *)base;
    struct ram *m = base->store->state;
    for (size_t u = t->n; u-- > 0;) {
        struct undo *undo = &t->undos[u];
        struct table *table = &m->tables[undo->table];
        size_t i = place(table, key_of(&undo->before));
        if (at(table, i, key_of(&undo->before))) {
            free(table->rows[i].bytes);
            take_out(table, i);
        }
        if (!undo->was_there) continue;
        invariant(insert(table, i, undo->before)); /* there was room before */
        undo->before.bytes = NULL;
    }
    end(t);
}

static bool remember(struct ram_txn *t, enum store_table table, const struct row *before, struct str key) {
    if (!grow(&t->undos, &t->cap, t->n, sizeof *t->undos)) return false;
    struct undo *u = &t->undos[t->n];
    *u = (struct undo){.table = table, .was_there = before != NULL};
    if (before) u->before = *before;
    else if (!row_make(&u->before, key, S(""))) return false;
    t->n++;
    return true;
}

static enum err ram_put(struct store_txn *base, enum store_table table, struct str key, struct str value, bool append,
                        struct diag *d) {
    struct ram_txn *t = (struct ram_txn *)base;
    struct table *rows = &((struct ram *)base->store->state)->tables[table];
    size_t i = place(rows, key);
    bool there = at(rows, i, key);
    if (append && i < rows->n) return diag_set(d, ERR_CONFLICT, "store", NULL);
    struct row r;
    if (!row_make(&r, key, value)) return diag_set(d, ERR_MEMORY, "store", NULL);
    if (!remember(t, table, there ? &rows->rows[i] : NULL, key)) {
        free(r.bytes);
        return diag_set(d, ERR_MEMORY, "store", NULL);
    }
    if (there) rows->rows[i] = r;
    else if (!insert(rows, i, r)) {
        free(r.bytes);
        return diag_set(d, ERR_MEMORY, "store", NULL);
    }
    return ERR_OK;
}

static enum err ram_del(struct store_txn *base, enum store_table table, struct str key, struct diag *d) {
    struct ram_txn *t = (struct ram_txn *)base;
    struct table *rows = &((struct ram *)base->store->state)->tables[table];
    size_t i = place(rows, key);
    if (!at(rows, i, key)) return ERR_OK;
    if (!remember(t, table, &rows->rows[i], key)) return diag_set(d, ERR_MEMORY, "store", NULL);
    take_out(rows, i);
    return ERR_OK;
}

static enum err ram_seek(struct store_txn *base, enum store_table table, struct str from, bool after,
                         struct store_row *out) {
    const struct table *rows = &((struct ram *)base->store->state)->tables[table];
    size_t i = place(rows, from);
    if (after && at(rows, i, from)) i++;
    if (i >= rows->n) return ERR_NOT_FOUND;
    *out = row_view(&rows->rows[i]);
    return ERR_OK;
}

static enum err ram_last(struct store_txn *base, enum store_table table, struct store_row *out) {
    const struct table *rows = &((struct ram *)base->store->state)->tables[table];
    if (rows->n == 0) return ERR_NOT_FOUND;
    *out = row_view(&rows->rows[rows->n - 1]);
    return ERR_OK;
}

const struct store_backend store_backend_ram = {
    .open = ram_open,
    .close = ram_close,
    .read = ram_read,
    .turn = ram_turn,
    .warm = ram_warm,
    .count = ram_count,
    .begin = ram_begin,
    .commit = ram_commit,
    .abort = ram_abort,
    .put = ram_put,
    .del = ram_del,
    .seek = ram_seek,
    .last = ram_last,
};
