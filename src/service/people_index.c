#include "service/people_index.h"

#include "base/scan.h"
#include "state/store/member_row.h"
#include "state/store/store_key.h"

#include <stdlib.h>

enum { CELL_KEY = 4 + 4 + 1, COMMIT_KEYS = 1 << 18, YEARS = 1200, FIRST_YEAR = 1800, DROP_ROWS = 1 << 16 };
enum { ROW_ARENA = MEMBER_ROW_MAX * 4 };

/* ---- state ---- */

struct generation {
    uint32_t number;
    int64_t built_us;
    uint64_t count;
};

static enum err read_generation(struct store *people, struct generation *g, struct diag *d) {
    struct buf b;
    uint64_t at = 0;
    *g = (struct generation){0};
    buf_init(&b, 64);
    enum err e = store_get(people, STORE_PEOPLE_META, S("generation"), &b, d);
    struct scan s = scan_of(buf_str(&b));
    if (e == ERR_OK && (!scan_u32(&s, &g->number) || !scan_u64(&s, &at) || !scan_u64(&s, &g->count) || !scan_end(&s)))
        e = diag_set(d, ERR_CORRUPT, "people", NULL);
    g->built_us = (int64_t)at;
    buf_fini(&b);
    return e;
}

enum err people_index_state(struct store *people, uint64_t *count, int64_t *built_us, struct diag *d) {
    struct generation g;
    TRY(read_generation(people, &g, d));
    *count = g.count, *built_us = g.built_us;
    return ERR_OK;
}

static void put_cell(struct buf *b, uint32_t generation, struct day birth, uint8_t sex) {
    buf_u32_big(b, generation), buf_u32_big(b, (uint32_t)birth.n ^ 0x80000000u), buf_u8(b, sex);
}

/* ---- building ---- */

struct build {
    struct store *coverage, *people;
    struct generation next;
    size_t pass_max;
    uint64_t by_year[YEARS];
    int from, to; /* years of this pass: [from, to) */
    char **keys;  /* of this pass, each a length byte pair and the key, in the arena */
    size_t count;
    struct arena arena, row;
    struct store_find find;
    char after[STORE_KEY_MAX];
    size_t after_n;
    enum err (*take)(struct build *b, struct str key, struct str value, struct day birth, struct diag *d);
    enum err err;
    struct diag *d;
};

static int year_of(struct day birth) {
    int y = day_civil(birth).year - FIRST_YEAR;
    return y < 0 ? 0 : y >= YEARS ? YEARS - 1 : y;
}

static enum err count_row(struct build *b, struct str key, struct str value, struct day birth, struct diag *d) {
    (void)key, (void)value, (void)d;
    b->by_year[year_of(birth)]++;
    return ERR_OK;
}

/* The newest period says the sex, as an answer would. */
static enum err collect_row(struct build *b, struct str key, struct str value, struct day birth, struct diag *d) {
    struct member m;
    char room[CELL_KEY + STORE_MEMBER_KEY_MAX];
    struct buf k = buf_over(room, sizeof room);
    int y = year_of(birth);
    if (y < b->from || y >= b->to) return ERR_OK;
    arena_reset(&b->row);
    enum err e = member_row_read(&b->row, key, value, &m);
    if (e != ERR_OK) return diag_set(d, e, "member", NULL);
    put_cell(&k, b->next.number, birth, m.period_count ? m.periods[0].sex : 0), buf_put(&k, key);
    char *copy = arena_new(&b->arena, 2 + k.n);
    if (copy == NULL || !buf_ok(&k) || b->count == b->pass_max + 1) return diag_set(d, ERR_MEMORY, "people", NULL);
    copy[0] = (char)(k.n >> 8), copy[1] = (char)(k.n & 0xff);
    memcpy(copy + 2, k.p, k.n);
    b->keys[b->count++] = copy;
    return ERR_OK;
}

