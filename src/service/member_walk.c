#include "service/member_walk.h"

#include "state/store/member_row.h"

enum { ARENA_MAX = 16 << 20 };

void member_walk_begin(struct member_walk *w, struct store *coverage, uint32_t insurer, struct str after) {
    *w = (struct member_walk){.coverage = coverage, .more = true};
    struct buf prefix = buf_over(w->prefix, sizeof w->prefix);
    if (insurer) buf_u32_big(&prefix, insurer);
    w->prefix_n = prefix.n;
    invariant(after.n <= sizeof w->after);
    if (after.n) memcpy(w->after, after.p, after.n);
    w->after_n = after.n;
    arena_init(&w->rows, ARENA_MAX);
}

void member_walk_end(struct member_walk *w) { arena_fini(&w->rows); }

static void copy_rows(struct store_read *read) {
    struct member_walk *w = read->context;
    const struct store_find *f = read->finds;
    w->count = f->count, w->more = f->more, w->whole = true;
    for (size_t i = 0; i < f->count; i++) {
        w->step[i].key = arena_copy(&w->rows, f->rows[i].key);
        w->step[i].value = arena_copy(&w->rows, f->rows[i].value);
        w->whole = w->whole && w->step[i].key.p && w->step[i].value.p;
    }
}

static enum err next_step(struct member_walk *w, struct diag *d) {
    struct store_find find = {
        .table = STORE_MEMBER, .prefix = str_of(w->prefix, w->prefix_n), .after = str_of(w->after, w->after_n)};
    struct store_read read = {.finds = &find, .find_count = 1, .done = copy_rows, .context = w};
    arena_reset(&w->rows);
    w->next = 0;
    store_read_now(w->coverage, &read);
    store_turn(w->coverage);
    if (read.err != ERR_OK) return diag_set(d, read.err, "store", "%s", read.diag.detail);
    return w->whole ? ERR_OK : diag_set(d, ERR_MEMORY, "store", NULL);
}

enum err member_walk_next(struct member_walk *w, struct member *out, struct str *key, bool *found, struct diag *d) {
    *found = false;
    if (w->next == w->count) {
        if (!w->more) return ERR_OK;
        TRY(next_step(w, d));
        if (w->count == 0) return ERR_OK;
    }
    const struct store_row *row = &w->step[w->next++];
    enum err e = member_row_read(&w->rows, row->key, row->value, out);
    if (e != ERR_OK) return diag_set(d, e, "member", NULL);
    memcpy(w->after, row->key.p, row->key.n);
    w->after_n = row->key.n;
    *key = row->key, *found = true;
    return ERR_OK;
}
