#include "service/notice_queue.h"

#include "state/store/store_key.h"

enum { ROW_VERSION = 1, KEY_BYTES = 8 + AUDIT_ID_BYTES };

enum err use_notice_put(struct store *desk, const struct use_notice *n, struct diag *d) {
    char key_room[KEY_BYTES], row_room[64];
    struct buf key = buf_over(key_room, sizeof key_room), row = buf_over(row_room, sizeof row_room);
    struct store_txn *t = NULL;
    buf_u64_big(&key, (uint64_t)n->at_us), buf_put(&key, str_of(n->event, sizeof n->event));
    buf_u8(&row, ROW_VERSION), buf_u8(&row, n->kind), buf_u64(&row, n->institution.n);
    buf_put(&row, str_of(n->person, sizeof n->person));
    TRY(store_begin(desk, &t, d));
    enum err e = store_put(t, STORE_NOTICE, buf_str(&key), buf_str(&row), d);
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}

static bool read_row(const struct store_row *r, struct use_notice *n) {
    struct scan k = scan_of(r->key), s = scan_of(r->value);
    uint64_t at = 0;
    uint8_t version = 0;
    struct str event, person;
    *n = (struct use_notice){0};
    if (!scan_u64(&k, &at) || !scan_take(&k, sizeof n->event, &event) || !scan_end(&k)) return false;
    if (!scan_u8(&s, &version) || version != ROW_VERSION || !scan_u8(&s, &n->kind) ||
        !scan_u64(&s, &n->institution.n) || !scan_take(&s, sizeof n->person, &person) || !scan_end(&s))
        return false;
    n->at_us = (int64_t)__builtin_bswap64(at);
    memcpy(n->event, event.p, event.n), memcpy(n->person, person.p, person.n);
    return true;
}

struct walk {
    struct store_find find;
    char after[KEY_BYTES];
    size_t after_n;
    bool (*each)(void *context, const struct use_notice *n);
    void *context;
    bool goes_on;
    enum err err;
};

static void got(struct store_read *r) {
    struct walk *w = r->context;
    w->err = r->err;
    for (size_t i = 0; w->err == ERR_OK && w->goes_on && i < w->find.count; i++) {
        struct use_notice n;
        if (!read_row(&w->find.rows[i], &n)) {
            w->err = ERR_CORRUPT;
            return;
        }
        memcpy(w->after, w->find.rows[i].key.p, KEY_BYTES), w->after_n = KEY_BYTES;
        w->goes_on = w->each(w->context, &n);
    }
}

enum err use_notices_walk(struct store *desk, bool (*each)(void *context, const struct use_notice *n), void *context,
                          struct diag *d) {
    struct walk w = {.each = each, .context = context, .goes_on = true};
    do {
        struct store_read r = {.finds = &w.find, .find_count = 1, .done = got, .context = &w};
        w.find = (struct store_find){.table = STORE_NOTICE, .after = str_of(w.after, w.after_n)};
        store_read_now(desk, &r);
        store_turn(desk);
        if (w.err != ERR_OK) return diag_set(d, w.err, "notice", NULL);
    } while (w.goes_on && w.find.more);
    return ERR_OK;
}