static struct str key_of(const char *p) {
    return str_of(p + 2, (size_t)(unsigned char)p[0] << 8 | (unsigned char)p[1]);
}

static void got_rows(struct store_read *r) {
    struct build *b = r->context;
    b->err = r->err;
    for (size_t i = 0; b->err == ERR_OK && i < b->find.count; i++) {
        struct insurer_number insurer;
        struct insured_id folded;
        struct day birth;
        struct str key = b->find.rows[i].key;
        b->err = store_key_member_read(key, &insurer, &folded, &birth)
                     ? b->take(b, key, b->find.rows[i].value, birth, b->d)
                     : diag_set(b->d, ERR_CORRUPT, "member", "a key");
        memcpy(b->after, key.p, key.n), b->after_n = key.n;
    }
}

static enum err pass(struct build *b,
                     enum err (*take)(struct build *, struct str, struct str, struct day, struct diag *)) {
    b->take = take, b->after_n = 0;
    do {
        struct store_read r = {.finds = &b->find, .find_count = 1, .done = got_rows, .context = b};
        b->find = (struct store_find){.table = STORE_MEMBER, .after = str_of(b->after, b->after_n)};
        store_read_now(b->coverage, &r);
        store_turn(b->coverage); /* lets go of the view: an import beside us may reuse its pages */
    } while (b->err == ERR_OK && b->find.more);
    return b->err;
}

static int by_key(const void *x, const void *y) {
    return str_cmp(key_of(*(char *const *)x), key_of(*(char *const *)y));
}

static enum err write_pass(struct build *b) {
    struct store_txn *t = NULL;
    enum err e = ERR_OK;
    qsort(b->keys, b->count, sizeof *b->keys, by_key);
    for (size_t i = 0; i < b->count && e == ERR_OK; i++) {
        if (t == NULL) e = store_begin(b->people, &t, b->d);
        if (e == ERR_OK) e = store_append(t, STORE_PERSON, key_of(b->keys[i]), S(""), b->d);
        if (e == ERR_OK && (i + 1 == b->count || i % COMMIT_KEYS == COMMIT_KEYS - 1)) {
            e = store_commit(t, b->d);
            t = NULL;
        }
    }
    if (t) store_abort(t);
    b->next.count += b->count, b->count = 0;
    arena_fini(&b->arena), arena_init(&b->arena, SIZE_MAX);
    return e;
}

static enum err write_generation(struct build *b) {
    struct store_txn *t = NULL;
    char room[32];
    struct buf v = buf_over(room, sizeof room);
    buf_u32(&v, b->next.number), buf_u64(&v, (uint64_t)b->next.built_us), buf_u64(&v, b->next.count);
    TRY(store_begin(b->people, &t, b->d));
    enum err e = store_put(t, STORE_PEOPLE_META, S("generation"), buf_str(&v), b->d);
    if (e == ERR_OK) return store_commit(t, b->d);
    store_abort(t);
    return e;
}

/* Rows of generations from `first` on to the last before `end`, some at a time. */
static enum err drop_rows(struct store *people, uint32_t first, uint32_t end, struct diag *d) {
    for (bool more = true; more;) {
        struct store_txn *t = NULL;
        char from_room[4], end_room[4];
        struct buf from = buf_over(from_room, 4), to = buf_over(end_room, 4);
        buf_u32_big(&from, first), buf_u32_big(&to, end);
        TRY(store_begin(people, &t, d));
        enum err e = ERR_OK;
        more = false;
        for (int n = 0; e == ERR_OK && n < DROP_ROWS; n++) {
            struct store_row row;
            e = store_seek(t, STORE_PERSON, buf_str(&from), false, &row, d);
            if (e == ERR_OK && end && str_cmp(row.key, buf_str(&to)) >= 0) e = ERR_NOT_FOUND;
            if (e == ERR_OK) e = store_del(t, STORE_PERSON, row.key, d);
            more = e == ERR_OK;
        }
        if (e == ERR_NOT_FOUND) e = ERR_OK;
        if (e != ERR_OK) {
            store_abort(t);
            return e;
        }
        TRY(store_commit(t, d));
    }
    return ERR_OK;
}

