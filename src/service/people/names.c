#include "service/people/names.h"

#include "base/utf8.h"

#include <stdlib.h>

struct built_in_name {
    unsigned sex;
    const char *kanji, *kana;
    uint32_t weight[GENERATIONS];
};

#define SURNAME(kanji, kana, weight) {0, kanji, kana, {weight}},
static const struct built_in_name built_in_surnames[] = {
#include "service/people/surnames.def"
};
#undef SURNAME
#define GIVEN(sex, kanji, kana, a, b, c, d, e, f) {sex, kanji, kana, {a, b, c, d, e, f}},
static const struct built_in_name built_in_given[] = {
#include "service/people/given.def"
};
#undef GIVEN
#define COMMUNITY(name, permille, letters, wife_keeps) {permille, letters, wife_keeps},
#define FAMILY_OF(community, written, kana, weight)
#define GIVEN_OF(community, sex, written, kana, weight)
const struct community_info communities[COMMUNITIES] = {
#include "service/people/foreign.def"
};
#undef COMMUNITY
#undef FAMILY_OF
#undef GIVEN_OF

struct foreign_name {
    enum community community;
    unsigned sex; /* 0: a family name */
    const char *written, *kana;
    uint32_t weight;
};
#define COMMUNITY(name, permille, letters, wife_keeps)
#define FAMILY_OF(community, written, kana, weight)     {community, 0, written, kana, weight},
#define GIVEN_OF(community, sex, written, kana, weight) {community, sex, written, kana, weight},
static const struct foreign_name built_in_foreign[] = {
#include "service/people/foreign.def"
};
#undef COMMUNITY
#undef FAMILY_OF
#undef GIVEN_OF

/* JIS X 0201 katakana by U+30A1 + i: the half-width letter, and 1 for a voiced, 2 for a half-voiced mark behind it. */
static uint32_t halfwidth_letter(uint32_t c, unsigned *mark) {
    static const uint8_t letters[] = {
        0x67, 0x71, 0x68, 0x72, 0x69, 0x73, 0x6a, 0x74, 0x6b, 0x75,       /* ァア … ォオ */
        0x76, 0x76, 0x77, 0x77, 0x78, 0x78, 0x79, 0x79, 0x7a, 0x7a,       /* カガ … コゴ */
        0x7b, 0x7b, 0x7c, 0x7c, 0x7d, 0x7d, 0x7e, 0x7e, 0x7f, 0x7f,       /* サザ … ソゾ */
        0x80, 0x80, 0x81, 0x81, 0x6f, 0x82, 0x82, 0x83, 0x83, 0x84, 0x84, /* タダ … ッ … トド */
        0x85, 0x86, 0x87, 0x88, 0x89,                                     /* ナ … ノ */
        0x8a, 0x8a, 0x8a, 0x8b, 0x8b, 0x8b, 0x8c, 0x8c, 0x8c, 0x8d, 0x8d, 0x8d, 0x8e, 0x8e, 0x8e, /* ハバパ … ホボポ */
        0x8f, 0x90, 0x91, 0x92, 0x93,                                                             /* マ … モ */
        0x6c, 0x94, 0x6d, 0x95, 0x6e, 0x96,                   /* ャヤ … ョヨ */
        0x97, 0x98, 0x99, 0x9a, 0x9b,                         /* ラ … ロ */
        0x9c, 0x9c, 0x72, 0x74, 0x66, 0x9d, 0x73, 0x76, 0x79, /* ヮワヰヱヲンヴヵヶ */
    };
    *mark = 0;
    if (c < 0x30a1 || c > 0x30f6) return 0;
    unsigned i = c - 0x30a1;
    if ((i >= 10 && i <= 33 && i % 2 == 1) || i == 36 || i == 38 || i == 40 || c == 0x30f4) *mark = 1;
    if (i == 34) *mark = 0;
    if (i >= 46 && i <= 60) *mark = (i - 46) % 3;
    return 0xff00u + letters[i];
}

void kana_halfwidth(struct str s, struct buf *out) {
    uint32_t c;
    unsigned mark;
    while ((c = utf8_next(&s)) != UTF8_BAD) {
        if (c >= 0x3041 && c <= 0x3096) c += 0x60; /* hiragana */
        uint32_t letter = c == 0x30fc ? 0xff70 : c == 0x3000 ? ' ' : halfwidth_letter(c, &mark);
        if (c == 0x30fc || c == 0x3000) mark = 0;
        utf8_put(out, letter ? letter : c);
        if (letter && mark) utf8_put(out, mark == 1 ? 0xff9e : 0xff9f);
    }
}

