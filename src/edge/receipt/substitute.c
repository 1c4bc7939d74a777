#include "edge/receipt/substitute.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <utf8proc.h>

#define SUBSTITUTE(to, from) {{to, sizeof(to) - 1}, {from, sizeof(from) - 1}},
static const struct {
    struct str to, from;
} groups[] = {
#include "edge/receipt/substitutes.def"
};
#undef SUBSTITUTE

static const struct str geta = {"〓", 3};

/* ---- the tables ---- */

static int by_from(const void *a, const void *b) {
    uint32_t x = ((const struct substitute_row *)a)->from, y = ((const struct substitute_row *)b)->from;
    return x < y ? -1 : x > y;
}

static enum err load_own(struct substitutes *s, struct diag *d) {
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(groups); i++) n += utf8_length(groups[i].from);
    s->own = calloc(n, sizeof *s->own);
    if (s->own == NULL) return diag_set(d, ERR_MEMORY, "substitutes", NULL);
    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        struct str from = groups[i].from;
        while (from.n) s->own[s->own_count++] = (struct substitute_row){utf8_next(&from), groups[i].to};
    }
    qsort(s->own, s->own_count, sizeof *s->own, by_from);
    return ERR_OK;
}

static bool hex_character(struct str s, uint32_t *out) {
    uint32_t v = 0;
    if (!str_starts(s, S("U+")) || s.n < 6 || s.n > 8) return false;
    for (size_t i = 2; i < s.n; i++) {
        char c = s.p[i];
        if (c >= '0' && c <= '9') v = v << 4 | (uint32_t)(c - '0');
        else if ((c | 32) >= 'a' && (c | 32) <= 'f') v = v << 4 | (uint32_t)((c | 32) - 'a' + 10);
        else return false;
    }
    *out = v;
    return v && v <= 0x10ffff && !(v >= 0xd800 && v <= 0xdfff);
}

static bool one_character(struct str s, uint32_t *out) {
    if (hex_character(s, out)) return true;
    *out = utf8_next(&s);
    return *out != UTF8_BAD && s.n == 0;
}

static bool all_held(const struct substitutes *s, struct str text) {
    struct buf out;
    buf_init(&out, text.n + 1);
    bool held = cp932_encode(&s->cp932, text, &out) == text.n;
    buf_fini(&out);
    return held;
}

/* `to` as text: what was written, or the character that U+… names (appended to `made`, which never moves: see load_user). */
static bool read_target(struct str field, struct buf *made, struct str *to) {
    uint32_t c = 0;
    *to = field;
    if (!hex_character(field, &c)) return field.n > 0;
    size_t at = made->n;
    utf8_put(made, c);
    *to = str_of(made->p + at, made->n - at);
    return buf_ok(made);
}

static enum err read_row(struct substitutes *s, struct str line, unsigned place, struct diag *d) {
    struct str rest = line, from = str_cut(&rest, '\t'), field = str_cut(&rest, '\t');
    struct substitute_row row = {0};
    bool good = one_character(str_trim(from), &row.from) && read_target(str_trim(field), &s->user_text, &row.to);
    if (!good) {
        enum err e = diag_set(d, ERR_SYNTAX, "substitutes", "a line is: character, tab, its nearest form");
        if (d) d->line = place;
        return e;
    }
    if (s->user_count == SUBSTITUTES_ROWS_MAX) return diag_set(d, ERR_LIMIT, "substitutes", NULL);
    if (all_held(s, row.to)) s->user[s->user_count++] = row;
    return ERR_OK;
}

/* Sorted, and of rows with one `from` the first of the file alone (a stable insertion order by position in the text). */
static int by_from_then_place(const void *a, const void *b) {
    int c = by_from(a, b);
    const char *x = ((const struct substitute_row *)a)->to.p, *y = ((const struct substitute_row *)b)->to.p;
    return c ? c : x < y ? -1 : x > y;
}

static void keep_first_rows(struct substitutes *s) {
    size_t n = 0;
    qsort(s->user, s->user_count, sizeof *s->user, by_from_then_place);
    for (size_t i = 0; i < s->user_count; i++)
        if (n == 0 || s->user[n - 1].from != s->user[i].from) s->user[n++] = s->user[i];
    s->user_count = n;
}

static enum err read_rows(struct substitutes *s, struct str text, struct diag *d) {
    for (unsigned place = 1; text.n; place++) {
        struct str line = str_cut(&text, '\n');
        if (str_ends(line, S("\r"))) line.n--;
        if (line.n && line.p[0] != '#') TRY(read_row(s, line, place, d));
    }
    keep_first_rows(s);
    return ERR_OK;
}

/* Rows point into the file's text; U+… targets are put behind it, into room that is there beforehand. */
static enum err load_user(struct substitutes *s, struct world *w, const char *path, struct diag *d) {
    TRY(world_read_file(w, path, &s->user_text, d));
    struct str text = buf_str(&s->user_text);
    if (!utf8_valid(text)) return diag_set(d, ERR_UTF8, "substitutes", NULL);
    if (str_starts(text, S("\xef\xbb\xbf"))) text = str_skip(text, 3);
    size_t at = (size_t)(text.p - s->user_text.p), n = text.n;
    s->user = calloc(SUBSTITUTES_ROWS_MAX, sizeof *s->user);
    if (s->user == NULL || buf_room(&s->user_text, n) == NULL) return diag_set(d, ERR_MEMORY, "substitutes", NULL);
    return read_rows(s, str_of(s->user_text.p + at, n), d);
}

