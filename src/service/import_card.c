#include "service/import_card.h"

#include "state/store/member_row.h"
#include "state/store/store_key.h"

struct card_member {
    struct member m;
    struct coverage *periods;      /* room for what is stored and every line; m.periods is this */
    struct str old_key, old_value; /* empty: it is new */
    bool changed;
};

struct card {
    struct import_writer *w;
    struct card_member members[MEMBERS_PER_CARD_MAX];
    size_t count, lines;
    bool beyond; /* its key is greater than any stored one */
};

/* ---- reading what is stored ---- */

static enum err add_member(struct card *c, size_t stored, struct card_member **out) {
    if (c->count == MEMBERS_PER_CARD_MAX) return ERR_LIMIT;
    struct card_member *m = &c->members[c->count];
    *m = (struct card_member){.periods = arena_new(c->w->arena, (stored + c->lines) * sizeof(struct coverage))};
    if (m->periods == NULL) return ERR_MEMORY;
    m->m.periods = m->periods;
    c->count++;
    *out = m;
    return ERR_OK;
}

static enum err load_member(struct card *c, const struct store_row *row, struct diag *d) {
    struct card_member *m = NULL;
    struct member stored;
    enum err e = member_row_read(c->w->arena, row->key, row->value, &stored);
    if (e == ERR_OK) e = add_member(c, stored.period_count, &m);
    if (e != ERR_OK) return diag_set(d, e, "member", NULL);
    m->old_key = arena_copy(c->w->arena, row->key);
    m->old_value = arena_copy(c->w->arena, row->value);
    memcpy(m->periods, stored.periods, stored.period_count * sizeof *m->periods);
    m->m = stored;
    m->m.periods = m->periods;
    return ERR_OK;
}

