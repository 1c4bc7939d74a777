#include "service/statement_book.h"

#include "state/store/store_key.h"

enum { ROW_VERSION = 1, KEY_MAX = 8 + STATEMENT_ID, WAITING = 1, SETTLED = 2 };

static struct buf key_of(char room[KEY_MAX], struct institution_code institution, struct str number) {
    struct buf b = buf_over(room, KEY_MAX);
    buf_u64_big(&b, institution.n);
    buf_put(&b, number);
    return b;
}

static enum err put(struct store_txn *t, struct str key, unsigned state, int64_t at_us, struct str text,
                    struct diag *d) {
    struct buf row;
    buf_init(&row, STATEMENT_TEXT_MAX + 64);
    buf_u8(&row, ROW_VERSION), buf_u8(&row, (uint8_t)state), buf_u64(&row, (uint64_t)at_us), buf_put(&row, text);
    enum err e =
        buf_ok(&row) ? store_put(t, STORE_STATEMENT, key, buf_str(&row), d) : diag_set(d, ERR_LIMIT, "statement", NULL);
    buf_fini(&row);
    return e;
}

static bool read_row(struct str value, unsigned *state) {
    struct scan s = scan_of(value);
    uint8_t version = 0, found = 0;
    uint64_t at = 0;
    if (!scan_u8(&s, &version) || version != ROW_VERSION || !scan_u8(&s, &found) || !scan_u64(&s, &at)) return false;
    *state = found;
    return found == WAITING || found == SETTLED;
}

/* The row's state as the transaction sees it; 0: none. */
static enum err state_in(struct store_txn *t, struct str key, unsigned *state, struct diag *d) {
    struct store_row row;
    *state = 0;
    enum err e = store_seek(t, STORE_STATEMENT, key, false, &row, d);
    if (e == ERR_NOT_FOUND || (e == ERR_OK && !str_eq(row.key, key))) return ERR_OK;
    if (e != ERR_OK) return e;
    return read_row(row.value, state) ? ERR_OK : diag_set(d, ERR_CORRUPT, "statement", NULL);
}

static void recorded(struct ledger_ticket *t) { *(bool *)t->context = true; }

static enum err record(struct verify_desk *desk, const struct asker *asker, int64_t at_us, struct diag *d) {
    bool done = false;
    struct ledger_ticket t = {.done = recorded, .context = &done};
    struct audit_event e = {.kind = AUDIT_STATEMENT, .at_us = at_us, .on = DAY_NONE, .ratio = RATIO_NONE, .count = 1};
    enum err result = verify_record(desk, asker, &t, &e);
    if (result != ERR_OK) return diag_set(d, result, "ledger", NULL);
    ledger_drain(desk->ledger);
    return done && t.err == ERR_OK ? ERR_OK : diag_set(d, t.err, "ledger", NULL);
}

enum err statement_book_take(struct verify_desk *desk, const struct asker *asker, struct str number, struct str text,
                             bool *known, struct diag *d) {
    char room[KEY_MAX];
    struct buf key = key_of(room, asker->institution, number);
    struct store_txn *t = NULL;
    unsigned state = 0;
    int64_t now_us = desk->world->now_us(desk->world);
    if (!buf_ok(&key) || text.n > STATEMENT_TEXT_MAX) return diag_set(d, ERR_LIMIT, "statement", NULL);
    TRY(store_begin(desk->desk, &t, d));
    enum err e = state_in(t, buf_str(&key), &state, d);
    *known = state != 0;
    if (e == ERR_OK && !*known) e = put(t, buf_str(&key), WAITING, now_us, text, d);
    if (e == ERR_OK && !*known) e = record(desk, asker, now_us, d); /* nothing is there that the log does not know of */
    if (e == ERR_OK && !*known) return store_commit(t, d);
    store_abort(t);
    return e;
}

enum err statement_book_settle(struct verify_desk *desk, struct institution_code institution, struct str number,
                               struct diag *d) {
    char room[KEY_MAX];
    struct buf key = key_of(room, institution, number);
    struct store_txn *t = NULL;
    unsigned state = 0;
    TRY(store_begin(desk->desk, &t, d));
    enum err e = state_in(t, buf_str(&key), &state, d);
    if (e == ERR_OK && state == WAITING) e = put(t, buf_str(&key), SETTLED, desk->world->now_us(desk->world), S(""), d);
    if (e == ERR_OK && state == WAITING) return store_commit(t, d);
    store_abort(t);
    return e;
}
