#include "base/cp932.h"
#include "base/utf8.h"
#include "edge/insurer_file/field.h"
#include "edge/insurer_file/insurer_file.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    COLUMNS_MAX = 64,
    NUMBER_MAX = 99999999,
    DECODERS_MAX = 16 /* as many threads as read a file; beyond it a line brings its own */
};

struct column {
    const struct field *field; /* of the line, or of the list's item */
    const struct field *list;  /* NULL for a field of the line */
    char name[64];
};

struct csv_header {
    struct column columns[COLUMNS_MAX];
    size_t count;
    bool cp932;
    pthread_mutex_t mutex; /* one thread at a time may use a decoder */
    struct cp932 decoders[DECODERS_MAX];
    size_t decoder_count; /* lying idle */
};

/* ---- CP932 ---- */

static enum err take_decoder(struct csv_header *h, struct cp932 *out, struct diag *d) {
    pthread_mutex_lock(&h->mutex);
    bool idle = h->decoder_count > 0;
    if (idle) *out = h->decoders[--h->decoder_count];
    pthread_mutex_unlock(&h->mutex);
    return idle ? ERR_OK : cp932_open(out, d);
}

static void give_decoder(struct csv_header *h, struct cp932 *c) {
    pthread_mutex_lock(&h->mutex);
    bool kept = h->decoder_count < DECODERS_MAX;
    if (kept) h->decoders[h->decoder_count++] = *c;
    pthread_mutex_unlock(&h->mutex);
    if (!kept) cp932_close(c);
}

/* The column in which the byte at `at` stands; commas and quotes are no trail bytes. */
static const char *column_at(const struct csv_header *h, struct str text, size_t at) {
    size_t column = 0;
    bool quoted = false;
    for (size_t i = 0; i < at && i < text.n; i++) {
        if (text.p[i] == '"') quoted = !quoted;
        else if (text.p[i] == ',' && !quoted) column++;
    }
    return column < h->count ? h->columns[column].name : "";
}

/* The line in UTF-8, in memory of its own: values are unquoted in it and borrowed from it. */
static enum err decode(struct csv_header *h, struct arena *a, struct str text, struct str *out, struct diag *d) {
    struct cp932 c;
    struct diag bad = {0};
    if (!h->cp932) {
        size_t good = utf8_valid_length(text);
        if (good < text.n) return diag_set(d, ERR_UTF8, column_at(h, text, good), NULL);
        *out = arena_copy(a, text);
        return out->p ? ERR_OK : diag_set(d, ERR_MEMORY, "", NULL);
    }
    TRY(take_decoder(h, &c, d));
    enum { GROWTH = 3 }; /* half-width kana */
    struct buf b = buf_over(arena_new(a, text.n * GROWTH + 1), text.n * GROWTH + 1);
    if (!buf_ok(&b)) {
        give_decoder(h, &c);
        return diag_set(d, ERR_MEMORY, "", NULL);
    }
    enum err e = cp932_decode(&c, text, &b, &bad);
    give_decoder(h, &c);
    *out = buf_str(&b);
    if (e == ERR_OK) return ERR_OK;
    return diag_set(d, e, e == ERR_CP932 && bad.column ? column_at(h, text, bad.column - 1) : "", NULL);
}

/* ---- cutting a line (RFC 4180; a record is one line) ---- */

/* The next value, unquoted in place (the line is the reader's own copy); *more says that a comma follows. */
static enum err cut_value(struct str *rest, struct str *out, bool *more) {
    if (!str_starts(*rest, S("\""))) {
        size_t n = str_find(*rest, S(","));
        *more = n < rest->n;
        *out = str_head(*rest, n);
        *rest = str_skip(*rest, n + 1);
        return memchr(out->p ? out->p : "", '"', out->n) ? ERR_SYNTAX : ERR_OK;
    }
    char *p = (char *)(uintptr_t)rest->p;
    size_t n = 0, i = 1;
    for (;; i++) {
        if (i >= rest->n) return ERR_SYNTAX; /* the quote is not closed */
        if (rest->p[i] != '"') p[n++] = rest->p[i];
        else if (i + 1 < rest->n && rest->p[i + 1] == '"') p[n++] = '"', i++;
        else break;
    }
    *out = str_of(p, n);
    *rest = str_skip(*rest, i + 1);
    *more = str_starts(*rest, S(","));
    if (!*more && rest->n) return ERR_SYNTAX;
    *rest = str_skip(*rest, 1);
    return ERR_OK;
}

