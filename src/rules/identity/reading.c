#include "rules/identity/reading.h"

#include "base/utf8.h"
#include "rules/identity/kana.h"

struct word {
    const char *kanji, *kana;
};
struct unihan_reading {
    uint32_t c;
    const char *kana;
};

/* All in order, made at build time by tools/identity_tables. */
#define WORD(kanji, kana) {kanji, kana},
static const struct word words[] = {
#include "rules/identity/words.inc"
};
#undef WORD
#define READING(kanji, kana) {kanji, kana},
static const struct word characters[] = {
#include "rules/identity/readings.inc"
};
#undef READING
#define UNIHAN_READING(c, kana) {c, kana},
static const struct unihan_reading unihan[] = {
#include "rules/identity/unihan_readings.inc"
};
#undef UNIHAN_READING

/* Costs: a whole word is certain; each step away from it makes chance readings likelier. */
enum {
    COST_NAME = 3,    /* a character as names read it */
    COST_UNIHAN = 8,  /* as a dictionary reads it */
    COST_CHANGED = 2, /* voiced, or ツ become ッ */
    COST_STEM = 14,   /* the first kana of a reading alone: 心 コ, 愛 ア */
    COST_BETWEEN = 6, /* ノ, ガ or ツ that nobody writes */
    COST_UNREAD = 60, /* a character read as no table reads it */
    COST_LOST = 25,   /* ● may be anything */
    COST_NONE = 10000,
    UNREAD_KANA_MAX = 4,
    WORD_MAX = 6, /* characters of the longest word in words.def */
};
enum { FOLDS = KANA_WIDTH | KANA_HIRAGANA | KANA_SMALL | KANA_SAME_SOUND };

struct way {
    const struct text *kanji, *kana;
    uint16_t cost[TEXT_MAX + 1][TEXT_MAX + 1]; /* cheapest cost of having read i characters as j kana */
};

static void reach(struct way *w, size_t i, size_t j, int cost) {
    if (i <= w->kanji->n && j <= w->kana->n && cost < w->cost[i][j]) w->cost[i][j] = (uint16_t)cost;
}

static bool is_voiced_form(uint32_t heard, uint32_t written) {
    struct text a = {.n = 1, .c = {heard}, .until = {1}}, b = {.n = 1, .c = {written}, .until = {1}};
    a = kana_fold(&a, KANA_VOICED), b = kana_fold(&b, KANA_VOICED);
    return heard != written && a.c[0] == b.c[0];
}

/* One reading at kana j: its cost beyond the table's, or COST_NONE. *taken is its length. */
static int reading_at(const struct way *w, size_t i, size_t j, const struct text *r, size_t *taken) {
    int cost = 0;
    *taken = r->n;
    if (r->n == 0 || j + r->n > w->kana->n) return COST_NONE;
    for (size_t k = 0; k < r->n; k++) {
        uint32_t heard = w->kana->c[j + k], written = r->c[k];
        if (heard == written) continue;
        bool first = k == 0 && i > 0 && is_voiced_form(heard, written);
        bool last = k > 0 && k + 1 == r->n && heard == 0x30c4 && i + 1 < w->kanji->n; /* ツ: ッ made large */
        bool closes = last && (written == 0x30c1 || written == 0x30af || written == 0x30ad || written == 0x30d5);
        if (!first && !closes) return COST_NONE;
        cost += COST_CHANGED;
    }
    return cost;
}

static void read_list(struct way *w, size_t i, size_t j, size_t characters_read, const char *list, int cost) {
    struct str rest = str_c(list);
    while (rest.n) {
        struct text r;
        struct diag d;
        size_t taken = 0;
        if (text_read(str_cut(&rest, ' '), &r, "", &d) != ERR_OK) continue;
        r = kana_fold(&r, FOLDS);
        int more = reading_at(w, i, j, &r, &taken);
        if (more != COST_NONE) reach(w, i + characters_read, j + taken, w->cost[i][j] + cost + more);
        bool stem = r.n > 1 && characters_read == 1 && cost > 0 && j < w->kana->n && w->kana->c[j] == r.c[0];
        if (stem) reach(w, i + 1, j + 1, w->cost[i][j] + COST_STEM);
        if (stem && r.n > 2 && j + 1 < w->kana->n && w->kana->c[j + 1] == r.c[1])
            reach(w, i + 1, j + 2, w->cost[i][j] + COST_STEM);
    }
}

/* The first row for that key, or n. */
static size_t find(const struct word *rows, size_t n, struct str key) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (str_cmp(str_c(rows[mid].kanji), key) < 0) low = mid + 1;
        else high = mid;
    }
    return low < n && str_eq(str_c(rows[low].kanji), key) ? low : n;
}

static void read_words(struct way *w, size_t i, size_t j) {
    char room[WORD_MAX * 4];
    struct buf key = buf_over(room, sizeof room);
    for (size_t k = 0; k < WORD_MAX && i + k < w->kanji->n; k++) {
        utf8_put(&key, w->kanji->c[i + k]);
        for (size_t at = find(words, ARRAY_LEN(words), buf_str(&key));
             at < ARRAY_LEN(words) && str_eq(str_c(words[at].kanji), buf_str(&key)); at++)
            read_list(w, i, j, k + 1, words[at].kana, 0);
    }
}

