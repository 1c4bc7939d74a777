#include "rules/identity/romaji.h"

#include "base/utf8.h"

static const struct syllable {
    const char *letters, *kana;
} syllables[] = {
#define ROMAJI(letters, kana) {letters, kana},
#include "rules/identity/romaji.def"
#undef ROMAJI
};
enum { LETTERS_MAX = 3 };

/* A capital letter, or 0. Vowels with a macron or circumflex stand for long ones and come back with *is_long. */
static char letter(uint32_t c, bool *is_long) {
    static const struct {
        uint32_t c;
        char plain;
    } longs[] = {{0x100, 'A'}, {0x101, 'A'}, {0x112, 'E'}, {0x113, 'E'}, {0x12a, 'I'}, {0x12b, 'I'}, {0x14c, 'O'},
                 {0x14d, 'O'}, {0x16a, 'U'}, {0x16b, 'U'}, {0xd4, 'O'},  {0xf4, 'O'},  {0xdb, 'U'},  {0xfb, 'U'}};
    *is_long = false;
    if (c >= 0xff21 && c <= 0xff5a) c -= 0xfee0;
    if (c >= 'a' && c <= 'z') c -= 32;
    if (c >= 'A' && c <= 'Z') return (char)c;
    for (size_t i = 0; i < ARRAY_LEN(longs); i++)
        if (longs[i].c == c) return *is_long = true, longs[i].plain;
    return 0;
}

/* The longest syllable at i; NULL when there is none. *n is its length. */
static const char *syllable_at(const struct text *t, size_t i, size_t *n, bool *is_long) {
    char letters[LETTERS_MAX];
    size_t have = 0;
    bool long_here[LETTERS_MAX] = {false};
    while (have < LETTERS_MAX && i + have < t->n && (letters[have] = letter(t->c[i + have], &long_here[have]))) have++;
    for (*n = have; *n > 0; (*n)--)
        for (size_t k = 0; k < ARRAY_LEN(syllables); k++)
            if (str_eq(str_c(syllables[k].letters), str_of(letters, *n)))
                return *is_long = long_here[*n - 1], syllables[k].kana;
    return NULL;
}

/* OH for a long o, as passports have it, not before a vowel (OHARA). */
static bool is_passport_long(const struct text *t, size_t i) {
    bool unused;
    char before = i ? letter(t->c[i - 1], &unused) : 0, next = i + 1 < t->n ? letter(t->c[i + 1], &unused) : 0;
    return letter(t->c[i], &unused) == 'H' && before == 'O' && !(next && strchr("AIUEOY", next));
}

static bool add_kana(struct text *out, const char *kana, size_t from, size_t until) {
    for (struct str rest = str_c(kana); rest.n;) {
        if (out->n == TEXT_MAX) return false;
        text_add(out, utf8_next(&rest), from, until);
    }
    return true;
}

bool romaji_read(const struct text *t, struct text *out) {
    *out = (struct text){.whole = t->whole};
    for (size_t i = 0, n; i < t->n; i += n) {
        bool is_long = false, unused;
        uint32_t c = t->c[i];
        n = 1;
        if (is_space(c) || c == '\'' || c == '-') {
            if (is_space(c) && !add_kana(out, " ", t->from[i], t->until[i])) return false;
            continue;
        }
        if (is_passport_long(t, i)) continue;
        const char *kana = syllable_at(t, i, &n, &is_long);
        bool doubled = i + 1 < t->n && letter(c, &unused) && letter(c, &unused) == letter(t->c[i + 1], &unused);
        if (kana == NULL && (doubled || letter(c, &unused) == 'T')) kana = "ッ", n = 1; /* HATTORI, HATCHORI */
        if (kana == NULL || !add_kana(out, kana, t->from[i], t->until[i + n - 1])) return false;
        if (is_long && !add_kana(out, "ー", t->from[i], t->until[i + n - 1])) return false;
    }
    return out->n > 0;
}
