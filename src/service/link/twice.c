#include "service/link/twice.h"

#include <stdlib.h>

enum { CELLS_EACH = 24, HASHES = 3, CELLS_MIN = 1 << 16, CELLS_A_BYTE = 4, SEEN_TWICE = 2 };

enum err twice_init(struct twice *t, uint64_t keys_foreseen, struct diag *d) {
    uint64_t cells = CELLS_MIN;
    while (cells < keys_foreseen * CELLS_EACH) cells *= 2;
    *t = (struct twice){.cells = calloc(cells / CELLS_A_BYTE, 1), .mask = cells - 1};
    return t->cells ? ERR_OK : diag_set(d, ERR_MEMORY, "link", NULL);
}

void twice_fini(struct twice *t) {
    free(t->cells);
    *t = (struct twice){0};
}

/* Three places that differ, so that no key counts itself twice. */
static void places(const struct twice *t, uint64_t key, uint64_t out[HASHES]) {
    uint64_t z = key;
    for (unsigned n = 0; n < HASHES;) {
        z += 0x9e3779b97f4a7c15u;
        uint64_t h = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        out[n] = (h ^ (h >> 27)) & t->mask;
        bool again = false;
        for (unsigned i = 0; i < n; i++) again = again || out[i] == out[n];
        n += !again;
    }
}

static unsigned count(const struct twice *t, uint64_t at) {
    return t->cells[at / CELLS_A_BYTE] >> (at % CELLS_A_BYTE * 2) & 3;
}

void twice_add(struct twice *t, uint64_t key) {
    uint64_t at[HASHES];
    places(t, key, at);
    for (unsigned i = 0; i < HASHES; i++)
        if (count(t, at[i]) < SEEN_TWICE)
            t->cells[at[i] / CELLS_A_BYTE] =
                (uint8_t)(t->cells[at[i] / CELLS_A_BYTE] + (1u << (at[i] % CELLS_A_BYTE * 2)));
}

bool twice_seen(const struct twice *t, uint64_t key) {
    uint64_t at[HASHES];
    places(t, key, at);
    for (unsigned i = 0; i < HASHES; i++)
        if (count(t, at[i]) < SEEN_TWICE) return false;
    return true;
}
