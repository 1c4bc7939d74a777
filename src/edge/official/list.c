#include "edge/official/list.h"

#include "base/cp932.h"
#include "base/utf8.h"
#include "base/zip.h"
#include "rules/identity/text.h"

static const struct official_list_info infos[] = {
#define OFFICIAL_LIST(name, code, ja, en, licence) {code, ja, en, licence},
#include "edge/official/list.def"
#undef OFFICIAL_LIST
};

const struct official_list_info *official_list_info(enum official_list l) {
    invariant(l < OFFICIAL_LISTS);
    return &infos[l];
}

enum { FIELDS_MAX = 16, KEN_ALL_FIELDS = 15, POST = 2, PREFECTURE = 6, CITY = 7, TOWN = 8 };

/* A line's fields, quotes taken off; they hold neither quotes nor line ends in these files. */
struct row {
    struct str of[FIELDS_MAX];
    size_t n;
};

static bool split(struct str line, char at, struct row *out) {
    bool more = true;
    for (out->n = 0; more; out->n++) {
        more = str_find(line, str_of(&at, 1)) < line.n;
        struct str f = str_cut(&line, at);
        if (out->n == FIELDS_MAX) return false;
        if (f.n >= 2 && f.p[0] == '"' && f.p[f.n - 1] == '"') f = str_of(f.p + 1, f.n - 2);
        if (str_find(f, S("\"")) < f.n) return false;
        out->of[out->n] = f;
    }
    return true;
}

static struct str next_line(struct str *rest) {
    struct str line = str_cut(rest, '\n');
    if (line.n && line.p[line.n - 1] == '\r') line.n--;
    return line;
}

static enum err wrong(struct diag *d, enum err e, unsigned line, const char *where) {
    enum err set = diag_set(d, e, where, NULL);
    if (d) d->line = line;
    return set;
}

/* ---- shrink maps ---- */

enum { BASIS_JIS = 1, BASIS_REGISTER = 8, BASES = 31 };

/* One character. */
static bool read_character(struct str s, uint32_t *out) {
    *out = utf8_next(&s);
    return *out != UTF8_BAD && s.n == 0;
}

static void put_pair(struct buf *out, uint32_t a, uint32_t b, enum kanji_grade grade, size_t *rows) {
    if (a == b || !is_kanji(a) || !is_kanji(b)) return;
    buf_printf(out, "K\t%x\t%x\t%d\n", a, b, (int)grade);
    ++*rows;
}

/* source target basis_bits rank hop: family-register notices and JIS's own unification say that registers treat them as one; foreigners' cards (2), dictionaries and shapes do not. */
static enum err read_mj(const struct row *r, struct buf *out, size_t *rows) {
    uint32_t a, b;
    uint64_t basis;
    if (r->n < 3 || !read_character(r->of[0], &a) || !read_character(r->of[1], &b)) return ERR_SYNTAX;
    if (!str_uint(r->of[2], BASES, &basis) || basis == 0) return ERR_CODE;
    put_pair(out, a, b, basis & (BASIS_JIS | BASIS_REGISTER) ? KANJI_REGISTER : KANJI_DICTIONARY, rows);
    return ERR_OK;
}

/* source target class: what a form may be filled in with; several characters for one are no variant. */
static enum err read_nta(const struct row *r, struct buf *out, size_t *rows) {
    uint32_t a, b;
    if (r->n != 3 || !read_character(r->of[0], &a) || r->of[1].n == 0) return ERR_SYNTAX;
    if (read_character(r->of[1], &b)) put_pair(out, a, b, KANJI_DICTIONARY, rows);
    return ERR_OK;
}

static enum err read_tsv(struct str text, bool mj, struct buf *out, size_t *rows, struct diag *d) {
    unsigned number = 1;
    (void)next_line(&text); /* the header, by which it is known */
    while (text.n) {
        struct row r;
        struct str line = next_line(&text);
        number++;
        if (line.n == 0) continue;
        enum err e = !split(line, '\t', &r) ? ERR_SYNTAX : mj ? read_mj(&r, out, rows) : read_nta(&r, out, rows);
        if (e != ERR_OK) return wrong(d, e, number, mj ? "source target basis_bits" : "source target jis_class");
    }
    return ERR_OK;
}

/* ---- post codes ---- */

/* A town's name as it is used: without what stands in brackets; empty for rows that name none, or several. */
static struct str plain_town(struct str s) {
    s = str_head(s, str_find(s, S("（")));
    static const char *const none[] = {"以下に掲載がない場合", "の次に", "一円", "、", "～", "〜", "地割", "「"};
    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        if (str_find(s, str_c(none[i])) < s.n) return S("");
    return s;
}

static bool opens(struct str town) { return str_find(town, S("（")) < town.n && str_find(town, S("）")) == town.n; }
static bool closes(struct str town) { return str_find(town, S("）")) < town.n; }

