#include "rules/identity/address.h"

#include "rules/identity/comparison.h"
#include "rules/identity/official.h"
#include "rules/identity/town.h"

#define PREFECTURE(name) name,
#define MUNICIPALITY(name)
#define DESIGNATED(name)
static const char *const prefectures[] = {
#include "rules/identity/municipality.def"
};
#undef PREFECTURE
#undef MUNICIPALITY
#define PREFECTURE(name)
#define MUNICIPALITY(name) name,
static const char *const municipalities[] = {
#include "rules/identity/municipality.def"
};
#undef MUNICIPALITY
#undef DESIGNATED
#define MUNICIPALITY(name)
#define DESIGNATED(name) name,
static const char *const designated[] = {
#include "rules/identity/municipality.def"
};

enum { CITY_MAX = 12, WARD_MAX = 4, SHI = 0x5e02, KU = 0x533a, GUN = 0x90e1, MACHI = 0x753a, MURA = 0x6751 };
enum { CHO = 0x4e01, BAN = 0x756a, GO = 0x53f7, ME = 0x76ee, CHI = 0x5730 };

static struct str from(const struct text *t, size_t i) {
    return i < t->n ? str_skip(t->whole, t->from[i]) : (struct str){0};
}

/* How many characters of the text at i are one of the names (the longest); 0 for none. */
static size_t one_of(const struct text *t, size_t i, const char *const *names, size_t count) {
    size_t longest = 0;
    for (size_t k = 0; k < count; k++) {
        struct str name = str_c(names[k]);
        if (str_starts(from(t, i), name) && name.n > longest) longest = name.n;
    }
    return longest / 3; /* every character of these tables has three bytes */
}

static size_t find_within(const struct text *t, size_t i, size_t max, uint32_t c) {
    for (size_t k = i + 1; k < t->n && k <= i + max; k++)
        if (t->c[k] == c) return k;
    return t->n;
}

/* The first of two that stands within reach. */
static size_t first_of(const struct text *t, size_t i, uint32_t c1, uint32_t c2) {
    size_t a = find_within(t, i, CITY_MAX, c1), b = find_within(t, i, CITY_MAX, c2);
    return a < b ? a : b;
}

/* Where the municipality that begins at i ends; i when there is none. */
static size_t city_end(const struct text *t, size_t i) {
    size_t listed = one_of(t, i, municipalities, ARRAY_LEN(municipalities));
    if (listed) return i + listed;
    size_t shi = find_within(t, i, CITY_MAX, SHI), ku = find_within(t, i, CITY_MAX, KU);
    size_t gun = find_within(t, i, CITY_MAX, GUN), first = shi < ku ? shi : ku;
    if (gun < first) {
        size_t inner = one_of(t, gun + 1, municipalities, ARRAY_LEN(municipalities));
        if (inner) return gun + 1 + inner;
        size_t town = first_of(t, gun + 1, MACHI, MURA);
        if (town < t->n) return town + 1;
    }
    size_t town = first_of(t, i, MACHI, MURA);
    if (town < first) return town + 1;
    if (first == t->n) return i;
    size_t ward = first == shi && one_of(t, i, designated, ARRAY_LEN(designated)) == shi + 1 - i
                      ? find_within(t, shi + 1, WARD_MAX, KU)
                      : t->n;
    return ward < t->n ? ward + 1 : first + 1;
}

/* ---- the block ---- */

static int digit(uint32_t c) {
    if (c >= '0' && c <= '9') return (int)(c - '0');
    if (c >= 0xff10 && c <= 0xff19) return (int)(c - 0xff10);
    return -1;
}

static int kanji_digit(uint32_t c) {
    static const uint32_t digits[] = {0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d, 0x4e03, 0x516b, 0x4e5d};
    for (int k = 0; k < 10; k++)
        if (c == digits[k]) return k;
    return -1;
}
static bool is_kanji_number(uint32_t c) { return kanji_digit(c) >= 0 || c == 0x5341 || c == 0x767e || c == 0x5343; }

static bool is_dash(uint32_t c) {
    static const uint32_t dashes[] = {'-',    0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015,
                                      0x2212, 0x2500, 0x30fc, 0xfe63, 0xff0d, 0xff70};
    for (size_t i = 0; i < ARRAY_LEN(dashes); i++)
        if (c == dashes[i]) return true;
    return false;
}