static const char *unihan_of(uint32_t c) {
    size_t low = 0, high = ARRAY_LEN(unihan);
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (unihan[mid].c < c) low = mid + 1;
        else high = mid;
    }
    return low < ARRAY_LEN(unihan) && unihan[low].c == c ? unihan[low].kana : "";
}

static void read_character(struct way *w, size_t i, size_t j) {
    char room[8];
    struct buf key = buf_over(room, sizeof room);
    uint32_t c = w->kanji->c[i];
    if (c == 0x3005 && i > 0) c = w->kanji->c[i - 1];
    utf8_put(&key, c);
    size_t at = find(characters, ARRAY_LEN(characters), buf_str(&key));
    if (at < ARRAY_LEN(characters)) read_list(w, i, j, 1, characters[at].kana, COST_NAME);
    read_list(w, i, j, 1, unihan_of(c), COST_UNIHAN);
    bool lost = is_lost(c);
    for (size_t k = 1; k <= UNREAD_KANA_MAX; k++)
        reach(w, i + 1, j + k, w->cost[i][j] + (lost ? COST_LOST : COST_UNREAD));
}

static void read_at(struct way *w, size_t i, size_t j) {
    struct text one = text_part(w->kanji, i, 1);
    struct text folded = kana_fold(&one, FOLDS);
    uint32_t c = folded.c[0], k = j < w->kana->n ? w->kana->c[j] : 0;
    if (j == w->kana->n) return;
    if (c == k) reach(w, i + 1, j + 1, w->cost[i][j]);
    if (c == 0x30b1 && k == 0x30ac) reach(w, i + 1, j + 1, w->cost[i][j]); /* ヶ read ガ */
    if (i > 0 && (k == 0x30ce || k == 0x30ac || k == 0x30c4)) reach(w, i, j + 1, w->cost[i][j] + COST_BETWEEN);
    read_words(w, i, j);
    read_character(w, i, j);
}

static int cheapest(const struct text *kanji, const struct text *kana) {
    struct way w; /* 80 KiB of the stack */
    w.kanji = kanji, w.kana = kana;
    for (size_t i = 0; i <= kanji->n; i++)
        for (size_t j = 0; j <= kana->n; j++) w.cost[i][j] = COST_NONE;
    w.cost[0][0] = 0;
    for (size_t i = 0; i < kanji->n; i++)
        for (size_t j = 0; j <= kana->n; j++)
            if (w.cost[i][j] < COST_NONE) read_at(&w, i, j);
    return w.cost[kanji->n][kana->n];
}

/* Without variation selectors. */
static struct text plain(const struct text *t) {
    struct text out = {.whole = t->whole};
    for (size_t i = 0; i < t->n; i++)
        if (!is_selector(t->c[i])) text_add(&out, t->c[i], t->from[i], t->until[i]);
    return out;
}

static size_t space_in(const struct text *t) {
    size_t i = 0;
    while (i < t->n && !is_space(t->c[i])) i++;
    return i;
}

static struct text without_spaces(const struct text *t) {
    struct text p = plain(t);
    return kana_fold(&p, KANA_SPACING);
}

static int cost_of(const struct text *kanji, const struct text *kana) {
    size_t a = space_in(kanji), b = space_in(kana);
    bool parts = a > 0 && a < kanji->n && b > 0 && b < kana->n;
    struct text k1 = text_part(kanji, 0, parts ? a : kanji->n), r1 = text_part(kana, 0, parts ? b : kana->n);
    struct text k2 = text_part(kanji, a, kanji->n - a), r2 = text_part(kana, b, kana->n - b);
    k1 = without_spaces(&k1), r1 = kana_fold(&r1, FOLDS | KANA_SPACING);
    int cost = cheapest(&k1, &r1);
    if (!parts) return cost;
    k2 = without_spaces(&k2), r2 = kana_fold(&r2, FOLDS | KANA_SPACING);
    return cost + cheapest(&k2, &r2);
}

enum err reading_judge(struct str kanji, struct str kana, struct reading *out, struct diag *d) {
    struct text a, b;
    TRY(text_read(kanji, &a, "A", d));
    TRY(text_read(kana, &b, "B", d));
    if (a.n == 0 || b.n == 0) return *out = (struct reading){0, READING_EMPTY}, ERR_OK;
    int cost = cost_of(&a, &b);
    out->score = cost >= 100 ? 0 : (unsigned)(100 - cost);
    out->how = out->score == 100                ? READING_KNOWN
               : out->score >= 80               ? READING_USUAL
               : out->score >= READING_ACCEPTED ? READING_UNUSUAL
                                                : READING_NOT_FOUND;
    return ERR_OK;
}

const char *reading_how_ja(enum reading_how h) {
    static const char *const ja[] = {"知られた読みです", "ふつうの読みです", "珍しい読みです",
                                     "読みとして確かめられません", "片方または両方が空です"};
    invariant(h < ARRAY_LEN(ja));
    return ja[h];
}

const char *reading_how_en(enum reading_how h) {
    static const char *const en[] = {"a known reading", "a usual reading", "an unusual reading",
                                     "not a reading that is known", "one or both are empty"};
    invariant(h < ARRAY_LEN(en));
    return en[h];
}