static enum err load(struct card *c, struct str card_key, struct diag *d) {
    struct store_row row;
    struct str last = buf_str(&c->w->last_key), from = card_key;
    c->beyond = str_cmp(card_key, last) > 0; /* a key that begins with the card's is greater than it */
    if (c->beyond) return ERR_OK;
    enum err e;
    while ((e = store_seek(c->w->txn, STORE_MEMBER, from, from.n > card_key.n, &row, d)) == ERR_OK &&
           str_starts(row.key, card_key)) {
        TRY(load_member(c, &row, d));
        from = c->members[c->count - 1].old_key;
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- one line ---- */

/* A branch names a member of a card; without one the birth date does. */
static struct card_member *find(struct card *c, const struct insurer_line *l) {
    for (size_t i = 0; i < c->count; i++) {
        struct card_member *m = &c->members[i];
        if (m->m.id.branch != l->id.branch) continue;
        if (l->id.branch != BRANCH_NONE || day_eq(m->m.birth, l->birth)) return m;
    }
    return NULL;
}

static size_t find_period(const struct card_member *m, struct day start) {
    size_t i = 0;
    while (i < m->m.period_count && !day_eq(m->periods[i].start, start)) i++;
    return i;
}

static struct day end_of(const struct coverage *c) { return day_is(c->lost) ? c->lost : DAY_END; }

static bool overlaps(const struct card_member *m, const struct coverage *c, size_t except) {
    for (size_t i = 0; i < m->m.period_count; i++)
        if (i != except && day_before(m->periods[i].start, end_of(c)) && day_before(c->start, end_of(&m->periods[i])))
            return true;
    return false;
}

static bool same_identity(const struct card_member *m, const struct insurer_line *l) {
    return str_eq(m->m.id.symbol, l->id.symbol) && str_eq(m->m.id.number, l->id.number) && day_eq(m->m.birth, l->birth);
}

static void insert(struct card_member *m, const struct coverage *c) {
    size_t at = 0; /* newest start first */
    while (at < m->m.period_count && day_before(c->start, m->periods[at].start)) at++;
    memmove(m->periods + at + 1, m->periods + at, (m->m.period_count - at) * sizeof *m->periods);
    m->periods[at] = *c;
    m->m.period_count++;
}

/* Whether the member's row holds one more such period; an upper bound, so a correction may be refused near the limit. */
static bool fits(const struct card_member *m, const struct coverage *c) {
    struct member one = {.periods = c, .period_count = 1};
    return member_row_bound(&m->m) + member_row_bound(&one) <= MEMBER_ROW_MAX;
}

static enum err put(struct card *c, struct import_item *i) {
    struct insurer_line *l = &i->line;
    struct card_member *m = find(c, l);
    if (m == NULL) {
        enum err e = add_member(c, 0, &m);
        if (e == ERR_LIMIT)
            return import_refuse(i, ERR_LIMIT, "number",
                                 "同じ記号・番号の加入者が多すぎます / too many members on one card"),
                   ERR_OK;
        if (e != ERR_OK) return e;
        m->m.insurer = l->insurer;
        m->m.id = l->id;
        m->m.birth = l->birth;
        memcpy(m->m.pseudonym, i->pseudonym, sizeof m->m.pseudonym);
    }
    size_t at = find_period(m, l->period.start);
    bool there = at < m->m.period_count;
    if (there && coverage_same(&m->periods[at], &l->period) && same_identity(m, l))
        return i->status = LINE_UNCHANGED, ERR_OK;
    if (overlaps(m, &l->period, at)) return import_refuse(i, ERR_OVERLAP, "start", ""), ERR_OK;
    if (!fits(m, &l->period))
        return import_refuse(i, ERR_LIMIT, "", "一人の資格期間と証が多すぎます / too much is stored of one member"),
               ERR_OK;
    if (!there && m->m.period_count == PERIODS_MAX)
        return import_refuse(i, ERR_LIMIT, "start", "資格期間が多すぎます / too many periods"), ERR_OK;
    l->period.recorded_s = c->w->at_us / 1000000;
    if (there) m->periods[at] = l->period;
    else insert(m, &l->period);
    m->m.id = l->id;
    m->m.birth = l->birth;
    m->changed = true;
    i->status = LINE_ACCEPTED;
    return ERR_OK;
}

/* Whether an earlier file took this period back already. */
static enum err withdrawn_before(struct card *c, const struct import_item *i, bool *out, struct diag *d) {
    struct store_row row;
    struct str from = i->member_key;
    *out = false;
    enum err e;
    while ((e = store_seek(c->w->txn, STORE_HISTORY, from, from.n > i->member_key.n, &row, d)) == ERR_OK &&
           str_starts(row.key, i->member_key)) {
        struct member old;
        from = arena_copy(c->w->arena, row.key);
        TRY(member_row_read(c->w->arena, i->member_key, row.value, &old));
        for (size_t p = 0; p < old.period_count; p++) *out |= day_eq(old.periods[p].start, i->line.period.start);
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err withdraw(struct card *c, struct import_item *i, struct diag *d) {
    struct card_member *m = find(c, &i->line);
    size_t at = m ? find_period(m, i->line.period.start) : 0;
    if (m && at < m->m.period_count) {
        memmove(m->periods + at, m->periods + at + 1, (m->m.period_count - at - 1) * sizeof *m->periods);
        m->m.period_count--;
        m->changed = true;
        i->status = LINE_ACCEPTED;
        return ERR_OK;
    }
    bool before = false;
    TRY(withdrawn_before(c, i, &before, d));
    if (before) i->status = LINE_UNCHANGED;
    else import_refuse(i, ERR_NOT_FOUND, "start", "その資格期間は登録されていません / no such period is stored");
    return ERR_OK;
}

/* ---- writing what changed ---- */

static enum err keep_history(struct card *c, const struct card_member *m, struct diag *d) {
    char room[STORE_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    buf_put(&key, m->old_key);
    buf_u64_big(&key, (uint64_t)c->w->at_us);
    return store_put(c->w->txn, STORE_HISTORY, buf_str(&key), m->old_value, d);
}

static enum err write_row(struct card *c, const struct card_member *m, struct str key, struct diag *d) {
    struct insured_id folded;
    struct insurer_number insurer;
    struct day birth;
    struct import_writer *w = c->w;
    invariant(store_key_member_read(key, &insurer, &folded, &birth));
    buf_reset(&w->row);
    enum err e = member_row_put(&w->row, &m->m, &folded);
    if (e != ERR_OK) return diag_set(d, e, "member", NULL);
    if (!c->beyond) return store_put(w->txn, STORE_MEMBER, key, buf_str(&w->row), d);
    return store_append(w->txn, STORE_MEMBER, key, buf_str(&w->row), d);
}

static enum err write_member(struct card *c, struct card_member *m, struct diag *d) {
    char room[STORE_MEMBER_KEY_MAX];
    struct buf key = buf_over(room, sizeof room);
    if (!m->changed) return ERR_OK;
    enum err e = store_key_member(&key, m->m.insurer, &m->m.id, m->m.birth);
    if (e != ERR_OK) return diag_set(d, e, "member", NULL);
    if (m->old_key.n) TRY(keep_history(c, m, d));
    if (m->old_key.n && (m->m.period_count == 0 || !str_eq(m->old_key, buf_str(&key))))
        TRY(store_del(c->w->txn, STORE_MEMBER, m->old_key, d));
    if (m->m.period_count == 0) return ERR_OK;
    TRY(write_row(c, m, buf_str(&key), d));
    if (str_cmp(buf_str(&key), buf_str(&c->w->last_key)) <= 0) return ERR_OK;
    buf_reset(&c->w->last_key);
    buf_put(&c->w->last_key, buf_str(&key));
    return ERR_OK;
}

/* Keys of one card differ in birth and branch alone. */
static bool stands_before(const struct card_member *a, const struct card_member *b) {
    if (!day_eq(a->m.birth, b->m.birth)) return day_before(a->m.birth, b->m.birth);
    return a->m.id.branch < b->m.id.branch;
}

static enum err write_all(struct card *c, struct diag *d) {
    bool done[MEMBERS_PER_CARD_MAX] = {false};
    for (size_t n = 0; n < c->count; n++) {
        size_t least = MEMBERS_PER_CARD_MAX;
        for (size_t i = 0; i < c->count; i++)
            if (!done[i] && (least == MEMBERS_PER_CARD_MAX || stands_before(&c->members[i], &c->members[least])))
                least = i;
        done[least] = true;
        TRY(write_member(c, &c->members[least], d));
    }
    return ERR_OK;
}

enum err import_card(struct import_writer *w, struct import_item **items, size_t count, struct diag *d) {
    struct card c;
    c.w = w, c.count = 0, c.lines = count;
    TRY(load(&c, items[0]->card_key, d));
    for (size_t i = 0; i < count; i++) {
        enum err e = items[i]->line.op == LINE_WITHDRAW ? withdraw(&c, items[i], d) : put(&c, items[i]);
        if (e != ERR_OK) return diag_set(d, e, "card", NULL);
    }
    enum err e = write_all(&c, d);
    arena_reset(w->arena);
    return e;
}