/* ---- the header ---- */

static bool find_column(struct str name, struct column *out) {
    static const struct {
        const char *prefix, *list;
    } lists[] = {{"elderly_", "elderly"}, {"limit_", "limit"}, {"disease_", "diseases"}};
    size_t count = 0, nested = 0, size = 0;
    const struct field *fields = line_fields(&count);
    for (size_t i = 0; i < count; i++) {
        if (!field_is_list(&fields[i]) && str_eq(str_c(fields[i].name), name)) return out->field = &fields[i], true;
        for (size_t l = 0; l < ARRAY_LEN(lists); l++) {
            if (strcmp(fields[i].name, lists[l].list) != 0 || !str_starts(name, str_c(lists[l].prefix))) continue;
            const struct field *items = list_fields(fields[i].kind, &nested, &size);
            for (size_t n = 0; n < nested; n++)
                if (str_eq(str_c(items[n].name), str_skip(name, strlen(lists[l].prefix))))
                    return out->field = &items[n], out->list = &fields[i], true;
        }
    }
    return false;
}

static enum err add_column(struct csv_header *h, struct str name, struct diag *d) {
    if (h->count == COLUMNS_MAX) return diag_set(d, ERR_LIMIT, "header", "at most %d columns", COLUMNS_MAX);
    struct column *c = &h->columns[h->count];
    if (!find_column(name, c)) return unknown_field(d, name);
    for (size_t i = 0; i < h->count; i++)
        if (h->columns[i].field == c->field) return diag_set(d, ERR_DUPLICATE, c->field->name, NULL);
    snprintf(c->name, sizeof c->name, "%.*s", (int)name.n, name.p);
    h->count++;
    return ERR_OK;
}

enum err csv_header_new(struct csv_header **out, struct str header_line, bool cp932, struct diag *d) {
    struct arena a;
    struct csv_header *h = calloc(1, sizeof *h);
    if (h == NULL) return diag_set(d, ERR_MEMORY, "header", NULL);
    h->cp932 = cp932;
    pthread_mutex_init(&h->mutex, NULL);
    if (str_starts(header_line, S("\xef\xbb\xbf"))) header_line = str_skip(header_line, 3);
    arena_init(&a, 2 * INSURER_LINE_BYTES_MAX);
    header_line = arena_copy(&a, header_line);
    enum err e = header_line.p ? ERR_OK : diag_set(d, ERR_MEMORY, "header", NULL);
    for (bool more = true; e == ERR_OK && more;) {
        struct str name;
        e = cut_value(&header_line, &name, &more);
        e = e == ERR_OK ? add_column(h, str_trim(name), d) : diag_set(d, e, "header", NULL);
    }
    arena_fini(&a);
    if (e == ERR_OK) *out = h;
    else csv_header_free(h);
    return e;
}

void csv_header_free(struct csv_header *h) {
    while (h->decoder_count) cp932_close(&h->decoders[--h->decoder_count]);
    pthread_mutex_destroy(&h->mutex);
    free(h);
}

/* ---- lines ---- */

struct single_items { /* one certificate of each list */
    struct elderly_certificate *elderly;
    struct limit_certificate *limit;
    struct disease_certificate *disease;
};

static void **item_of(struct single_items *s, enum field_kind list) {
    return list == FIELD_ELDERLY  ? (void **)&s->elderly
           : list == FIELD_LIMITS ? (void **)&s->limit
                                  : (void **)&s->disease;
}

