#include "service/ways.h"

#include "state/store/member_row.h"

/* ---- reading ---- */

void ways_facts_find(struct store_find finds[WAYS_FINDS], struct str member_key) {
    static const enum store_table tables[WAYS_FINDS] = {STORE_WAYS, STORE_PAPER};
    for (size_t i = 0; i < WAYS_FINDS; i++)
        finds[i].table = tables[i], finds[i].exact = i == 0, finds[i].prefix = member_key, finds[i].after = S("");
}

bool ways_facts_take(const struct store_find finds[WAYS_FINDS], struct ways_facts *out) {
    bool whole = true;
    *out = (struct ways_facts){.ways = ways_none(), .known = finds[0].count > 0};
    if (out->known) whole = ways_row_read(finds[0].rows[0].value, &out->ways);
    for (size_t i = 0; i < finds[1].count; i++) {
        struct str key = finds[1].rows[i].key;
        bool notice = key.p[key.n - 1] == PAPER_NOTICE;
        whole = papers_row_read(finds[1].rows[i].value, notice ? &out->notices : &out->certificates) && whole;
    }
    return whole;
}

struct gather {
    struct ways_facts *out;
    bool whole;
};

static void got_ways(struct store_read *r) {
    struct gather *g = r->context;
    if (r->err == ERR_OK) g->whole = ways_facts_take(r->finds, g->out);
}

enum err ways_of(struct store *ways, struct str member_key, struct ways_facts *out, struct diag *d) {
    *out = (struct ways_facts){.ways = ways_none()};
    if (ways == NULL) return ERR_OK;
    struct store_find finds[WAYS_FINDS];
    ways_facts_find(finds, member_key);
    struct gather g = {out, true};
    struct store_read read = {.finds = finds, .find_count = ARRAY_LEN(finds), .done = got_ways, .context = &g};
    store_read_now(ways, &read);
    store_turn(ways);
    if (read.err != ERR_OK) return diag_set(d, read.err, "ways", "%s", read.diag.detail);
    return g.whole ? ERR_OK : diag_set(d, ERR_CORRUPT, "ways", NULL);
}

/* ---- who is meant ---- */

struct search {
    const struct ways_who *who;
    struct buf *key;
    char after[STORE_MEMBER_KEY_MAX];
    size_t after_n, seen, exact, open;
    bool more, whole;
};

/* As an eligibility question counts: the branch asked for wins over a member that has none. */
static void weigh(struct search *s, struct str key) {
    struct insurer_number insurer;
    struct insured_id id;
    struct day birth;
    int branch = s->who->id.branch;
    if (!store_key_member_read(key, &insurer, &id, &birth)) {
        s->whole = false;
        return;
    }
    if (day_is(s->who->birth) && !day_eq(birth, s->who->birth)) return;
    bool exact = branch != BRANCH_NONE && id.branch == branch;
    if (!exact && branch != BRANCH_NONE && id.branch != BRANCH_NONE) return;
    if (exact) s->exact++;
    else s->open++;
    if (!exact && s->exact) return;
    buf_reset(s->key);
    buf_put(s->key, key);
}

static void got_members(struct store_read *r) {
    struct search *s = r->context;
    const struct store_find *f = r->finds;
    if (r->err != ERR_OK) return;
    for (size_t i = 0; i < f->count; i++) weigh(s, f->rows[i].key);
    s->more = f->more, s->seen += f->count;
    if (f->count == 0) return;
    struct str last = f->rows[f->count - 1].key;
    memcpy(s->after, last.p, last.n);
    s->after_n = last.n;
}

enum err ways_find(struct store *coverage, const struct ways_who *who, struct buf *member_key, struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf card = buf_over(room, sizeof room);
    struct search s = {.who = who, .key = member_key, .whole = true};
    TRY(store_key_card(&card, who->insurer, &who->id) == ERR_OK ? ERR_OK : diag_set(d, ERR_VALUE, "number", NULL));
    do {
        struct store_find find = {.table = STORE_MEMBER, .prefix = buf_str(&card), .after = str_of(s.after, s.after_n)};
        struct store_read read = {.finds = &find, .find_count = 1, .done = got_members, .context = &s};
        store_read_now(coverage, &read);
        store_turn(coverage);
        if (read.err != ERR_OK) return diag_set(d, read.err, "store", "%s", read.diag.detail);
    } while (s.more && s.seen < WAYS_WHO_MAX);
    if (!s.whole || !buf_ok(member_key)) return diag_set(d, ERR_CORRUPT, "member", NULL);
    size_t matches = s.exact ? s.exact : s.open;
    if (matches == 1) return ERR_OK;
    return diag_set(d, matches ? ERR_SEVERAL : ERR_NOT_FOUND, "number", NULL);
}

