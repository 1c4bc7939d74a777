#include "service/people/namesakes.h"

#include <stdlib.h>

enum { STREAM_NAMESAKES = 0x4e53 << 16 }; /* beside the streams of blocks, which are numbered from 0 */

/* What the plan needs to know of a person. */
struct face {
    const struct name *family, *given;
    uint64_t ordinal;
    struct day birth;
    int age;
    uint8_t sex;
    bool takes, may_give; /* becomes a namesake; may be taken for one */
};

static int by_kana(const void *a, const void *b) {
    const struct name *x = *(const struct name *const *)a, *y = *(const struct name *const *)b;
    int c = str_cmp(x->kana, y->kana);
    return c ? c : str_cmp(x->kanji, y->kanji);
}

static enum err readings_init(struct readings *r, const struct name_table *t) {
    r->rows = malloc((t->n ? t->n : 1) * sizeof *r->rows);
    if (r->rows == NULL) return ERR_MEMORY;
    r->n = t->n;
    memcpy(r->rows, t->rows, t->n * sizeof *r->rows);
    qsort(r->rows, r->n, sizeof *r->rows, by_kana);
    return ERR_OK;
}

static size_t first_not_before(const struct readings *r, struct str kana, bool after) {
    size_t low = 0, high = r->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int c = str_cmp(r->rows[middle]->kana, kana);
        if (c < 0 || (after && c == 0)) low = middle + 1;
        else high = middle;
    }
    return low;
}

const struct name *homophone(const struct readings *r, const struct name *name, struct chance *c) {
    size_t from = first_not_before(r, name->kana, false), to = first_not_before(r, name->kana, true), at = from;
    while (at < to && !str_eq(r->rows[at]->kanji, name->kanji)) at++;
    if (at == to || to - from < 2) return name;
    at += 1 + chance_below(c, (uint32_t)(to - from - 1));
    const struct name *other = r->rows[at < to ? at : at - (to - from)];
    return str_eq(other->kanji, name->kanji) ? name : other; /* a table of the user's may hold a row twice */
}

static uint64_t blocks_of(const struct nation *n) { return (n->options.count + BLOCK_PEOPLE - 1) / BLOCK_PEOPLE; }

static uint64_t partner_of(const struct nation *n, uint64_t block) {
    uint64_t half = blocks_of(n) / 2;
    return block < half ? block + half : block < 2 * half ? block - half : block;
}

/* Adds a block's people as they are made when nobody shares. */
static size_t look_at(struct namesakes *x, uint64_t block, struct face *faces) {
    const struct nation *n = x->nation;
    struct household *h = x->household;
    uint64_t done = block * BLOCK_PEOPLE, end = done + BLOCK_PEOPLE;
    size_t count = 0;
    if (end > n->options.count) end = n->options.count;
    for (unsigned k = 0; done < end; k++) {
        household_make_people(n, block, k, done, (size_t)(end - done), h);
        for (size_t i = 0; i < h->people_count; i++) {
            const struct person *p = &h->people[i];
            bool adult = p->community == JAPANESE && p->age >= 18;
            struct chance c = chance_of(n->options.seed, STREAM_NAMESAKES, p->ordinal);
            bool takes = adult && h->kind <= SINGLE_WOMAN && chance_permille(&c, NAMESAKE_PERMILLE);
            faces[count++] =
                (struct face){p->family, p->given, p->ordinal, p->birth, p->age, p->sex, takes, adult && !takes};
        }
        done += h->people_count;
    }
    return count;
}

static void note(struct namesakes *x, uint64_t ordinal, const struct namesake *what) {
    if (ordinal >= x->first && ordinal - x->first < BLOCK_PEOPLE) x->of[ordinal - x->first] = *what;
}

/* Written with another given name, another family name, or both. */
static void spell_otherwise(const struct homophones *h, const struct face *giver, struct namesake *x,
                            struct chance *c) {
    x->given = homophone(&h->given[giver->sex - 1][generation_of(giver->birth)], giver->given, c);
    if (x->given == giver->given || chance_percent(c, 30)) x->family = homophone(&h->surnames, giver->family, c);
}

/* False when they do not suit each other. */
static bool share(struct namesakes *x, struct face *giver, struct face *taker, bool otherwise, struct chance *c) {
    struct namesake as = {.is = true,
                          .other = giver->ordinal,
                          .family = giver->family,
                          .given = giver->given,
                          .birth = giver->birth,
                          .age = giver->age};
    if (!giver->may_give || giver->sex != taker->sex) return false;
    if (otherwise) spell_otherwise(&x->homophones, giver, &as, c);
    if (otherwise && as.family == giver->family && as.given == giver->given) return false;
    note(x, taker->ordinal, &as);
    note(x, giver->ordinal, &(struct namesake){.is = true, .other = taker->ordinal, .birth = DAY_NONE});
    giver->may_give = taker->takes = false;
    return true;
}

void namesakes_of_block(struct namesakes *x, uint64_t block) {
    enum { TRIES = 64 }; /* most people are adults and a third have homophones; who finds none stays without */
    uint64_t other = partner_of(x->nation, block), low = block < other ? block : other;
    x->first = block * BLOCK_PEOPLE;
    for (size_t i = 0; i < BLOCK_PEOPLE; i++) x->of[i].is = false;
    /* Both blocks of a pair see the same people in the same order and so make the same plan. */
    size_t count = look_at(x, low, x->faces);
    if (other != block) count += look_at(x, low == block ? other : block, x->faces + count);
    for (size_t i = 0; i < count; i++) {
        struct face *taker = &x->faces[i];
        struct chance c = chance_of(x->nation->options.seed, STREAM_NAMESAKES + 1, taker->ordinal);
        bool otherwise = !chance_percent(&c, SAME_KANJI_PERCENT);
        for (int tries = 0; taker->takes && tries < TRIES; tries++)
            (void)share(x, &x->faces[chance_below(&c, (uint32_t)count)], taker, otherwise, &c);
    }
}

static enum err index_names(struct homophones *h, const struct names *n) {
    TRY(readings_init(&h->surnames, &n->surnames));
    for (unsigned s = 0; s < 2; s++)
        for (unsigned g = 0; g < GENERATIONS; g++) TRY(readings_init(&h->given[s][g], &n->given[s][g]));
    return ERR_OK;
}

enum err namesakes_init(struct namesakes *x, const struct nation *n, struct diag *d) {
    *x = (struct namesakes){.nation = n};
    x->household = malloc(sizeof *x->household);
    x->faces = malloc(2 * BLOCK_PEOPLE * sizeof *x->faces);
    enum err e = x->household && x->faces ? index_names(&x->homophones, &n->names) : ERR_MEMORY;
    if (e == ERR_OK) return ERR_OK;
    namesakes_fini(x);
    return diag_set(d, e, "namesakes", NULL);
}

void namesakes_fini(struct namesakes *x) {
    free(x->household);
    free(x->faces);
    free(x->homophones.surnames.rows);
    for (unsigned s = 0; s < 2; s++)
        for (unsigned g = 0; g < GENERATIONS; g++) free(x->homophones.given[s][g].rows);
    *x = (struct namesakes){0};
}
