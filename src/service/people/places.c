/* Where people live: municipalities in the order of their prefectures, each with its share of the people. */
#include "service/people/nation.h"

#include <stdio.h>
#include <stdlib.h>

struct prefecture {
    unsigned code;
    const char *name;
    uint32_t thousands, municipalities;
};
#define PREFECTURE(code, name, thousands, municipalities) {code, name, thousands, municipalities},
static const struct prefecture prefectures[PREFECTURES] = {
#include "service/people/prefectures.def"
};
#undef PREFECTURE

struct place {
    unsigned prefecture;
    const char *name;
    uint32_t thousands, post3;
};
#define PLACE(prefecture, city, thousands, post3) {prefecture, city, thousands, post3},
static const struct place places[] = {
#include "service/people/places.def"
};
#undef PLACE

#define TOWN(name) name,
#define HAMLET(name)
#define VALLEY(name)
static const char *const towns[] = {
#include "service/people/towns.def"
};
#undef TOWN
#undef HAMLET
#undef VALLEY
#define TOWN(name)
#define HAMLET(name) name,
#define VALLEY(name)
static const char *const hamlets[] = {
#include "service/people/towns.def"
};
#undef HAMLET
#undef VALLEY
#define HAMLET(name)
#define VALLEY(name) name,
static const char *const valleys[] = {
#include "service/people/towns.def"
};

enum {
    PEOPLE_PER_MUNICIPALITY = 8000, /* so that a town of 100,000 has about a dozen neighbours */
    PEOPLE_PER_PREFECTURE = 60000,
    HAMLET_THOUSANDS = 12,
};

static enum err write_post(struct town *t, uint32_t post7) {
    snprintf(t->post, sizeof t->post, "%03u-%04u", (unsigned)(post7 / 10000 % 1000), (unsigned)(post7 % 10000));
    return ERR_OK;
}

/* Gives a municipality towns of the common names and post codes of its own. */
static enum err add_common_towns(struct nation *n, struct municipality *m, size_t which) {
    struct town *t = arena_new(&n->arena, TOWNS_PER_CITY * sizeof *t);
    if (t == NULL) return ERR_MEMORY;
    for (size_t i = 0; i < TOWNS_PER_CITY; i++) {
        t[i].name = str_c(towns[(which * 7 + i * 3) % ARRAY_LEN(towns)]);
        uint32_t last4 = (uint32_t)(chance_mix(m->post3 * 100 + i) % 90 * 100 + i + 1);
        TRY(write_post(&t[i], m->post3 * 10000 + last4));
    }
    m->towns = t, m->town_count = TOWNS_PER_CITY;
    return ERR_OK;
}

/* The k-th municipality of a prefecture: a city of places.def, or a small one with a made-up name. */
static enum err add_built_in(struct nation *n, const struct prefecture *p, size_t k) {
    struct municipality *m = &n->municipalities[n->municipality_count];
    size_t seen = 0, last = 0;
    *m = (struct municipality){.prefecture = (uint8_t)p->code};
    for (size_t i = 0; i < ARRAY_LEN(places) && m->weight == 0; i++) {
        if (places[i].prefecture != p->code) continue;
        last = i;
        if (seen++ != k) continue;
        m->name = str_c(places[i].name), m->weight = places[i].thousands, m->post3 = places[i].post3;
    }
    if (m->weight == 0) {
        char name[64];
        size_t made = k - seen;
        snprintf(name, sizeof name, "%s%s", hamlets[(made + p->code) % ARRAY_LEN(hamlets)],
                 valleys[(made / ARRAY_LEN(hamlets) + made * 5) % ARRAY_LEN(valleys)]);
        m->name = arena_copy(&n->arena, str_c(name));
        if (m->name.p == NULL) return ERR_MEMORY;
        m->weight = HAMLET_THOUSANDS, m->post3 = places[last].post3 + (uint32_t)(made % 7);
    }
    TRY(add_common_towns(n, m, n->municipality_count));
    n->municipality_count++;
    return ERR_OK;
}

/* The prefectures used begin at one the seed chooses; each gets municipalities by its size. */
static enum err place_built_in(struct nation *n) {
    uint64_t count = n->options.count;
    size_t used = (size_t)(count / PEOPLE_PER_PREFECTURE), want = (size_t)(count / PEOPLE_PER_MUNICIPALITY);
    used = used < 1 ? 1 : used > PREFECTURES ? PREFECTURES : used;
    size_t first = used == PREFECTURES ? 0 : n->options.seed % PREFECTURES, thousands = 0;
    bool in[PREFECTURES] = {false};
    for (size_t i = 0; i < used; i++)
        in[(first + i) % PREFECTURES] = true, thousands += prefectures[(first + i) % PREFECTURES].thousands;
    for (size_t i = 0; i < PREFECTURES; i++) {
        if (!in[i]) continue;
        size_t share = want * prefectures[i].thousands / thousands;
        share = share < 2 ? 2 : share > prefectures[i].municipalities ? prefectures[i].municipalities : share;
        for (size_t k = 0; k < share; k++) TRY(add_built_in(n, &prefectures[i], k));
    }
    return ERR_OK;
}