enum err substitutes_open(struct substitutes *s, struct world *w, const char *map_path, struct diag *d) {
    *s = (struct substitutes){0};
    TRY(cp932_open(&s->cp932, d));
    buf_init(&s->user_text, 2 * (size_t)SUBSTITUTES_FILE_MAX);
    enum err e = load_own(s, d);
    if (e == ERR_OK && map_path) e = load_user(s, w, map_path, d);
    if (e != ERR_OK) substitutes_close(s);
    return e;
}

void substitutes_close(struct substitutes *s) {
    free(s->own), free(s->user);
    buf_fini(&s->user_text);
    cp932_close(&s->cp932);
    *s = (struct substitutes){.cp932 = s->cp932};
}

/* ---- one character ---- */

static bool find(const struct substitute_row *rows, size_t n, uint32_t c, struct str *to) {
    struct substitute_row key = {.from = c};
    const struct substitute_row *row = n ? bsearch(&key, rows, n, sizeof *rows, by_from) : NULL;
    if (row) *to = row->to;
    return row != NULL;
}

/* Variation selectors, joiners, direction marks, a soft hyphen, a byte-order mark within text: nothing to see. */
static bool invisible(uint32_t c) {
    return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef) || (c >= 0x180b && c <= 0x180e) ||
           c == 0xfeff || c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x2064);
}

static void put_utf8(char *to, size_t *n, uint32_t c) {
    utf8proc_ssize_t k = utf8proc_encode_char((utf8proc_int32_t)c, (utf8proc_uint8_t *)to + *n);
    *n += k > 0 ? (size_t)k : 0;
}

/* Decomposed, when CP932 holds all of it and it is not a question mark, which would look like a failed conversion. */
static bool decomposed(const struct substitutes *s, uint32_t c, utf8proc_option_t how, struct buf *out) {
    utf8proc_uint8_t *text = NULL;
    char one[8];
    size_t n = 0;
    put_utf8(one, &n, c);
    utf8proc_ssize_t m = utf8proc_map((const utf8proc_uint8_t *)one, (utf8proc_ssize_t)n, &text, how);
    struct str to = str_of(text, m > 0 ? (size_t)m : 0);
    bool good = to.n && !str_eq(to, str_of(one, n)) && str_find(to, S("?")) == to.n && all_held(s, to);
    if (good) buf_put(out, to);
    free(text);
    return good;
}

static void put_nearest(const struct substitutes *s, uint32_t c, struct buf *out) {
    struct str to;
    if (find(s->user, s->user_count, c, &to)) return buf_put(out, to);
    if (invisible(c)) return;
    if (find(s->own, s->own_count, c, &to)) return buf_put(out, to);
    if (decomposed(s, c, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE, out)) return;
    if (decomposed(s, c, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT, out)) return;
    if (decomposed(s, c, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_STRIPMARK, out)) return;
    buf_put(out, geta);
}

/* The character and the mark behind it as one that CP932 holds: が written as か and U+3099. */
static bool composed(const struct substitutes *s, uint32_t c, uint32_t mark, struct buf *out) {
    utf8proc_uint8_t *text = NULL;
    char two[16];
    size_t n = 0;
    put_utf8(two, &n, c), put_utf8(two, &n, mark);
    utf8proc_ssize_t m =
        utf8proc_map((const utf8proc_uint8_t *)two, (utf8proc_ssize_t)n, &text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    bool good = m > 0 && utf8_length(str_of(text, (size_t)m)) == 1 && all_held(s, str_of(text, (size_t)m));
    if (good) buf_put(out, str_of(text, (size_t)m));
    free(text);
    return good;
}

static bool combining(uint32_t c) {
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME;
}

static void put_note(struct buf *note, uint32_t c, struct str to) {
    buf_printf(note, "U+%04X→", (unsigned)c);
    buf_put(note, to.n ? to : S("-"));
    buf_putc(note, ' ');
}

static size_t one(const struct substitutes *s, struct str *text, struct buf *out, struct buf *note) {
    uint32_t c = utf8_next(text);
    struct str ahead = *text;
    uint32_t next = utf8_next(&ahead);
    if (next != UTF8_BAD && combining(next) && !invisible(next) && composed(s, c, next, out)) return *text = ahead, 0;
    if (cp932_holds(&s->cp932, c)) return utf8_put(out, c), 0;
    size_t at = out->n;
    if (combining(c) && !invisible(c)) buf_cut(out, at); /* a mark left over: the letter before it stands alone */
    else put_nearest(s, c, out);
    put_note(note, c, out->n > at ? str_of(out->p + at, out->n - at) : S(""));
    return 1;
}

size_t substitute_text(const struct substitutes *s, struct str text, struct buf *out, struct buf *note) {
    size_t n = 0;
    if (all_held(s, text)) return buf_put(out, text), 0;
    while (text.n) n += one(s, &text, out, note);
    return n;
}

bool substitute_encode(const struct substitutes *s, struct str utf8, struct buf *out) {
    return cp932_encode(&s->cp932, utf8, out) == utf8.n && buf_ok(out);
}