static enum err read_ken_all(struct str text, struct buf *out, size_t *rows, struct diag *d) {
    unsigned number = 0;
    bool open = false; /* the town's brackets go on in this row */
    while (text.n) {
        struct row r;
        uint64_t post;
        struct str line = next_line(&text);
        number++;
        if (line.n == 0) continue;
        if (!split(line, ',', &r) || r.n != KEN_ALL_FIELDS) return wrong(d, ERR_SYNTAX, number, "15 fields");
        if (r.of[POST].n != 7 || !str_uint(r.of[POST], 9999999, &post)) return wrong(d, ERR_VALUE, number, "post code");
        if (r.of[PREFECTURE].n == 0 || r.of[CITY].n == 0) return wrong(d, ERR_MISSING, number, "municipality");
        for (size_t i = PREFECTURE; i <= TOWN; i++)
            if (str_find(r.of[i], S("\t")) < r.of[i].n) return wrong(d, ERR_SYNTAX, number, "tab");
        if (open) {
            open = !closes(r.of[TOWN]);
            continue;
        }
        open = opens(r.of[TOWN]);
        struct str town = plain_town(r.of[TOWN]);
        buf_puts(out, "T\t"), buf_put(out, r.of[POST]), buf_putc(out, '\t');
        buf_put(out, r.of[PREFECTURE]), buf_putc(out, '\t'), buf_put(out, r.of[CITY]), buf_putc(out, '\t');
        buf_put(out, town), buf_putc(out, '\n');
        ++*rows;
    }
    return ERR_OK;
}

/* ---- which it is ---- */

static bool is_ken_all(struct str text) {
    struct row r;
    uint64_t code;
    struct str line = next_line(&text);
    return split(line, ',', &r) && r.n == KEN_ALL_FIELDS && r.of[0].n == 5 && str_uint(r.of[0], 99999, &code) &&
           r.of[POST].n == 7;
}

static enum err read_text(struct str text, enum official_list *list, struct buf *out, size_t *rows, struct diag *d) {
    if (str_starts(text, S("\xef\xbb\xbf"))) text = str_skip(text, 3);
    if (str_starts(text, S("source\ttarget\tbasis_bits"))) *list = OFFICIAL_MJ;
    else if (str_starts(text, S("source\ttarget\tjis_class"))) *list = OFFICIAL_NTA;
    else if (is_ken_all(text)) *list = OFFICIAL_KEN_ALL;
    else return diag_set(d, ERR_NOT_SUPPORTED, "file", "知っている表ではありません / none of the lists that are known");
    *rows = 0;
    if (*list == OFFICIAL_KEN_ALL) TRY(read_ken_all(text, out, rows, d));
    else TRY(read_tsv(text, *list == OFFICIAL_MJ, out, rows, d));
    if (!buf_ok(out)) return diag_set(d, ERR_LIMIT, "file", NULL);
    return *rows ? ERR_OK : diag_set(d, ERR_MISSING, "rows", NULL);
}

static enum err read_sjis(struct str bytes, enum official_list *list, struct buf *out, size_t *rows, struct diag *d) {
    struct cp932 c;
    struct buf text;
    TRY(cp932_open(&c, d));
    buf_init(&text, OFFICIAL_FILE_MAX * 2);
    enum err e = cp932_decode(&c, bytes, &text, d);
    if (e == ERR_OK) e = read_text(buf_str(&text), list, out, rows, d);
    buf_fini(&text);
    cp932_close(&c);
    return e;
}

static enum err read_bytes(struct str bytes, enum official_list *list, struct buf *out, size_t *rows, struct diag *d) {
    return utf8_valid(bytes) ? read_text(bytes, list, out, rows, d) : read_sjis(bytes, list, out, rows, d);
}

enum err official_list_read(struct str file, enum official_list *list, struct buf *out, size_t *rows, struct diag *d) {
    struct buf inside;
    if (file.n > OFFICIAL_FILE_MAX) return diag_set(d, ERR_LIMIT, "file", "%d bytes at most", OFFICIAL_FILE_MAX);
    if (!str_starts(file, S("PK\x03\x04"))) return read_bytes(file, list, out, rows, d);
    buf_init(&inside, OFFICIAL_FILE_MAX);
    enum err e = zip_read_one(file, S(""), &inside, d);
    if (e == ERR_OK) e = read_bytes(buf_str(&inside), list, out, rows, d);
    buf_fini(&inside);
    return e;
}

/* ---- what is kept ---- */

static bool read_hex(struct str s, uint32_t *out) {
    *out = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        int v = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (v < 0 || i == 6) return false;
        *out = *out << 4 | (uint32_t)v;
    }
    return s.n > 0 && is_kanji(*out);
}

static enum err load_line(const struct row *r, struct official_book *b, struct diag *d) {
    uint32_t one, other;
    uint64_t number;
    if (r->n == 4 && str_eq(r->of[0], S("K"))) {
        bool good = read_hex(r->of[1], &one) && read_hex(r->of[2], &other) &&
                    str_uint(r->of[3], KANJI_DICTIONARY, &number) && number >= KANJI_REGISTER;
        return good ? official_book_pair(b, one, other, (enum kanji_grade)number, d) : ERR_CORRUPT;
    }
    if (r->n != 5 || !str_eq(r->of[0], S("T")) || !str_uint(r->of[1], 9999999, &number)) return ERR_CORRUPT;
    const struct official_town t = {r->of[2], r->of[3], r->of[4], (uint32_t)number};
    for (size_t i = 2; i < 5; i++)
        if (!utf8_valid(r->of[i])) return ERR_CORRUPT;
    return t.prefecture.n && t.city.n ? official_book_town(b, &t, d) : ERR_CORRUPT;
}

enum err official_lines_load(struct str kept, struct official_book *b, struct diag *d) {
    for (unsigned number = 1; kept.n; number++) {
        struct row r;
        struct str line = str_cut(&kept, '\n');
        enum err e = split(line, '\t', &r) ? load_line(&r, b, d) : ERR_CORRUPT;
        if (e == ERR_CORRUPT) return wrong(d, e, number, "official list");
        if (e != ERR_OK) return e;
    }
    return ERR_OK;
}
