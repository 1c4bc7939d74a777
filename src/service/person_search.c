#include "service/person_search.h"

#include "rules/identity/comparison.h"
#include "service/people_index.h"
#include "state/store/member_row.h"
#include "state/store/store_key.h"

enum { ROW_ARENA = MEMBER_ROW_MAX * 4 };

struct search {
    struct store *coverage;
    const struct person_sought *sought;
    struct arena *arena, row; /* the caller's; of one member */
    struct person_found *out;
    bool near_home; /* the best so far: its address agrees to the town */
    enum err err;
};

static bool same_kana(const struct person_sought *s, const struct coverage *c, struct str kana) {
    struct comparison k, n;
    if (kana.n == 0 || kana_compare(s->kana, kana, &k, NULL) != ERR_OK) return false;
    if (k.level == LEVEL_SAME || k.level == LEVEL_VARIANT) return true;
    if (k.level != LEVEL_NEAR || s->name.n == 0 || c->name.n == 0) return false;
    return name_compare(s->name, c->name, &n, NULL) == ERR_OK && (n.level == LEVEL_SAME || n.level == LEVEL_VARIANT);
}

/* Of the period that covers the day: who people are now. */
static const struct coverage *covered(const struct member *m, struct day on) {
    for (size_t i = 0; i < m->period_count; i++)
        if (coverage_on(&m->periods[i], on)) return &m->periods[i];
    return NULL;
}

static enum level home(const struct person_sought *s, const struct coverage *c) {
    struct comparison a;
    if (address_compare(s->address, c->address, &a, NULL) != ERR_OK) return LEVEL_DIFFERENT;
    return a.level == LEVEL_UNKNOWN ? LEVEL_DIFFERENT : a.level;
}

static void take(struct search *f, const struct member *m, bool near_home) {
    bool better = near_home && !f->near_home, equal = near_home == f->near_home;
    if (f->out->outcome != PERSON_NONE && !better) {
        if (equal) f->out->outcome = PERSON_SEVERAL;
        return;
    }
    f->near_home = near_home;
    *f->out = (struct person_found){.outcome = PERSON_ONE, .insurer = m->insurer, .id = m->id};
    f->out->id.symbol = arena_copy(f->arena, m->id.symbol), f->out->id.number = arena_copy(f->arena, m->id.number);
    if (f->out->id.symbol.p == NULL || f->out->id.number.p == NULL) f->err = ERR_MEMORY;
}

static void look_at(struct search *f, const struct member *m) {
    const struct person_sought *s = f->sought;
    const struct coverage *c = covered(m, s->on);
    if (c == NULL || (s->insurer.n && s->insurer.n != m->insurer.n)) return;
    if (!same_kana(s, c, c->kana) && !same_kana(s, c, c->other_kana)) return;
    enum level h = home(s, c);
    if (h <= LEVEL_PART) take(f, m, h <= LEVEL_NEAR);
}

static void got_member(struct store_read *r) {
    struct search *f = r->context;
    struct member m;
    f->err = r->err;
    if (f->err != ERR_OK || r->finds[0].count == 0) return; /* gone since the index was built */
    arena_reset(&f->row);
    f->err = member_row_read(&f->row, r->finds[0].rows[0].key, r->finds[0].rows[0].value, &m);
    if (f->err == ERR_OK) look_at(f, &m);
}

static bool each(void *context, struct str member_key) {
    struct search *f = context;
    struct store_find find = {.table = STORE_MEMBER, .exact = true, .prefix = member_key};
    struct store_read r = {.finds = &find, .find_count = 1, .done = got_member, .context = f};
    store_read_now(f->coverage, &r);
    return f->err == ERR_OK;
}

enum err person_search(struct store *coverage, struct store *people, struct arena *a, const struct person_sought *s,
                       struct person_found *out, struct diag *d) {
    static const uint8_t sexes[] = {0, 1, 2, 3};
    struct search f = {.coverage = coverage, .sought = s, .arena = a, .out = out};
    enum err e = ERR_OK;
    *out = (struct person_found){.outcome = PERSON_NONE};
    if (s->kana.n == 0 || s->address.n == 0) return ERR_OK;
    arena_init(&f.row, ROW_ARENA);
    for (size_t i = 0; e == ERR_OK && f.err == ERR_OK && i < ARRAY_LEN(sexes); i++) {
        bool other = (s->sex == 1 || s->sex == 2) && (sexes[i] == 1 || sexes[i] == 2) && sexes[i] != s->sex;
        if (!other) e = people_index_walk(people, s->birth, sexes[i], each, &f, d);
    }
    store_turn(coverage);
    arena_fini(&f.row);
    if (e == ERR_OK && f.err != ERR_OK) e = diag_set(d, f.err, "member", NULL);
    return e;
}
