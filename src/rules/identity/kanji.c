#include "rules/identity/kanji.h"

#include "base/utf8.h"

struct own_pair {
    const char *a, *b;
    enum kanji_grade grade;
};
struct unihan_pair {
    uint32_t a, b;
    enum kanji_grade grade;
};

/* Both in order, made at build time by tools/identity_tables. */
#define VARIANT(a, b, kind) {a, b, KANJI_##kind},
static const struct own_pair own[] = {
#include "rules/identity/variants.inc"
};
#undef VARIANT
#define UNIHAN_VARIANT(a, b, kind) {a, b, KANJI_##kind},
static const struct unihan_pair unihan[] = {
#include "rules/identity/unihan_variants.inc"
};
#undef UNIHAN_VARIANT

static int own_order(struct str a, struct str b, const struct own_pair *p) {
    int first = str_cmp(a, str_c(p->a));
    return first ? first : str_cmp(b, str_c(p->b));
}

static enum kanji_grade find_own(uint32_t a, uint32_t b) {
    char room[16];
    struct buf both = buf_over(room, sizeof room);
    utf8_put(&both, a);
    struct str sa = buf_str(&both);
    utf8_put(&both, b);
    struct str sb = str_skip(buf_str(&both), sa.n);
    size_t low = 0, high = ARRAY_LEN(own);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = own_order(sa, sb, &own[mid]);
        if (order == 0) return own[mid].grade;
        if (order < 0) high = mid;
        else low = mid + 1;
    }
    return KANJI_DIFFERENT;
}

static enum kanji_grade find_unihan(uint32_t a, uint32_t b) {
    size_t low = 0, high = ARRAY_LEN(unihan);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const struct unihan_pair *p = &unihan[mid];
        if (p->a == a && p->b == b) return p->grade;
        if (a < p->a || (a == p->a && b < p->b)) high = mid;
        else low = mid + 1;
    }
    return KANJI_DIFFERENT;
}

enum kanji_grade kanji_compare(uint32_t a, uint32_t b) {
    if (a == b) return KANJI_SAME;
    enum kanji_grade g = find_own(a, b);
    return g == KANJI_DIFFERENT ? find_unihan(a, b) : g;
}
