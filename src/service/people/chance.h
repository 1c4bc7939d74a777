/* chance: numbers drawn from a seed, the same on every machine (splitmix64; integers only). Each household draws from a stream of its
 * own, so that any household can be made without those before it. Draw once in an expression: the order of several drawings in one is
 * the compiler's. Not for secrets. */
#ifndef SERVICE_PEOPLE_CHANCE_H
#define SERVICE_PEOPLE_CHANCE_H

#include "base/base.h"

struct chance {
    uint64_t state;
};

static inline uint64_t chance_mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
static inline struct chance chance_of(uint64_t seed, uint64_t what, uint64_t which) {
    return (struct chance){chance_mix(chance_mix(seed * 0x9e3779b97f4a7c15u + what) + which * 0xd1342543de82ef95u)};
}
static inline uint64_t chance_next(struct chance *c) { return chance_mix(c->state += 0x9e3779b97f4a7c15u); }
/* 0 … n − 1; n is at least 1. */
static inline uint32_t chance_below(struct chance *c, uint32_t n) {
    return (uint32_t)(((chance_next(c) >> 32) * n) >> 32);
}
/* low … high, both included. */
static inline int chance_range(struct chance *c, int low, int high) {
    return low + (int)chance_below(c, (uint32_t)(high - low + 1));
}
static inline bool chance_percent(struct chance *c, uint32_t percent) { return chance_below(c, 100) < percent; }
static inline bool chance_permille(struct chance *c, uint32_t permille) { return chance_below(c, 1000) < permille; }

#endif