enum err table_text_check(struct str s) {
    if (s.n == 0) return ERR_MISSING;
    if (!utf8_valid(s)) return ERR_UTF8;
    if (utf8_length(s) > TABLE_TEXT_MAX) return ERR_LIMIT;
    for (uint32_t c; (c = utf8_next(&s)) != UTF8_BAD;)
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == '"' || c == '\\' || c == ',') return ERR_VALUE;
    return ERR_OK;
}

enum err name_table_add(struct name_table *t, const struct name *row, uint64_t weight) {
    if (weight == 0) return ERR_OK;
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 256;
        void *rows = realloc(t->rows, cap * sizeof *t->rows);
        if (rows) t->rows = rows;
        void *upto = rows ? realloc(t->upto, cap * sizeof *t->upto) : NULL;
        if (upto == NULL) return ERR_MEMORY;
        t->upto = upto, t->cap = cap;
    }
    t->rows[t->n] = row;
    t->upto[t->n] = (t->n ? t->upto[t->n - 1] : 0) + weight;
    t->n++;
    return ERR_OK;
}

void name_table_fini(struct name_table *t) {
    free(t->rows);
    free(t->upto);
    *t = (struct name_table){0};
}

const struct name *name_pick(const struct name_table *t, struct chance *c) {
    uint64_t total = t->upto[t->n - 1];
    uint64_t at = chance_next(c) % total;
    size_t low = 0, high = t->n - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (t->upto[middle] > at) high = middle;
        else low = middle + 1;
    }
    return t->rows[low];
}

unsigned generation_of(struct day birth) {
    static const int from[GENERATIONS] = {-1000000, -9131, -3653,
                                          1826,     7305,  12784}; /* 1 January 1945, 1960, 1975, 1990, 2005 */
    unsigned g = GENERATIONS - 1;
    while (g > 0 && birth.n < from[g]) g--;
    return g;
}

static enum err new_name(struct arena *a, struct str kanji, struct str kana, struct name **out) {
    enum err e = table_text_check(kanji);
    if (e == ERR_OK) e = table_text_check(kana);
    if (e != ERR_OK) return e;
    char room[TABLE_TEXT_MAX * 8];
    struct buf half = {room, 0, sizeof room, sizeof room, false};
    kana_halfwidth(kana, &half);
    struct name *n = arena_new(a, sizeof *n);
    if (n == NULL) return ERR_MEMORY;
    *n = (struct name){arena_copy(a, kanji), arena_copy(a, buf_str(&half)), {NULL, 0}};
    if (n->kanji.p == NULL || n->kana.p == NULL) return ERR_MEMORY;
    *out = n;
    return ERR_OK;
}

static enum err add_surname(struct names *n, struct str kanji, struct str kana, uint64_t weight) {
    struct name *row;
    TRY(new_name(&n->arena, kanji, kana, &row));
    return name_table_add(&n->surnames, row, weight);
}

static enum err add_given(struct names *n, unsigned sex, struct str kanji, struct str kana,
                          const uint32_t weight[GENERATIONS]) {
    struct name *row;
    TRY(new_name(&n->arena, kanji, kana, &row));
    for (unsigned g = 0; g < GENERATIONS; g++) TRY(name_table_add(&n->given[sex - 1][g], row, weight[g]));
    return ERR_OK;
}

static enum err fill_built_in(struct names *n, bool surnames, bool given) {
    for (size_t i = 0; surnames && i < ARRAY_LEN(built_in_surnames); i++) {
        const struct built_in_name *b = &built_in_surnames[i];
        TRY(add_surname(n, str_c(b->kanji), str_c(b->kana), b->weight[0]));
    }
    for (size_t i = 0; given && i < ARRAY_LEN(built_in_given); i++) {
        const struct built_in_name *b = &built_in_given[i];
        TRY(add_given(n, b->sex, str_c(b->kanji), str_c(b->kana), b->weight));
    }
    return ERR_OK;
}

/* Capital letters in full width; those with marks stay. */
static enum err add_wide(struct arena *a, struct name *n) {
    char room[TABLE_TEXT_MAX * 8];
    struct buf wide = {room, 0, sizeof room, sizeof room, false};
    for (size_t i = 0; i < n->kanji.n; i++) {
        char c = n->kanji.p[i];
        if (c == ' ') buf_puts(&wide, "　");
        else if (c >= 'A' && c <= 'Z') utf8_put(&wide, (uint32_t)(c - 'A') + 0xff21);
        else buf_putc(&wide, c);
    }
    n->wide = arena_copy(a, buf_str(&wide));
    return n->wide.p ? ERR_OK : ERR_MEMORY;
}

