#include "rules/identity/town.h"

#include "rules/identity/official.h"

enum { MACHI = 0x753a, DAI = 0x5927, AZA = 0x5b57 };

static uint32_t key_of(uint32_t c) {
    switch (c) {
    case 0x30f6:
    case 0x304c: return 0x30b1; /* ヶ が */
    case 0x30f5:
    case 0x304b: return 0x30ab; /* ヵ か */
    case 0x306e:
    case 0x4e4b: return 0x30ce; /* の 之 */
    case 0x30c3:
    case 0x3063:
    case 0x3064: return 0x30c4;
    case 0x4e8c: return 0x30cb;
    case 0x516b: return 0x30cf;
    default: return c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
    }
}

/* Spaces, selectors, 大字 and 字, which people leave out. */
static bool is_passed_over(const struct text *t, size_t i) {
    uint32_t c = t->c[i], next = i + 1 < t->n ? t->c[i + 1] : 0;
    return is_space(c) || is_selector(c) || (c == DAI && next == AZA) || (c == AZA && next != 0);
}

struct text town_key(struct str s) {
    struct text t, key;
    struct diag d;
    key.whole = s, key.n = 0;
    if (text_read(s, &t, "", &d) != ERR_OK) return key;
    for (size_t i = 0; i < t.n; i++)
        if (!is_passed_over(&t, i)) text_add(&key, key_of(t.c[i]), t.from[i], t.until[i]);
    if (key.n > 2 && key.c[key.n - 1] == MACHI) key.n--; /* 町 is left out at will */
    return key;
}

static bool alike(const struct official *o, uint32_t a, uint32_t b) {
    return a == b || official_kanji(o, a, b) != KANJI_DIFFERENT;
}

bool town_same(const struct official *o, struct str a, struct str b) {
    struct text ka = town_key(a), kb = town_key(b);
    if (ka.n != kb.n) return false;
    for (size_t i = 0; i < ka.n; i++)
        if (!alike(o, ka.c[i], kb.c[i])) return false;
    return true;
}

size_t town_at(const struct official *o, const struct text *t, size_t i, struct str town) {
    struct text key = town_key(town);
    size_t at = i;
    for (size_t k = 0; k < key.n; k++, at++) {
        while (at < t->n && is_passed_over(t, at)) at++;
        if (at == t->n || !alike(o, key_of(t->c[at]), key.c[k])) return 0;
    }
    bool machi = key.n && at < t->n && t->c[at] == MACHI && str_ends(town, S("町")); /* the key left it out */
    return at - i + machi;
}

bool town_begins(const struct official *o, struct str text, struct str town) {
    struct text t;
    struct diag d;
    return text_read(text, &t, "", &d) == ERR_OK && town_at(o, &t, 0, town) > 0;
}