static enum err set(const struct field *f, struct str value, void *object) {
    uint64_t n = 0;
    if (!field_is_number(f)) return field_set_text(f, value, object);
    return str_uint(value, NUMBER_MAX, &n) ? field_set_number(f, n, object) : ERR_VALUE;
}

static enum err set_in_list(const struct column *c, struct str value, struct single_items *items, uint64_t *seen,
                            struct arena *a) {
    size_t count = 0, size = 0;
    const struct field *known = list_fields(c->list->kind, &count, &size);
    void **item = item_of(items, c->list->kind);
    if (*item == NULL) {
        if ((*item = arena_new(a, size)) == NULL) return ERR_MEMORY;
        list_item_init(c->list->kind, *item);
    }
    seen[c->list->kind - FIELD_ELDERLY] |= 1ull << (c->field - known);
    return set(c->field, value, *item);
}

static const char *column_name(enum field_kind list, const char *field, char out[64]) {
    static const char *const prefixes[] = {"elderly_", "limit_", "disease_"};
    snprintf(out, 64, "%s%s", prefixes[list - FIELD_ELDERLY], field);
    return out;
}

static enum err finish_lists(const struct single_items *items, const uint64_t *seen, struct insurer_line *line,
                             struct diag *d) {
    for (enum field_kind list = FIELD_ELDERLY; list <= FIELD_DISEASES; list++) {
        size_t count = 0, size = 0;
        char name[64];
        const struct field *known = list_fields(list, &count, &size);
        void *item = *item_of((struct single_items *)(uintptr_t)items, list);
        if (item == NULL) continue;
        for (size_t i = 0; i < count; i++)
            if (known[i].must && !(seen[list - FIELD_ELDERLY] >> i & 1))
                return diag_set(d, ERR_MISSING, column_name(list, known[i].name, name), "証の項目 / of a certificate");
        line_set_list(line, list, item, 1);
    }
    return ERR_OK;
}

static enum err read_line(void *context, struct arena *a, struct str text, struct insurer_line *out, struct diag *d) {
    struct csv_header *h = context;
    size_t count = 0, column = 0;
    uint64_t seen = 0, seen_in[FIELD_TICKETS - FIELD_ELDERLY] = {0};
    struct single_items items = {0};
    const struct field *fields = line_fields(&count);
    *out = line_empty();
    if (str_trim(text).n == 0) return diag_set(d, ERR_MISSING, "", "空の行 / an empty line");
    if (text.n > INSURER_LINE_BYTES_MAX)
        return diag_set(d, ERR_LIMIT, "", "一行は %1$d バイトまで / a line has at most %1$d bytes",
                        INSURER_LINE_BYTES_MAX);
    struct str rest;
    TRY(decode(h, a, text, &rest, d));
    for (bool more = true; more; column++) {
        struct str value;
        enum err e = cut_value(&rest, &value, &more);
        if (e != ERR_OK) return diag_set(d, e, column < h->count ? h->columns[column].name : "", NULL);
        if (column >= h->count)
            return diag_set(d, ERR_SYNTAX, "", "見出しより値が多い / more values than the header has columns");
        const struct column *c = &h->columns[column];
        if (value.n == 0) continue;
        if (c->list == NULL) seen |= 1ull << (c->field - fields);
        e = c->list ? set_in_list(c, value, &items, seen_in, a) : set(c->field, value, out);
        if (e != ERR_OK) return diag_set(d, e, c->name, NULL);
    }
    if (column < h->count)
        return diag_set(d, ERR_SYNTAX, "", "見出しより値が少ない / fewer values than the header has columns");
    TRY(finish_lists(&items, seen_in, out, d));
    if (out->op == LINE_INSURER) out->insurer_name = out->period.name;
    return line_check(out, seen, d);
}

struct insurer_file_format insurer_file_csv(struct csv_header *h) {
    return (struct insurer_file_format){.context = h, .header = true, .read = read_line};
}
