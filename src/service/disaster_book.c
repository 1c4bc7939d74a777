#include "service/disaster_book.h"

#include "base/json.h"
#include "base/utf8.h"

#include <limits.h>
#include <stdio.h>

/* ---- writing ---- */

static void put_day(struct buf *b, const char *name, struct day d) {
    if (!day_is(d)) return;
    buf_printf(b, ",\"%s\":\"", name), day_put_iso(b, d), buf_putc(b, '"');
}

static void put_place(struct buf *b, const struct disaster_place *p) {
    buf_putc(b, '"');
    if (p->institution.n) institution_code_put(b, p->institution);
    else buf_uint_pad(b, p->prefecture, 2);
    if (p->institution.n == 0 && p->municipality) buf_putc(b, '-'), buf_uint_pad(b, p->municipality, 2);
    buf_putc(b, '"');
}

void disaster_book_put(struct buf *b, const struct disaster_book *book) {
    for (size_t i = 0; i < book->count; i++) {
        const struct disaster *d = &book->list[i];
        buf_printf(b, "{\"id\":%u", d->id);
        put_day(b, "from", d->from), put_day(b, "until", d->until), put_day(b, "closed", d->closed);
        buf_puts(b, ",\"places\":[");
        for (size_t k = 0; k < d->place_count; k++) {
            if (k) buf_putc(b, ',');
            put_place(b, &d->places[k]);
        }
        buf_puts(b, "],\"reason\":"), buf_json(b, d->reason), buf_puts(b, "}\n");
    }
}

/* ---- reading ---- */

static bool read_day(struct json o, const char *name, struct day *out) {
    struct str s;
    return json_str(json_get(o, name), &s) && day_parse(s, out);
}

/* "17", "17-05" or ten digits. */
static bool read_place(struct str s, struct disaster_place *out) {
    uint64_t n = 0;
    *out = (struct disaster_place){0};
    if (s.n == 10) return institution_code_parse(s, &out->institution) == ERR_OK;
    struct str prefecture = str_cut(&s, '-');
    if (prefecture.n != 2 || !str_uint(prefecture, 47, &n) || n == 0) return false;
    out->prefecture = (unsigned)n;
    if (s.n == 0) return true;
    if (s.n != 2 || !str_uint(s, 99, &n) || n == 0) return false;
    out->municipality = (unsigned)n;
    return true;
}

static bool read_places(struct json list, struct disaster *d) {
    struct str s;
    if (json_kind(list) != JSON_ARRAY) return false;
    for (struct json i = json_first(list); !json_none(i); i = json_next(i))
        if (d->place_count == DISASTER_PLACES_MAX || !json_str(i, &s) || !read_place(s, &d->places[d->place_count++]))
            return false;
    return d->place_count > 0;
}

static bool read_line(struct arena *a, struct str line, struct disaster *d) {
    struct json o;
    uint64_t id = 0;
    *d = (struct disaster){.closed = DAY_NONE};
    if (json_read(a, line, &o, NULL) != ERR_OK || !json_uint(json_get(o, "id"), UINT32_MAX, &id) || id == 0)
        return false;
    d->id = (uint32_t)id;
    if (!read_day(o, "from", &d->from) || !read_day(o, "until", &d->until) || day_before(d->until, d->from) ||
        d->until.n - d->from.n >= DISASTER_DAYS_MAX)
        return false;
    if (!json_none(json_get(o, "closed")) && !read_day(o, "closed", &d->closed)) return false;
    return json_str(json_get(o, "reason"), &d->reason) && utf8_length(d->reason) <= DISASTER_REASON_MAX &&
           read_places(json_get(o, "places"), d);
}

enum err disaster_book_parse(struct arena *a, struct str text, struct disaster_book *out, struct diag *d) {
    unsigned line = 0;
    out->count = 0;
    while (text.n) {
        struct str one = str_cut(&text, '\n');
        line++;
        if (out->count < DISASTERS_MAX && read_line(a, one, &out->list[out->count]) &&
            (out->count == 0 || out->list[out->count - 1].id < out->list[out->count].id)) {
            out->count++;
            continue;
        }
        if (d) d->line = line;
        enum err e = diag_set(d, ERR_CORRUPT, "disaster/openings.ndjson", "not an opening");
        if (d) d->line = line;
        return e;
    }
    return ERR_OK;
}

static enum err path_of(char out[PATH_MAX], const char *store, const char *file, struct diag *d) {
    int n = snprintf(out, PATH_MAX, "%s/disaster%s", store, file);
    return n > 0 && n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
}

enum err disaster_book_read(struct world *w, const char *store, struct arena *a, struct disaster_book *out,
                            struct diag *d) {
    char path[PATH_MAX];
    struct buf b;
    out->count = 0;
    TRY(path_of(path, store, "/openings.ndjson", d));
    buf_init(&b, DISASTER_BOOK_MAX);
    enum err e = world_read_file(w, path, &b, d);
    struct str text = e == ERR_OK ? arena_copy(a, buf_str(&b)) : S("");
    if (e == ERR_OK) e = text.p ? disaster_book_parse(a, text, out, d) : diag_set(d, ERR_MEMORY, "disaster", NULL);
    buf_fini(&b);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err disaster_book_write(struct world *w, const char *store, const struct disaster_book *book, struct diag *d) {
    char path[PATH_MAX];
    struct buf b;
    TRY(path_of(path, store, "", d));
    TRY(world_make_folder(path, d));
    TRY(path_of(path, store, "/openings.ndjson", d));
    buf_init(&b, DISASTER_BOOK_MAX);
    disaster_book_put(&b, book);
    enum err e =
        buf_ok(&b) ? world_replace_file(w, path, buf_str(&b), 0600, d) : diag_set(d, ERR_LIMIT, "disaster", NULL);
    buf_fini(&b);
    return e;
}