static uint32_t at(const struct text *t, size_t i) { return i < t->n ? t->c[i] : 0; }

/* A number at i in digits of any kind, of at most six: how many characters it takes; 0 for none. */
static size_t number_at(const struct text *t, size_t i, uint32_t *out) {
    size_t n = 0;
    uint32_t v = 0, part = 0;
    while (digit(at(t, i + n)) >= 0 && n < 6) v = v * 10 + (uint32_t)digit(at(t, i + n++));
    if (n) return *out = v, digit(at(t, i + n)) < 0 ? n : 0;
    for (; is_kanji_number(at(t, i + n)) && n < 6; n++) {
        uint32_t c = at(t, i + n), unit = c == 0x5341 ? 10 : c == 0x767e ? 100 : c == 0x5343 ? 1000 : 0;
        if (unit) v += (part ? part : 1) * unit, part = 0;
        else part = part * 10 + (uint32_t)kanji_digit(c);
    }
    return *out = v + part, n;
}

static bool number_follows(const struct text *t, size_t i) {
    uint32_t v;
    return number_at(t, i, &v) > 0;
}

/* 丁目, 番地の, 番地, 番, 号, の and dashes between numbers: how many characters; 0 when it is none. *more: a number must follow. */
static size_t separator_at(const struct text *t, size_t i, bool *more) {
    uint32_t c = at(t, i), next = at(t, i + 1);
    *more = false;
    if (c == CHO && next == ME) return 2;
    if (c == BAN && next == CHI)
        return 2 + ((at(t, i + 2) == 0x306e || at(t, i + 2) == 0x30ce || is_dash(at(t, i + 2))) &&
                    number_follows(t, i + 3));
    if (c == BAN && next != MACHI && next != CHO) return 1 + (is_dash(next) && number_follows(t, i + 2));
    if (c == GO && next != 0x5ba4 && next != 0x68df) return 1; /* not 号室, 号棟 */
    *more = true;
    bool joins = is_dash(c) || c == 0x306e || c == 0x30ce || c == 0x4e4b;
    return joins && number_follows(t, i + 1) ? 1 : 0;
}

/* Whether the block begins here: digits not followed by 条, 線, 地割 … (they are of the town), or kanji numbers with a separator. */
static bool block_begins(const struct text *t, size_t i) {
    uint32_t v, previous = i ? t->c[i - 1] : 0;
    size_t n = number_at(t, i, &v);
    bool more;
    bool figures = digit(at(t, i)) >= 0;
    /* Not in the middle of a number; behind a town that ends in a kanji number (金田一) figures are one of their own. */
    if (n == 0 || (figures ? digit(previous) >= 0 : is_kanji_number(previous))) return false;
    if (separator_at(t, i + n, &more)) return true;
    uint32_t next = at(t, i + n);
    static const uint32_t of_town[] = {0x6761, 0x7dda, CHI, KU,     0x7d44, MACHI,
                                       0x8ed2, CHO,    BAN, 0x53f7, 0x6bb5, 0x53f0};
    for (size_t k = 0; k < ARRAY_LEN(of_town); k++)
        if (next == of_town[k]) return false;
    return figures;
}

static size_t read_block(const struct text *t, size_t i, struct address *out) {
    struct buf b = buf_over(out->block_room, sizeof out->block_room);
    bool more = true;
    while (i < t->n) {
        uint32_t v;
        size_t gap = b.n && !more && is_space(t->c[i]), n = number_at(t, i + gap, &v), sep;
        if (n == 0 || b.n > ADDRESS_BLOCK_MAX - 8) break;
        bool last_more;
        sep = separator_at(t, i + gap + n, &last_more);
        if (gap && sep == 0) break; /* a room behind a space: "3号 101" */
        if (sep == 0 && at(t, i + n) == GO) break;
        if (b.n) buf_putc(&b, '-');
        buf_uint(&b, v);
        i += gap + n + sep, more = last_more;
        if (sep == 0) break;
    }
    out->block_n = b.n;
    return i;
}

