#include "service/link/twice.h"

#include <stdlib.h>

enum { BITS_EACH = 24, HASHES = 3, BITS_MIN = 1 << 16 };

enum err twice_init(struct twice *t, uint64_t keys_foreseen, struct diag *d) {
    uint64_t bits = BITS_MIN;
    while (bits < keys_foreseen * BITS_EACH) bits *= 2;
    *t = (struct twice){.once = calloc(bits / 64, 8), .again = calloc(bits / 64, 8), .mask = bits - 1};
    if (t->once && t->again) return ERR_OK;
    twice_fini(t);
    return diag_set(d, ERR_MEMORY, "link", NULL);
}

void twice_fini(struct twice *t) {
    free(t->once), free(t->again);
    *t = (struct twice){0};
}

static uint64_t place(const struct twice *t, uint64_t key, unsigned i) {
    uint64_t z = (key + i) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    return (z ^ (z >> 27)) & t->mask;
}

static bool all_set(const struct twice *t, const uint64_t *bits, uint64_t key) {
    for (unsigned i = 0; i < HASHES; i++) {
        uint64_t at = place(t, key, i);
        if (!(bits[at / 64] >> (at % 64) & 1)) return false;
    }
    return true;
}

void twice_add(struct twice *t, uint64_t key) {
    uint64_t *bits = all_set(t, t->once, key) ? t->again : t->once;
    for (unsigned i = 0; i < HASHES; i++) {
        uint64_t at = place(t, key, i);
        bits[at / 64] |= 1ull << (at % 64);
    }
}

bool twice_seen(const struct twice *t, uint64_t key) { return all_set(t, t->again, key); }