/* prefecture TAB city TAB town TAB post code (7 digits) TAB weight; the rows of a city stand together, prefectures ascend. */
struct place_reader {
    struct nation *n;
    struct town *towns;
    size_t town_count;
};

static enum err place_row(void *context, const struct str *f, size_t count) {
    struct place_reader *r = context;
    struct nation *n = r->n;
    uint64_t prefecture, post, weight;
    if (count != 5) return ERR_MISSING;
    if (!str_uint(f[0], PREFECTURES, &prefecture) || prefecture == 0) return ERR_VALUE;
    if (f[3].n != 7 || !str_uint(f[3], 9999999, &post)) return ERR_VALUE;
    if (!str_uint(f[4], TABLE_WEIGHT_MAX, &weight) || weight == 0) return ERR_VALUE;
    TRY(table_text_check(f[1]));
    TRY(table_text_check(f[2]));
    struct municipality *m = n->municipality_count ? &n->municipalities[n->municipality_count - 1] : NULL;
    if (m && m->prefecture > prefecture) return ERR_VALUE;
    if (m == NULL || m->prefecture != prefecture || !str_eq(m->name, f[1])) {
        if (n->municipality_count == MUNICIPALITIES_MAX) return ERR_LIMIT;
        m = &n->municipalities[n->municipality_count++];
        *m = (struct municipality){.prefecture = (uint8_t)prefecture, .name = arena_copy(&n->arena, f[1])};
        if (m->name.p == NULL) return ERR_MEMORY;
    }
    struct town *t = &r->towns[r->town_count++]; /* a line each at most: see nation_place_from */
    t->name = arena_copy(&n->arena, f[2]);
    if (t->name.p == NULL) return ERR_MEMORY;
    m->weight += (uint32_t)weight, m->town_count++;
    return write_post(t, (uint32_t)post);
}

enum err nation_place_from(struct nation *n, struct str text, const char *where, struct diag *d) {
    size_t lines = 1;
    for (size_t i = 0; i < text.n; i++) lines += text.p[i] == '\n';
    if (lines > TABLE_ROWS_MAX) return diag_set(d, ERR_LIMIT, where, "more than %d lines", TABLE_ROWS_MAX);
    struct place_reader r = {.n = n, .towns = arena_new(&n->arena, sizeof(struct town) * lines)};
    if (r.towns == NULL) return diag_set(d, ERR_MEMORY, "places", NULL);
    TRY(table_parse(text, where, place_row, &r, d));
    if (n->municipality_count == 0) return diag_set(d, ERR_MISSING, where, "no place");
    const struct town *at = r.towns;
    for (size_t i = 0; i < n->municipality_count; at += n->municipalities[i++].town_count)
        n->municipalities[i].towns = at;
    return ERR_OK;
}

static enum err place_from_file(struct nation *n, struct world *w, struct diag *d) {
    struct buf text;
    buf_init(&text, TABLE_FILE_MAX);
    enum err e = world_read_file(w, n->options.places, &text, d);
    if (e == ERR_OK) e = nation_place_from(n, buf_str(&text), n->options.places, d);
    buf_fini(&text);
    return e;
}

enum err nation_place(struct nation *n, struct world *w, struct diag *d) {
    for (size_t i = 0; i < PREFECTURES; i++) n->prefectures[i + 1] = str_c(prefectures[i].name);
    n->municipalities = calloc(MUNICIPALITIES_MAX, sizeof *n->municipalities);
    if (n->municipalities == NULL) return diag_set(d, ERR_MEMORY, "places", NULL);
    if (n->options.places) TRY(place_from_file(n, w, d));
    else if (place_built_in(n) != ERR_OK) return diag_set(d, ERR_MEMORY, "places", NULL);
    uint64_t total = 0, below = 0;
    for (size_t i = 0; i < n->municipality_count; i++) total += n->municipalities[i].weight;
    for (size_t i = 0; i < n->municipality_count; i++) {
        below += n->municipalities[i].weight;
        n->municipalities[i].upto = n->options.count * below / total;
    }
    return ERR_OK;
}
