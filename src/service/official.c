#include "service/official.h"

#include <stdlib.h>

enum { TEXTS_MAX = 256 << 20 };

void official_book_init(struct official_book *b) {
    *b = (struct official_book){0};
    arena_init(&b->texts, TEXTS_MAX);
}

void official_book_fini(struct official_book *b) {
    free(b->pairs), free(b->kinds), free(b->towns), free(b->cities), free(b->by_post);
    arena_fini(&b->texts);
    *b = (struct official_book){0};
}

static enum err make_room(void **list, size_t *room, size_t count, size_t size, struct diag *d) {
    if (count + 2 <= *room) return ERR_OK;
    if (count + 2 > OFFICIAL_ROWS_MAX) return diag_set(d, ERR_LIMIT, "rows", "%d at most", OFFICIAL_ROWS_MAX);
    size_t more = *room ? *room * 2 : 4096;
    void *larger = realloc(*list, more * size);
    if (larger == NULL) return diag_set(d, ERR_MEMORY, "rows", NULL);
    *list = larger, *room = more;
    return ERR_OK;
}

enum err official_book_pair(struct official_book *b, uint32_t one, uint32_t other, enum kanji_grade grade,
                            struct diag *d) {
    void *list = b->pairs;
    if (one == other) return ERR_OK;
    TRY(make_room(&list, &b->pair_room, b->pair_count, sizeof *b->pairs, d));
    b->pairs = list;
    b->pairs[b->pair_count++] = (struct official_pair){one, other, (uint8_t)grade};
    b->pairs[b->pair_count++] = (struct official_pair){other, one, (uint8_t)grade};
    return ERR_OK;
}

enum err official_book_town(struct official_book *b, const struct official_town *t, struct diag *d) {
    void *list = b->towns;
    TRY(make_room(&list, &b->town_room, b->town_count, sizeof *b->towns, d));
    b->towns = list;
    struct official_town copy = *t;
    struct str *texts[] = {&copy.prefecture, &copy.city, &copy.town};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        *texts[i] = arena_copy(&b->texts, *texts[i]);
        if (texts[i]->p == NULL) return diag_set(d, ERR_MEMORY, "texts", NULL);
    }
    b->towns[b->town_count++] = copy;
    return ERR_OK;
}

/* ---- order ---- */

static int by_pair(const void *a, const void *b) {
    const struct official_pair *x = a, *y = b;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    if (x->b != y->b) return x->b < y->b ? -1 : 1;
    return (int)x->grade - (int)y->grade;
}

static int by_place(const void *a, const void *b) {
    const struct official_town *x = a, *y = b;
    int order = str_cmp(x->prefecture, y->prefecture);
    if (order == 0) order = str_cmp(x->city, y->city);
    if (order == 0) order = str_cmp(x->town, y->town);
    return order ? order : (x->post > y->post) - (x->post < y->post);
}

static int by_post(const void *a, const void *b, void *towns) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    const struct official_town *t = towns;
    if (t[x].post != t[y].post) return t[x].post < t[y].post ? -1 : 1;
    return (x > y) - (x < y);
}

static int by_of(const void *a, const void *b) {
    const struct official_kind *x = a, *y = b;
    return (x->of > y->of) - (x->of < y->of);
}

/* ---- kinds: all that chains of pairs join ---- */

struct joining {
    struct official_kind *list; /* by of; kind: the place of the next, a root its own */
    size_t count;
};

static size_t place_of(const struct joining *j, uint32_t of) {
    const struct official_kind key = {.of = of};
    const struct official_kind *found = bsearch(&key, j->list, j->count, sizeof key, by_of);
    invariant(found != NULL);
    return (size_t)(found - j->list);
}

static size_t root_of(const struct joining *j, size_t at) {
    while (j->list[at].kind != at) at = j->list[at].kind;
    return at;
}

static enum err join_kinds(struct official_book *b, struct diag *d) {
    struct joining j = {.list = calloc(b->pair_count + 1, sizeof *j.list)};
    if (j.list == NULL) return diag_set(d, ERR_MEMORY, "kinds", NULL);
    for (size_t i = 0; i < b->pair_count; i++) j.list[i].of = kanji_kind(b->pairs[i].a);
    qsort(j.list, b->pair_count, sizeof *j.list, by_of);
    for (size_t i = 0; i < b->pair_count; i++)
        if (j.count == 0 || j.list[j.count - 1].of != j.list[i].of) j.list[j.count++].of = j.list[i].of;
    for (size_t i = 0; i < j.count; i++) j.list[i].kind = (uint32_t)i;
    for (size_t i = 0; i < b->pair_count; i++) {
        size_t x = root_of(&j, place_of(&j, kanji_kind(b->pairs[i].a)));
        size_t y = root_of(&j, place_of(&j, kanji_kind(b->pairs[i].b)));
        j.list[x > y ? x : y].kind = (uint32_t)(x > y ? y : x);
    }
    /* A root stands before all that lead to it, so its character is there when theirs is asked for. */
    for (size_t i = 0; i < j.count; i++)
        j.list[i].kind = j.list[i].kind == i ? j.list[i].of : j.list[j.list[i].kind].kind;
    b->kinds = j.list, b->view.kinds = j.list, b->view.kind_count = j.count;
    return ERR_OK;
}

static void drop_double_pairs(struct official_book *b) {
    size_t kept = 0;
    for (size_t i = 0; i < b->pair_count; i++)
        if (kept == 0 || b->pairs[kept - 1].a != b->pairs[i].a || b->pairs[kept - 1].b != b->pairs[i].b)
            b->pairs[kept++] = b->pairs[i];
    b->pair_count = kept;
}

static enum err order_towns(struct official_book *b, struct diag *d) {
    size_t n = b->town_count;
    b->by_post = calloc(n + 1, sizeof *b->by_post), b->cities = calloc(n + 1, sizeof *b->cities);
    if (b->by_post == NULL || b->cities == NULL) return diag_set(d, ERR_MEMORY, "towns", NULL);
    if (n) qsort(b->towns, n, sizeof b->towns[0], by_place);
    size_t cities = 0;
    for (size_t i = 0; i < n; i++) {
        b->by_post[i] = (uint32_t)i;
        bool same = i && str_eq(b->towns[i].prefecture, b->towns[i - 1].prefecture) &&
                    str_eq(b->towns[i].city, b->towns[i - 1].city);
        if (!same) b->cities[cities++].first = (uint32_t)i;
        b->cities[cities - 1].end = (uint32_t)i + 1;
    }
    qsort_r(b->by_post, n, sizeof b->by_post[0], by_post, b->towns);
    b->view.towns = b->towns, b->view.town_count = n, b->view.by_post = b->by_post;
    b->view.cities = b->cities, b->view.city_count = cities;
    return ERR_OK;
}

enum err official_book_seal(struct official_book *b, struct diag *d) {
    if (b->pair_count) qsort(b->pairs, b->pair_count, sizeof b->pairs[0], by_pair);
    drop_double_pairs(b);
    b->view.pairs = b->pairs, b->view.pair_count = b->pair_count;
    TRY(join_kinds(b, d));
    return order_towns(b, d);
}
