#include "base/json.h"

#include "base/scan.h"
#include "base/utf8.h"

enum { MEMBERS_MAX = 256 };                         /* in one object; keeps the search for duplicate names short */
enum { NUMBER_MAX = 40 };                           /* characters; no field has more digits */
static const uint64_t EXACT_MAX = (1ull << 53) - 1; /* beyond it other programs' numbers are not exact (RFC 8259, 6) */

struct json_node {
    enum json_kind kind;
    unsigned count;        /* of children */
    struct str name, text; /* text: of a string, or of a number as written; "t" for true */
    struct json_node *next, *first, *last;
};

/* One pass, without recursion, over a copy of the text in the arena: strings stay where they stand in it, escapes are replaced in
 * place (what they stand for is never longer). The place of the first fault is where the scan stands. */
struct reader {
    struct arena *arena;
    struct scan s;
    struct json_node *open[JSON_DEPTH_MAX]; /* containers that have begun */
    unsigned depth;
    struct json_node *root;
    struct str name; /* of the member whose value comes next */
    enum err err;
    const char *detail;
};

static const char too_much[] = "the document needs too much memory", too_early[] = "the text ends too early";

static void space(struct scan *s) {
    while (!scan_end(s) && (*s->p == ' ' || *s->p == '\n' || *s->p == '\r' || *s->p == '\t')) s->p++;
}

static bool fail(struct reader *r, enum err e) {
    r->err = e;
    return false;
}

static bool fail_because(struct reader *r, enum err e, const char *detail) {
    r->detail = detail;
    return fail(r, e);
}

/* ---- strings ---- */

static bool hex4(struct scan *s, uint32_t *out) {
    uint32_t v = 0;
    if (scan_left(s) < 4) return false;
    for (int i = 0; i < 4; i++) {
        char h = s->p[i];
        uint32_t d = h >= '0' && h <= '9'                 ? (uint32_t)(h - '0')
                     : (h | 32) >= 'a' && (h | 32) <= 'f' ? (uint32_t)((h | 32) - 'a' + 10)
                                                          : 16;
        if (d == 16) return false;
        v = v << 4 | d;
    }
    s->p += 4;
    *out = v;
    return true;
}

/* After a backslash. A lone half of a surrogate pair and U+0000 are refused: neither is text. */
static bool read_code_point(struct reader *r, struct buf *out) {
    uint32_t u = 0, low = 0;
    if (!hex4(&r->s, &u) || u == 0) return fail(r, ERR_SYNTAX);
    if (u < 0xd800 || u > 0xdfff) return utf8_put(out, u), true;
    bool pair = u < 0xdc00 && scan_byte(&r->s, '\\') && scan_byte(&r->s, 'u') && hex4(&r->s, &low);
    if (!pair || low < 0xdc00 || low > 0xdfff) return fail(r, ERR_UTF8);
    return utf8_put(out, 0x10000 + ((u - 0xd800) << 10 | (low - 0xdc00))), true;
}

static bool read_escape(struct reader *r, struct buf *out) {
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (scan_end(&r->s)) return fail(r, ERR_SYNTAX);
    char e = *r->s.p;
    if (e == 'u') return r->s.p++, read_code_point(r, out);
    const char *at = e ? strchr(from, e) : NULL;
    if (at == NULL) return fail(r, ERR_SYNTAX);
    r->s.p++;
    buf_putc(out, to[at - from]);
    return true;
}

/* Eight bytes at once that are ASCII, not a control character, not a quote and not a backslash. */
static bool plain8(const char *p) {
    uint64_t v, ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    memcpy(&v, p, sizeof v);
    uint64_t quote = v ^ ones * '"', slash = v ^ ones * '\\';
    return !((v | (v - ones * 0x20) | (quote - ones) | (slash - ones)) & highs);
}

/* To the next quote, backslash or fault. */
static bool skip_plain(struct reader *r) {
    struct scan *s = &r->s;
    for (;;) {
        while (scan_left(s) >= 8 && plain8(s->p)) s->p += 8;
        if (scan_end(s)) return fail(r, ERR_SYNTAX);
        unsigned char b = (unsigned char)*s->p;
        if (b == '"' || b == '\\') return true;
        if (b < 0x20) return fail(r, ERR_SYNTAX);
        struct str rest = scan_rest(s);
        if (b < 0x80) s->p++;
        else if (utf8_next(&rest) == UTF8_BAD) return fail(r, ERR_UTF8);
        else s->p = rest.p;
    }
}