static enum err fill_foreign(struct names *n) {
    for (size_t i = 0; i < ARRAY_LEN(built_in_foreign); i++) {
        const struct foreign_name *f = &built_in_foreign[i];
        struct name_table *t = f->sex ? &n->given_of[f->community][f->sex - 1] : &n->families_of[f->community];
        struct name *row;
        TRY(new_name(&n->arena, str_c(f->written), str_c(f->kana), &row));
        if (communities[f->community].letters == LATIN) TRY(add_wide(&n->arena, row));
        TRY(name_table_add(t, row, f->weight));
    }
    return ERR_OK;
}

enum err table_parse(struct str text, const char *where, table_row_fn *row, void *context, struct diag *d) {
    if (str_starts(text, S("\xef\xbb\xbf"))) text = str_skip(text, 3); /* a byte-order mark */
    for (unsigned line = 1; text.n; line++) {
        struct str at = str_cut(&text, '\n'), fields[TABLE_FIELDS_MAX];
        size_t count = 0;
        if (line > TABLE_ROWS_MAX) return diag_set(d, ERR_LIMIT, where, "more than %d lines", TABLE_ROWS_MAX);
        if (at.n && at.p[at.n - 1] == '\r') at.n--;
        if (at.n == 0 || at.p[0] == '#') continue;
        while (count < TABLE_FIELDS_MAX && at.n) fields[count++] = str_cut(&at, '\t');
        enum err e = at.n ? ERR_LIMIT : row(context, fields, count);
        if (e == ERR_OK) continue;
        e = diag_set(d, e, where, "mado help people describes the columns");
        if (d) d->line = line;
        return e;
    }
    return ERR_OK;
}

static enum err surname_row(void *context, const struct str *f, size_t count) {
    uint64_t weight;
    if (count != 3) return ERR_MISSING;
    if (!str_uint(f[2], TABLE_WEIGHT_MAX, &weight)) return ERR_VALUE;
    return add_surname(context, f[0], f[1], weight);
}

static enum err given_row(void *context, const struct str *f, size_t count) {
    uint64_t sex, number;
    uint32_t weight[GENERATIONS];
    if (count != 3 + GENERATIONS) return ERR_MISSING;
    if (!str_uint(f[0], 2, &sex) || sex == 0) return ERR_VALUE;
    for (unsigned g = 0; g < GENERATIONS; g++) {
        if (!str_uint(f[3 + g], TABLE_WEIGHT_MAX, &number)) return ERR_VALUE;
        weight[g] = (uint32_t)number;
    }
    return add_given(context, (unsigned)sex, f[1], f[2], weight);
}

static enum err names_complete(const struct names *n, struct diag *d) {
    bool complete = n->surnames.n > 0;
    for (unsigned s = 0; s < 2; s++)
        for (unsigned g = 0; g < GENERATIONS; g++) complete = complete && n->given[s][g].n > 0;
    return complete ? ERR_OK : diag_set(d, ERR_MISSING, "names", "every sex and every generation needs a name");
}

enum err names_add_surnames(struct names *n, struct str text, const char *where, struct diag *d) {
    return table_parse(text, where, surname_row, n, d);
}

enum err names_add_given(struct names *n, struct str text, const char *where, struct diag *d) {
    return table_parse(text, where, given_row, n, d);
}

typedef enum err names_add_fn(struct names *n, struct str text, const char *where, struct diag *d);
static enum err add_file(struct names *n, struct world *w, const char *path, names_add_fn *add, struct diag *d) {
    struct buf text;
    buf_init(&text, TABLE_FILE_MAX);
    enum err e = world_read_file(w, path, &text, d);
    if (e == ERR_OK) e = add(n, buf_str(&text), path, d);
    buf_fini(&text);
    return e;
}

enum err names_init(struct names *n, struct world *w, const char *surnames, const char *given, struct diag *d) {
    *n = (struct names){0};
    arena_init(&n->arena, 4u * TABLE_FILE_MAX);
    enum err e = fill_built_in(n, surnames == NULL, given == NULL);
    if (e == ERR_OK) e = fill_foreign(n);
    if (e != ERR_OK) e = diag_set(d, e, "names", "built in");
    if (e == ERR_OK && surnames) e = add_file(n, w, surnames, names_add_surnames, d);
    if (e == ERR_OK && given) e = add_file(n, w, given, names_add_given, d);
    if (e == ERR_OK) e = names_complete(n, d);
    if (e != ERR_OK) names_fini(n);
    return e;
}

void names_fini(struct names *n) {
    name_table_fini(&n->surnames);
    for (unsigned c = 0; c < COMMUNITIES; c++) {
        name_table_fini(&n->families_of[c]);
        for (unsigned s = 0; s < 2; s++) name_table_fini(&n->given_of[c][s]);
    }
    for (unsigned s = 0; s < 2; s++) {
        for (unsigned g = 0; g < GENERATIONS; g++) name_table_fini(&n->given[s][g]);
    }
    arena_fini(&n->arena);
}