static enum err build_all(struct build *b) {
    TRY(pass(b, count_row));
    for (b->from = 0; b->from < YEARS; b->from = b->to) {
        uint64_t n = b->by_year[b->from];
        for (b->to = b->from + 1; b->to < YEARS && n + b->by_year[b->to] <= b->pass_max; b->to++)
            n += b->by_year[b->to];
        if (n == 0) continue;
        /* People may have come since they were counted: some room more, and too many of them end the building with an error. */
        b->pass_max = n > b->pass_max ? n : b->pass_max;
        char **keys = realloc(b->keys, (b->pass_max + 1) * sizeof *keys);
        if (keys == NULL) return diag_set(b->d, ERR_MEMORY, "people", NULL);
        b->keys = keys;
        TRY(pass(b, collect_row));
        TRY(write_pass(b));
    }
    return write_generation(b);
}

enum err people_index_build(struct store *coverage, struct store *people, int64_t now_us, size_t pass_max,
                            uint64_t *count, struct diag *d) {
    struct generation old;
    struct build *b = calloc(1, sizeof *b);
    if (b == NULL) return diag_set(d, ERR_MEMORY, "people", NULL);
    enum err e = read_generation(people, &old, d);
    if (e == ERR_NOT_FOUND) e = ERR_OK;
    *b = (struct build){.coverage = coverage, .people = people, .d = d};
    b->pass_max = pass_max ? pass_max : PEOPLE_PASS_MAX;
    b->next = (struct generation){.number = old.number + 1, .built_us = now_us};
    arena_init(&b->arena, SIZE_MAX), arena_init(&b->row, ROW_ARENA);
    if (e == ERR_OK) e = drop_rows(people, old.number + 1, 0, d); /* of a building that was stopped */
    if (e == ERR_OK) e = build_all(b);
    if (e == ERR_OK) e = drop_rows(people, 0, b->next.number, d);
    *count = b->next.count;
    arena_fini(&b->arena), arena_fini(&b->row);
    free(b->keys);
    free(b);
    return e;
}

/* ---- looking ---- */

struct walk {
    struct store_find find;
    char after[STORE_KEY_MAX];
    size_t after_n, seen;
    bool (*each)(void *context, struct str member_key);
    void *context;
    bool goes_on;
    enum err err;
};

static void got_cell(struct store_read *r) {
    struct walk *w = r->context;
    w->err = r->err;
    for (size_t i = 0; w->err == ERR_OK && w->goes_on && i < w->find.count; i++) {
        struct str key = w->find.rows[i].key;
        memcpy(w->after, key.p, key.n), w->after_n = key.n;
        w->goes_on = w->each(w->context, str_skip(key, CELL_KEY));
        w->seen++;
    }
}

enum err people_index_walk(struct store *people, struct day birth, uint8_t sex,
                           bool (*each)(void *context, struct str member_key), void *context, struct diag *d) {
    struct generation g;
    char room[CELL_KEY];
    struct buf cell = buf_over(room, sizeof room);
    struct walk w = {.each = each, .context = context, .goes_on = true};
    TRY(read_generation(people, &g, d));
    put_cell(&cell, g.number, birth, sex);
    do {
        struct store_read r = {.finds = &w.find, .find_count = 1, .done = got_cell, .context = &w};
        w.find =
            (struct store_find){.table = STORE_PERSON, .prefix = buf_str(&cell), .after = str_of(w.after, w.after_n)};
        store_read_now(people, &r);
        if (w.err != ERR_OK) return diag_set(d, w.err, "people", NULL);
        if (w.seen > PEOPLE_CELL_MAX) return diag_set(d, ERR_LIMIT, "people", NULL);
    } while (w.goes_on && w.find.more);
    store_turn(people);
    return ERR_OK;
}
