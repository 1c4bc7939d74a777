#include "base/json.h"
#include "edge/insurer_file/field.h"
#include "edge/insurer_file/insurer_file.h"

#include <stdio.h>

/* Where in a list a fault was: "elderly[1].from". */
static enum err in_list(struct diag *d, const struct field *list, size_t index, const char *name, enum err e) {
    char where[96];
    snprintf(where, sizeof where, "%s[%zu]%s%s", list->name, index, name[0] ? "." : "", name);
    return diag_set(d, e, where, NULL);
}

static enum err set(const struct field *f, struct json v, void *object) {
    struct str s;
    uint64_t n = 0;
    if (field_is_number(f)) return json_uint(v, UINT32_MAX, &n) ? field_set_number(f, n, object) : ERR_VALUE;
    if (!json_str(v, &s)) return ERR_VALUE;
    return s.n ? field_set_text(f, s, object) : ERR_OK;
}

static enum err read_item(const struct field *list, struct json item, size_t index, void *out, struct diag *d) {
    size_t count = 0, size = 0;
    uint64_t seen = 0;
    const struct field *known = list_fields(list->kind, &count, &size);
    if (json_kind(item) != JSON_OBJECT) return in_list(d, list, index, "", ERR_VALUE);
    for (struct json m = json_first(item); !json_none(m); m = json_next(m)) {
        struct str name = json_name(m);
        size_t i = 0;
        while (i < count && !str_eq(str_c(known[i].name), name)) i++;
        if (i == count) return in_list(d, list, index, "?", ERR_UNKNOWN);
        enum err e = set(&known[i], m, out);
        if (e != ERR_OK) return in_list(d, list, index, known[i].name, e);
        struct str s;
        if (!json_str(m, &s) || s.n) seen |= 1ull << i;
    }
    for (size_t i = 0; i < count; i++)
        if (known[i].must && !(seen >> i & 1)) return in_list(d, list, index, known[i].name, ERR_MISSING);
    return ERR_OK;
}

static enum err read_list(const struct field *f, struct json v, struct arena *a, struct insurer_line *line,
                          struct diag *d) {
    size_t fields = 0, size = 0, n = json_count(v);
    if (json_kind(v) != JSON_ARRAY) return diag_set(d, ERR_VALUE, f->name, "リストで書きます / a list is expected");
    if (n > f->limit) return diag_set(d, ERR_LIMIT, f->name, "%1$u 件まで / at most %1$u", f->limit);
    (void)list_fields(f->kind, &fields, &size);
    char *items = arena_new(a, n * size);
    if (items == NULL) return diag_set(d, ERR_MEMORY, f->name, NULL);
    size_t i = 0;
    for (struct json item = json_first(v); !json_none(item); item = json_next(item), i++) {
        list_item_init(f->kind, items + i * size);
        TRY(read_item(f, item, i, items + i * size, d));
    }
    line_set_list(line, f->kind, items, n);
    return ERR_OK;
}

/* Files keep one order of fields, so the search begins behind the last one found. */
static size_t find_field(const struct field *fields, size_t count, size_t from, struct str name) {
    for (size_t step = 0; step < count; step++) {
        size_t i = from + step < count ? from + step : from + step - count;
        if (str_eq(str_c(fields[i].name), name)) return i;
    }
    return count;
}

static enum err read_member(struct json m, size_t *at, uint64_t *seen, struct arena *a, struct insurer_line *line,
                            struct diag *d) {
    size_t count = 0;
    const struct field *fields = line_fields(&count);
    size_t i = find_field(fields, count, *at, json_name(m));
    if (i == count) return unknown_field(d, json_name(m));
    *at = i + 1;
    struct str s;
    bool blank = json_str(m, &s) && s.n == 0;
    if (!blank) *seen |= 1ull << i;
    if (field_is_list(&fields[i])) return read_list(&fields[i], m, a, line, d);
    enum err e = set(&fields[i], m, line);
    return e == ERR_OK ? ERR_OK : diag_set(d, e, fields[i].name, NULL);
}

static enum err read_line(void *context, struct arena *a, struct str text, struct insurer_line *out, struct diag *d) {
    struct json root;
    uint64_t seen = 0;
    size_t at = 0;
    (void)context;
    *out = line_empty();
    if (str_trim(text).n == 0) return diag_set(d, ERR_MISSING, "", "空の行 / an empty line");
    if (text.n > INSURER_LINE_BYTES_MAX)
        return diag_set(d, ERR_LIMIT, "", "一行は %1$d バイトまで / a line has at most %1$d bytes",
                        INSURER_LINE_BYTES_MAX);
    if (str_starts(text, S("\xef\xbb\xbf"))) text = str_skip(text, 3); /* a file's byte-order mark */
    TRY(json_read(a, text, &root, d));
    if (json_kind(root) != JSON_OBJECT)
        return diag_set(d, ERR_SYNTAX, "", "一行は一つの JSON オブジェクトです / an object is expected");
    for (struct json m = json_first(root); !json_none(m); m = json_next(m)) TRY(read_member(m, &at, &seen, a, out, d));
    if (out->op == LINE_INSURER) out->insurer_name = out->period.name;
    return line_check(out, seen, d);
}

struct insurer_file_format insurer_file_ndjson(void) {
    return (struct insurer_file_format){.read = read_line};
}