static struct str trim(const struct text *t, size_t i, size_t end) {
    while (i < end && is_space(t->c[i])) i++;
    while (end > i && is_space(t->c[end - 1])) end--;
    return text_original(t, i, end - i);
}

static size_t skip_postcode(const struct text *t, struct address *out) {
    size_t i = 0, digits = 0, start;
    while (i < t->n && (is_space(t->c[i]) || t->c[i] == 0x3012)) i++;
    for (start = i; i < t->n && digits < 7; i++) {
        if (digit(t->c[i]) >= 0) digits++;
        else if (!(digits == 3 && is_dash(t->c[i]))) break;
    }
    if (digits != 7) return start;
    out->postcode = text_original(t, start, i - start);
    while (i < t->n && is_space(t->c[i])) i++;
    return i;
}

static size_t skip_spaces(const struct text *t, size_t i) {
    while (i < t->n && is_space(t->c[i])) i++;
    return i;
}

/* The municipality by the list, or by its shape; *first, *end: its towns in the list. */
static size_t listed_city_end(const struct official *o, const struct text *t, size_t i, struct str prefecture,
                              size_t *first, size_t *end) {
    size_t bytes = official_city(o, prefecture, from(t, i), first, end), k = i;
    if (bytes == 0) return city_end(t, i);
    while (k < t->n && t->from[k] < t->from[i] + bytes) k++;
    return k;
}

/* Where the longest town of the list that begins at i ends; i without one. */
static size_t listed_town_end(const struct official *o, const struct text *t, size_t i, size_t first, size_t end) {
    size_t longest = 0;
    for (size_t k = first; k < end; k++) {
        size_t n = town_at(o, t, i, o->towns[k].town);
        if (n > longest) longest = n;
    }
    return i + longest;
}

enum err address_parse(const struct official *official, struct str s, struct address *out, const char *where,
                       struct diag *d) {
    struct text t;
    *out = (struct address){0};
    TRY(text_read(s, &t, where, d));
    size_t i = skip_postcode(&t, out), n = one_of(&t, i, prefectures, ARRAY_LEN(prefectures));
    out->prefecture = text_original(&t, i, n);
    i = skip_spaces(&t, i + n);
    size_t first = 0, end = 0, city = listed_city_end(official, &t, i, out->prefecture, &first, &end);
    if (city == i) return out->unread = trim(&t, i, t.n), ERR_OK;
    out->city = text_original(&t, i, city - i);
    size_t town = i = skip_spaces(&t, city);
    if (first < end) i = listed_town_end(official, &t, i, first, end);
    while (i < t.n && !block_begins(&t, i) && t.c[i] != '(' && t.c[i] != 0xff08 && !is_space(t.c[i])) i++;
    out->town = trim(&t, town, i);
    size_t spaces = skip_spaces(&t, i);
    if (spaces < t.n && block_begins(&t, spaces)) i = read_block(&t, spaces, out);
    out->rest = trim(&t, i, t.n);
    return ERR_OK;
}

uint8_t address_prefecture(struct str name) {
    for (size_t i = 0; i < ARRAY_LEN(prefectures); i++)
        if (str_eq(name, str_c(prefectures[i]))) return (uint8_t)(i + 1);
    return 0;
}

static void put_fields(struct buf *b, const struct address *a, const char *form, bool json) {
    const struct {
        const char *name;
        struct str value;
    } fields[] = {{"prefecture", a->prefecture}, {"city", a->city}, {"town", a->town},
                  {"block", address_block(a)},   {"rest", a->rest}, {"unread", a->unread}};
    for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
        if (i) buf_puts(b, form);
        if (json) buf_printf(b, "\"%s\":", fields[i].name), buf_json(b, fields[i].value);
        else buf_put(b, fields[i].value);
    }
}

void address_put_json(struct buf *b, const struct address *a) {
    buf_putc(b, '{');
    put_fields(b, a, ",", true);
    if (a->postcode.n) buf_puts(b, ",\"postcode\":"), buf_json(b, a->postcode);
    buf_puts(b, "}\n");
}

void address_put_text(struct buf *b, const struct address *a) {
    put_fields(b, a, " | ", false);
    buf_putc(b, '\n');
}
