#include "rules/identity/kanji.h"

struct pair {
    uint32_t a, b;
    enum kanji_grade grade;
};
struct kind {
    uint32_t c, kind;
};

/* Both in order, made at build time by tools/identity_tables. */
#define KANJI_PAIR(a, b, grade) {a, b, KANJI_##grade},
static const struct pair pairs[] = {
#include "rules/identity/kanji_pairs.inc"
};
#undef KANJI_PAIR
#define KANJI_KIND(c, kind) {c, kind},
static const struct kind kinds[] = {
#include "rules/identity/kanji_kinds.inc"
};
#undef KANJI_KIND

uint32_t kanji_kind(uint32_t c) {
    size_t low = 0, high = ARRAY_LEN(kinds);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (kinds[mid].c < c) low = mid + 1;
        else high = mid;
    }
    return low < ARRAY_LEN(kinds) && kinds[low].c == c ? kinds[low].kind : c;
}

enum kanji_grade kanji_compare(uint32_t a, uint32_t b) {
    if (a == b) return KANJI_SAME;
    uint64_t wanted = (uint64_t)a << 32 | b;
    size_t low = 0, high = ARRAY_LEN(pairs);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (((uint64_t)pairs[mid].a << 32 | pairs[mid].b) < wanted) low = mid + 1;
        else high = mid;
    }
    bool found = low < ARRAY_LEN(pairs) && pairs[low].a == a && pairs[low].b == b;
    return found ? pairs[low].grade : KANJI_DIFFERENT;
}