/* ---- writing ---- */

enum err ways_row_in(struct store_txn *t, struct str member_key, bool *known, struct ways *out, struct diag *d) {
    struct store_row row;
    *out = ways_none();
    enum err e = store_seek(t, STORE_WAYS, member_key, false, &row, d);
    if (e != ERR_OK && e != ERR_NOT_FOUND) return e;
    *known = e == ERR_OK && str_eq(row.key, member_key);
    return !*known || ways_row_read(row.value, out) ? ERR_OK : diag_set(d, ERR_CORRUPT, "ways", NULL);
}

enum err ways_row_set(struct store_txn *t, struct str member_key, const struct ways *before, const struct ways *after,
                      int64_t at_us, struct diag *d) {
    char room[WAYS_ROW_MAX], key_room[WAYS_KEY_MAX];
    struct buf row = buf_over(room, sizeof room), key = buf_over(key_room, sizeof key_room);
    if (before) {
        ways_history_key(&key, member_key, at_us);
        ways_row_put(&row, before);
        invariant(buf_ok(&row) && buf_ok(&key));
        TRY(store_put(t, STORE_WAYS_HISTORY, buf_str(&key), buf_str(&row), d));
        buf_reset(&row);
    }
    ways_row_put(&row, after);
    invariant(buf_ok(&row));
    return store_put(t, STORE_WAYS, member_key, buf_str(&row), d);
}

/* ---- one change ---- */

static void ignore(struct ledger_ticket *t) { (void)t; }

static enum err record(struct verify_desk *v, const struct asker *asker, const uint8_t pseudonym[16], struct day on,
                       struct diag *d) {
    struct ledger_ticket ticket = {.done = ignore};
    struct audit_event e = {.kind = AUDIT_WAY_ENDED,
                            .at_us = v->world->now_us(v->world),
                            .on = on,
                            .ratio = RATIO_NONE,
                            .subject_kind = SUBJECT_MEMBER,
                            .count = 1};
    memcpy(e.subject, pseudonym, sizeof e.subject);
    enum err result = verify_record(v, asker, &ticket, &e);
    if (result == ERR_OK) ledger_drain(v->ledger), result = ticket.err;
    return result == ERR_OK ? ERR_OK : diag_set(d, result, "ledger", NULL);
}

static enum err pseudonym_of(struct store *coverage, struct str member_key, uint8_t out[16], struct diag *d) {
    struct buf row;
    struct arena a;
    struct member m;
    buf_init(&row, MEMBER_ROW_MAX);
    arena_init(&a, 4 * MEMBER_ROW_MAX);
    enum err e = store_get(coverage, STORE_MEMBER, member_key, &row, d);
    if (e == ERR_OK && member_row_read(&a, member_key, buf_str(&row), &m) != ERR_OK)
        e = diag_set(d, ERR_CORRUPT, "member", NULL);
    if (e == ERR_OK) memcpy(out, m.pseudonym, sizeof m.pseudonym);
    arena_fini(&a);
    buf_fini(&row);
    return e;
}

static enum err say(struct verify_desk *v, const struct asker *asker, struct store_txn *t, struct str key,
                    const uint8_t pseudonym[16], const struct way_change *change, struct day on, size_t *changed,
                    struct diag *d) {
    struct ways before, after;
    bool known = false;
    TRY(ways_row_in(t, key, &known, &before, d));
    after = before;
    *changed = ways_change(&after, change, on);
    if (*changed == 0) return ERR_OK;
    TRY(record(v, asker, pseudonym, on, d));
    return ways_row_set(t, key, &before, &after, v->world->now_us(v->world), d);
}

enum err ways_say(struct verify_desk *v, const struct asker *asker, struct str member_key,
                  const struct way_change *change, struct day on, size_t *changed, struct diag *d) {
    uint8_t pseudonym[16];
    struct store_txn *t = NULL;
    *changed = 0;
    TRY(pseudonym_of(v->coverage, member_key, pseudonym, d));
    TRY(store_begin(v->ways, &t, d));
    enum err e = say(v, asker, t, member_key, pseudonym, change, on, changed, d);
    if (e == ERR_OK && *changed) return store_commit(t, d);
    store_abort(t);
    return e;
}
