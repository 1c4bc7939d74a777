#include "base/zip.h"

#include <stdlib.h>
#include <zip.h>

enum { ENTRIES_MAX = 16 }; /* the field's results hold one */

static enum err take_written(zip_source_t *source, struct buf *out, struct diag *d) {
    zip_stat_t size;
    if (zip_source_stat(source, &size) != 0 || zip_source_open(source) != 0)
        return diag_set(d, ERR_MEMORY, "zip", NULL);
    char *room = buf_room(out, size.size);
    zip_int64_t n = room ? zip_source_read(source, room, size.size) : -1;
    zip_source_close(source);
    if (room == NULL || n < 0 || (zip_uint64_t)n != size.size) return diag_set(d, ERR_LIMIT, "zip", NULL);
    out->n += size.size;
    return ERR_OK;
}

static bool add_one(zip_t *z, const char *name, struct str bytes) {
    zip_source_t *file = zip_source_buffer(z, bytes.p, bytes.n, 0);
    if (file == NULL) return false;
    if (zip_file_add(z, name, file, ZIP_FL_ENC_UTF_8) >= 0) return true;
    zip_source_free(file);
    return false;
}

enum err zip_write_one(const char *name, struct str bytes, struct buf *out, struct diag *d) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *archive = zip_source_buffer_create(NULL, 0, 0, &error);
    if (archive == NULL) return diag_set(d, ERR_MEMORY, "zip", NULL);
    zip_source_keep(archive); /* outlives zip_close(), to be read */
    zip_t *z = zip_open_from_source(archive, ZIP_TRUNCATE, &error);
    if (z == NULL) {
        zip_source_free(archive), zip_source_free(archive);
        return diag_set(d, ERR_MEMORY, "zip", NULL);
    }
    bool good = add_one(z, name, bytes) && zip_close(z) == 0;
    if (!good) zip_discard(z);
    enum err e = good ? take_written(archive, out, d) : diag_set(d, ERR_MEMORY, "zip", NULL);
    zip_source_free(archive);
    return e;
}

static enum err read_entry(zip_t *z, zip_int64_t index, struct buf *out, struct diag *d) {
    zip_file_t *f = zip_fopen_index(z, (zip_uint64_t)index, 0);
    if (f == NULL) return diag_set(d, ERR_SYNTAX, "zip", "the file in it cannot be opened");
    enum err e = ERR_OK;
    for (;;) {
        char chunk[16384];
        zip_int64_t n = zip_fread(f, chunk, sizeof chunk);
        if (n < 0) e = diag_set(d, ERR_SYNTAX, "zip", "the file in it is damaged");
        if (n <= 0) break;
        buf_put(out, str_of(chunk, (size_t)n));
        if (!buf_ok(out)) {
            e = diag_set(d, ERR_LIMIT, "zip", "the file in it is too large");
            break;
        }
    }
    zip_fclose(f);
    return e;
}

static enum err find_and_read(zip_t *z, struct str prefix, struct buf *out, struct diag *d) {
    zip_int64_t n = zip_get_num_entries(z, 0);
    if (n > ENTRIES_MAX) return diag_set(d, ERR_LIMIT, "zip", "too many files in it");
    for (zip_int64_t i = 0; i < n; i++) {
        const char *name = zip_get_name(z, (zip_uint64_t)i, 0);
        if (name && str_starts(str_c(name), prefix)) return read_entry(z, i, out, d);
    }
    return diag_set(d, ERR_NOT_FOUND, "zip", "no file in it has the expected name");
}

enum err zip_read_one(struct str archive, struct str prefix, struct buf *out, struct diag *d) {
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(archive.p, archive.n, 0, &error);
    if (source == NULL) return diag_set(d, ERR_MEMORY, "zip", NULL);
    zip_t *z = zip_open_from_source(source, ZIP_RDONLY, &error);
    if (z == NULL) {
        zip_source_free(source);
        return diag_set(d, ERR_SYNTAX, "zip", "not a ZIP archive");
    }
    enum err e = find_and_read(z, prefix, out, d);
    zip_discard(z);
    return e;
}
