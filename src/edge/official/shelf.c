#include "edge/official/shelf.h"

#include "base/json.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>

enum { CURRENT_MAX = 64 << 10 };

static enum err path_of(const char *folder, const char *name, char out[PATH_MAX], struct diag *d) {
    int n = snprintf(out, PATH_MAX, "%s/official%s%s", folder, *name ? "/" : "", name);
    return n < PATH_MAX ? ERR_OK : diag_set(d, ERR_LIMIT, "path", NULL);
}

static enum err file_of(const char *folder, enum official_list list, const char *version, char out[PATH_MAX],
                        struct diag *d) {
    char name[80];
    snprintf(name, sizeof name, "%s-%s.tsv", official_list_info(list)->code, version);
    return path_of(folder, name, out, d);
}

static void version_of(struct str kept, char out[SHELF_VERSION + 1]) {
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)kept.p, kept.n);
    for (size_t i = 0; i < SHELF_VERSION / 2; i++) snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

/* ---- current.json ---- */

static bool read_entry(struct json o, struct shelf *s) {
    struct str code, version;
    uint64_t rows;
    if (!json_str(json_get(o, "list"), &code) || !json_str(json_get(o, "version"), &version) ||
        !json_uint(json_get(o, "rows"), OFFICIAL_ROWS_MAX, &rows) || version.n != SHELF_VERSION)
        return false;
    for (size_t i = 0; i < version.n; i++)
        if (!strchr("0123456789abcdef", version.p[i]) || version.p[i] == 0) return false;
    for (size_t l = 0; l < OFFICIAL_LISTS; l++) {
        if (!str_eq(code, str_c(official_list_info((enum official_list)l)->code))) continue;
        s->of[l] = (struct shelf_entry){.there = true, .rows = rows};
        memcpy(s->of[l].version, version.p, SHELF_VERSION);
        return true;
    }
    return true; /* a list of a later version of this program */
}

static enum err read_current(struct shelf *s, struct str text, struct diag *d) {
    struct arena a;
    struct json o;
    arena_init(&a, 1 << 20);
    bool good = json_read(&a, text, &o, d) == ERR_OK && json_kind(json_get(o, "lists")) == JSON_ARRAY;
    struct json first = good ? json_first(json_get(o, "lists")) : (struct json){NULL};
    for (struct json e = first; good && !json_none(e); e = json_next(e)) good = read_entry(e, s);
    arena_fini(&a);
    return good ? ERR_OK : diag_set(d, ERR_CORRUPT, "official/current.json", NULL);
}

enum err shelf_read(struct shelf *s, struct world *w, const char *folder, struct diag *d) {
    char path[PATH_MAX];
    struct buf text;
    *s = (struct shelf){0};
    TRY(path_of(folder, "current.json", path, d));
    buf_init(&text, CURRENT_MAX);
    enum err e = world_read_file(w, path, &text, d);
    if (e == ERR_OK) e = read_current(s, buf_str(&text), d);
    buf_fini(&text);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

static enum err write_current(const struct shelf *s, struct world *w, const char *folder, struct diag *d) {
    char path[PATH_MAX];
    struct buf b;
    const char *between = "";
    TRY(path_of(folder, "current.json", path, d));
    buf_init(&b, CURRENT_MAX);
    buf_puts(&b, "{\"lists\":[");
    for (size_t l = 0; l < OFFICIAL_LISTS; l++) {
        if (!s->of[l].there) continue;
        buf_printf(&b, "%s{\"list\":\"%s\",\"version\":\"%s\",\"rows\":%llu}", between,
                   official_list_info((enum official_list)l)->code, s->of[l].version,
                   (unsigned long long)s->of[l].rows);
        between = ",";
    }
    buf_puts(&b, "]}\n");
    enum err e = world_replace_file(w, path, buf_str(&b), 0600, d);
    buf_fini(&b);
    return e;
}

enum err shelf_put(struct shelf *s, struct world *w, const char *folder, enum official_list list, struct str kept,
                   size_t rows, struct diag *d) {
    char path[PATH_MAX];
    struct shelf_entry e = {.there = true, .rows = rows};
    version_of(kept, e.version);
    TRY(path_of(folder, "", path, d));
    TRY(world_make_folder(path, d));
    TRY(file_of(folder, list, e.version, path, d));
    TRY(world_replace_file(w, path, kept, 0600, d));
    s->of[list] = e;
    return write_current(s, w, folder, d);
}

static enum err load_one(struct world *w, const char *path, const char *version, struct official_book *b,
                         struct diag *d) {
    struct buf kept;
    char found[SHELF_VERSION + 1];
    buf_init(&kept, SHELF_FILE_MAX);
    enum err e = world_read_file(w, path, &kept, d);
    if (e == ERR_OK) version_of(buf_str(&kept), found);
    if (e == ERR_OK && strcmp(found, version) != 0) e = diag_set(d, ERR_CORRUPT, path, NULL);
    if (e == ERR_OK) e = official_lines_load(buf_str(&kept), b, d);
    buf_fini(&kept);
    return e == ERR_NOT_FOUND ? diag_set(d, ERR_CORRUPT, path, NULL) : e;
}

enum err shelf_load(struct world *w, const char *folder, struct official_book *b, struct diag *d) {
    struct shelf s;
    size_t found = 0;
    TRY(shelf_read(&s, w, folder, d));
    for (size_t l = 0; l < OFFICIAL_LISTS; l++) {
        char path[PATH_MAX];
        if (!s.of[l].there) continue;
        TRY(file_of(folder, (enum official_list)l, s.of[l].version, path, d));
        TRY(load_one(w, path, s.of[l].version, b, d));
        found++;
    }
    if (found == 0) return diag_set(d, ERR_NOT_FOUND, "official", "mado data import FILE --store DIR");
    return official_book_seal(b, d);
}