static bool read_string(struct reader *r, struct str *out) {
    if (!scan_byte(&r->s, '"')) return fail(r, ERR_SYNTAX);
    const char *from = r->s.p;
    if (!skip_plain(r)) return false;
    *out = str_of(from, (size_t)(r->s.p - from));
    if (scan_byte(&r->s, '"')) return true;
    /* The text is the arena's copy: written over behind the place that is read. */
    struct buf b = buf_over((char *)(uintptr_t)from, (size_t)(r->s.end - from));
    b.n = out->n;
    while (scan_byte(&r->s, '\\')) {
        if (!read_escape(r, &b)) return false;
        from = r->s.p;
        if (!skip_plain(r)) return false;
        memmove(b.p + b.n, from, (size_t)(r->s.p - from));
        b.n += (size_t)(r->s.p - from);
    }
    *out = buf_str(&b);
    return scan_byte(&r->s, '"');
}

/* ---- values ---- */

static bool digits(struct scan *s) {
    const char *from = s->p;
    while (!scan_end(s) && *s->p >= '0' && *s->p <= '9') s->p++;
    return s->p > from;
}

static bool read_number(struct reader *r, struct str *out) {
    struct scan *s = &r->s;
    const char *from = s->p;
    (void)!scan_byte(s, '-');
    if (!scan_byte(s, '0') && !digits(s)) return fail(r, ERR_SYNTAX);
    if (scan_byte(s, '.') && !digits(s)) return fail(r, ERR_SYNTAX);
    if (!scan_end(s) && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        if (!scan_byte(s, '+')) (void)!scan_byte(s, '-');
        if (!digits(s)) return fail(r, ERR_SYNTAX);
    }
    *out = str_of(from, (size_t)(s->p - from));
    return out->n <= NUMBER_MAX ? true : fail(r, ERR_LIMIT);
}

static bool read_word(struct reader *r, struct json_node *n) {
    static const struct {
        struct str word;
        enum json_kind kind;
    } words[] = {{{"true", 4}, JSON_BOOL}, {{"false", 5}, JSON_BOOL}, {{"null", 4}, JSON_NULL}};
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (!str_starts(scan_rest(&r->s), words[i].word)) continue;
        n->kind = words[i].kind, n->text = str_head(words[i].word, i == 0);
        r->s.p += words[i].word.n;
        return true;
    }
    return fail(r, ERR_SYNTAX);
}

static struct json_node *new_node(struct reader *r) {
    struct json_node *n = arena_new(r->arena, sizeof *n), *parent = r->depth ? r->open[r->depth - 1] : NULL;
    if (n == NULL) return fail_because(r, ERR_LIMIT, too_much), NULL;
    n->name = r->name;
    r->name = S("");
    if (parent == NULL) return r->root = n;
    if (parent->last) parent->last->next = n;
    else parent->first = n;
    parent->last = n;
    parent->count++;
    return n;
}

/* The name of a member, unlike those of its object before it. */
static bool read_name(struct reader *r) {
    const struct json_node *object = r->open[r->depth - 1];
    space(&r->s);
    if (!read_string(r, &r->name)) return false;
    for (const struct json_node *m = object->first; m; m = m->next)
        if (str_eq(m->name, r->name)) return fail(r, ERR_DUPLICATE);
    if (object->count == MEMBERS_MAX) return fail_because(r, ERR_LIMIT, "too many members in one object");
    space(&r->s);
    return scan_byte(&r->s, ':') ? true : fail(r, ERR_SYNTAX);
}

/* Steps into a container; *empty says that it was closed at once. */
static bool read_open(struct reader *r, struct json_node *n, bool *empty) {
    n->kind = *r->s.p++ == '{' ? JSON_OBJECT : JSON_ARRAY;
    if (r->depth == JSON_DEPTH_MAX) return fail(r, ERR_DEPTH);
    r->open[r->depth++] = n;
    space(&r->s);
    *empty = scan_byte(&r->s, n->kind == JSON_OBJECT ? '}' : ']');
    if (*empty) r->depth--;
    return *empty || n->kind == JSON_ARRAY || read_name(r);
}

/* After a value: closes what ends here and steps over a comma; *done when the outermost value has ended. */
static bool read_after(struct reader *r, bool *done) {
    for (;;) {
        if ((*done = r->depth == 0)) return true;
        space(&r->s);
        bool object = r->open[r->depth - 1]->kind == JSON_OBJECT;
        if (scan_byte(&r->s, ',')) return !object || read_name(r);
        if (!scan_byte(&r->s, object ? '}' : ']')) return fail(r, ERR_SYNTAX);
        r->depth--;
    }
}

