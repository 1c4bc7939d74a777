/* namesakes: strangers who share name in kana, sex and birthday: the people whom a three-item look-up (カナ, 生年月日, 性別) takes for each other.
 * A nation made for a dirty insurer has them on purpose: NAMESAKE_PERMILLE of the singles become somebody's namesake, which gives about
 * 2 % of the people one (published estimates for Japan lie between 1.5 and 2.5 %). Three of four are written with other
 * kanji. Blocks share in pairs half a nation apart, so that any block can be made without those before it. */
#ifndef SERVICE_PEOPLE_NAMESAKES_H
#define SERVICE_PEOPLE_NAMESAKES_H

#include "service/people/household.h"

enum { NAMESAKE_PERMILLE = 60, SAME_KANJI_PERCENT = 25 };

/* Names of one table by their reading. */
struct readings {
    const struct name **rows;
    size_t n;
};
struct homophones {
    struct readings surnames, given[2][GENERATIONS];
};

/* What a person shares. family NULL: the other one took this person's name; else this person is made with these. */
struct namesake {
    uint64_t other;
    bool is;
    const struct name *family, *given;
    struct day birth;
    int age;
};
struct face;
struct namesakes {
    const struct nation *nation;
    struct homophones homophones;
    struct household *household; /* to make others in */
    struct face *faces;
    uint64_t first;
    struct namesake of[BLOCK_PEOPLE];
};

MUST_USE enum err namesakes_init(struct namesakes *x, const struct nation *n, struct diag *d);
void namesakes_fini(struct namesakes *x);
/* Stands at a block from now on. */
void namesakes_of_block(struct namesakes *x, uint64_t block);
/* NULL when this person of the block has none. */
static inline const struct namesake *namesake_of(const struct namesakes *x, uint64_t ordinal) {
    invariant(ordinal >= x->first && ordinal - x->first < BLOCK_PEOPLE);
    return x->of[ordinal - x->first].is ? &x->of[ordinal - x->first] : NULL;
}

/* Another name that is read the same; `name` itself where there is none. */
const struct name *homophone(const struct readings *r, const struct name *name, struct chance *c);

#endif
