#include "service/reference.h"

#include "service/one_member.h"
#include "state/store/rows.h"
#include "state/store/store_key.h"

enum { ARENA_LIMIT = 4 << 20 };

/* Both directions, and neither of an earlier pairing of the number or the member. */
static enum err write_pair(struct store_txn *t, struct institution_code institution, struct str number,
                           struct str member_key, int64_t at_us, struct diag *d) {
    char by_number[REFERENCE_KEY_MAX], by_member[REFERENCE_KEY_MAX], old[REFERENCE_KEY_MAX],
        row_room[REFERENCE_KEY_MAX + 16];
    struct buf n = buf_over(by_number, sizeof by_number), m = buf_over(by_member, sizeof by_member);
    struct store_row row;
    struct str was;
    int64_t was_at = 0;
    reference_key_put(&n, institution, number);
    reference_key_put(&m, institution, member_key);
    if (!buf_ok(&n) || !buf_ok(&m)) return diag_set(d, ERR_LIMIT, "ReferenceNumber", NULL);
    enum err e = store_seek(t, STORE_REFERENCE, buf_str(&n), false, &row, d);
    if (e == ERR_OK && str_eq(row.key, buf_str(&n)) && reference_row_read(row.value, &was_at, &was)) {
        struct buf o = buf_over(old, sizeof old);
        reference_key_put(&o, institution, was);
        TRY(store_del(t, STORE_REFERENCE_OF, buf_str(&o), d));
    }
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    e = store_seek(t, STORE_REFERENCE_OF, buf_str(&m), false, &row, d);
    if (e == ERR_OK && str_eq(row.key, buf_str(&m))) {
        struct buf o = buf_over(old, sizeof old);
        reference_key_put(&o, institution, row.value);
        TRY(store_del(t, STORE_REFERENCE, buf_str(&o), d));
    }
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    struct buf value = buf_over(row_room, sizeof row_room);
    reference_row_put(&value, at_us, member_key);
    TRY(store_put(t, STORE_REFERENCE, buf_str(&n), buf_str(&value), d));
    return store_put(t, STORE_REFERENCE_OF, buf_str(&m), number, d);
}

static void recorded(struct ledger_ticket *t) { *(bool *)t->context = true; }

static enum err record(struct verify_desk *desk, const struct asker *asker, const struct member *m, int64_t at_us,
                       struct diag *d) {
    bool done = false;
    struct ledger_ticket t = {.done = recorded, .context = &done};
    struct audit_event e = {.kind = AUDIT_REFERENCE, .at_us = at_us, .on = DAY_NONE, .ratio = RATIO_NONE, .count = 1};
    e.subject_kind = SUBJECT_MEMBER;
    memcpy(e.subject, m->pseudonym, sizeof e.subject);
    enum err result = verify_record(desk, asker, &t, &e);
    if (result != ERR_OK) return diag_set(d, result, "ledger", NULL);
    ledger_drain(desk->ledger);
    return done && t.err == ERR_OK ? ERR_OK : diag_set(d, t.err, "ledger", NULL);
}

static enum err store_pair(struct verify_desk *desk, const struct asker *asker, const struct member *m,
                           struct str number, int64_t at_us, struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    struct store_txn *t = NULL;
    enum err e = store_key_member(&key, m->insurer, &m->id, m->birth);
    if (e != ERR_OK) return diag_set(d, e, "member", NULL);
    TRY(store_begin(desk->desk, &t, d));
    e = write_pair(t, asker->institution, number, buf_str(&key), at_us, d);
    if (e == ERR_OK) e = record(desk, asker, m, at_us, d); /* no pair that the log does not know of */
    if (e == ERR_OK) return store_commit(t, d);
    store_abort(t);
    return e;
}

enum err reference_register(struct verify_desk *desk, const struct asker *asker, struct insurer_number insurer,
                            const struct insured_id *id, struct str number, struct diag *d) {
    struct arena arena;
    const struct member *member = NULL;
    arena_init(&arena, ARENA_LIMIT);
    enum err e = one_member_find(desk->coverage, &arena, insurer, id, &member, d);
    if (e == ERR_OK) e = store_pair(desk, asker, member, number, desk->world->now_us(desk->world), d);
    arena_fini(&arena);
    return e;
}