static bool read_value(struct reader *r, bool *empty) {
    struct json_node *n = new_node(r);
    if (n == NULL) return false;
    char b = *r->s.p;
    if (b == '{' || b == '[') return read_open(r, n, empty);
    if (b == '"') return n->kind = JSON_STRING, read_string(r, &n->text);
    if (b == '-' || (b >= '0' && b <= '9')) return n->kind = JSON_NUMBER, read_number(r, &n->text);
    return read_word(r, n);
}

static bool read_document(struct reader *r) {
    for (bool done = false; !done;) {
        bool empty = true;
        space(&r->s);
        if (scan_end(&r->s)) return fail(r, ERR_SYNTAX);
        if (!read_value(r, &empty)) return false;
        if (empty && !read_after(r, &done)) return false;
    }
    space(&r->s);
    return scan_end(&r->s) ? true : fail(r, ERR_SYNTAX);
}

/* With the fault's place in the text; a name that stands twice is named. */
static enum err name_fault(struct diag *d, const struct reader *r, struct str text) {
    size_t offset = scan_offset(&r->s);
    char name[64] = "";
    if (d == NULL) return r->err;
    if (r->err == ERR_DUPLICATE) (void)!str_to_c(str_head(r->name, sizeof name - 1), name, sizeof name);
    (void)!diag_set(d, r->err, name, "%s", r->detail ? r->detail : scan_end(&r->s) ? too_early : "");
    d->line = 1, d->column = 1;
    for (size_t i = 0; i < offset; i++) {
        if (text.p[i] == '\n') d->line++, d->column = 1;
        else if (((unsigned char)text.p[i] & 0xc0) != 0x80) d->column++;
    }
    return r->err;
}

enum err json_read(struct arena *a, struct str text, struct json *out, struct diag *d) {
    struct str copy = arena_copy(a, text);
    if (copy.p == NULL) return diag_set(d, ERR_LIMIT, "", too_much);
    struct reader r = {.arena = a, .s = scan_of(copy), .name = S("")};
    if (!read_document(&r)) return name_fault(d, &r, text);
    out->node = r.root;
    return ERR_OK;
}

/* ---- walking ---- */

enum json_kind json_kind(struct json v) { return v.node ? v.node->kind : JSON_NONE; }

struct json json_get(struct json v, const char *name) {
    struct str wanted = str_c(name);
    for (struct json m = json_kind(v) == JSON_OBJECT ? json_first(v) : (struct json){0}; m.node; m = json_next(m))
        if (str_eq(m.node->name, wanted)) return m;
    return (struct json){0};
}

struct json json_first(struct json v) {
    return (struct json){v.node ? v.node->first : NULL};
}
struct json json_next(struct json v) {
    return (struct json){v.node ? v.node->next : NULL};
}
struct str json_name(struct json v) {
    return v.node ? v.node->name : S("");
}
size_t json_count(struct json v) { return v.node ? v.node->count : 0; }

bool json_str(struct json v, struct str *out) {
    if (json_kind(v) != JSON_STRING) return false;
    *out = v.node->text;
    return true;
}

bool json_uint(struct json v, uint64_t max, uint64_t *out) {
    if (json_kind(v) != JSON_NUMBER) return false;
    struct str s = str_eq(v.node->text, S("-0")) ? S("0") : v.node->text;
    return str_uint(s, max < EXACT_MAX ? max : EXACT_MAX, out);
}

bool json_decimal(struct json v, unsigned places, uint64_t max, uint64_t *out) {
    if (json_kind(v) != JSON_NUMBER) return false;
    struct str fraction = v.node->text, whole = str_cut(&fraction, '.');
    uint64_t n = 0;
    if (str_eq(v.node->text, S("-0"))) whole = S("0");
    if (!str_uint(whole, max, &n)) return false;
    for (size_t i = 0; i < fraction.n; i++)
        if (fraction.p[i] < '0' || fraction.p[i] > '9') return false;
    if (whole.n == v.node->text.n) fraction = S("");
    for (unsigned i = 0; i < places; i++) {
        unsigned digit = i < fraction.n ? (unsigned)(fraction.p[i] - '0') : 0;
        if (n > (EXACT_MAX - digit) / 10) return false;
        n = n * 10 + digit;
    }
    return n <= max ? (*out = n, true) : false;
}

bool json_bool(struct json v, bool *out) {
    if (json_kind(v) != JSON_BOOL) return false;
    *out = v.node->text.n > 0;
    return true;
}
