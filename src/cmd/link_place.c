#include "cmd/link_place.h"

#include "base/buf.h"
#include "base/json.h"

#include <errno.h>
#include <sys/stat.h>

enum { PLACE_MAX = 4096 };

static uint64_t mix(uint64_t h, const void *bytes, size_t n) {
    const unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) h = (h ^ p[i]) * 0x100000001b3u;
    return h;
}

enum err link_place_inputs(const char *const *paths, size_t count, uint64_t *out, struct diag *d) {
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < count; i++) {
        struct stat st;
        if (stat(paths[i], &st) != 0)
            return errno == ENOENT ? diag_set(d, ERR_NOT_FOUND, paths[i], NULL) : diag_errno(d, paths[i]);
        uint64_t facts[] = {(uint64_t)st.st_size, (uint64_t)st.st_mtim.tv_sec, (uint64_t)st.st_mtim.tv_nsec};
        h = mix(mix(h, paths[i], strlen(paths[i]) + 1), facts, sizeof facts);
    }
    *out = h >> 11; /* a JSON number is exact up to 2^53 */
    return ERR_OK;
}

static bool number(struct json of, const char *name, uint64_t *out) {
    return json_uint(json_get(of, name), UINT64_MAX >> 1, out);
}

static bool take(struct json root, struct link_place *out) {
    struct json counts = json_get(root, "counts"), v = json_first(counts);
    bool all = number(root, "inputs", &out->inputs) && number(root, "file", &out->file) &&
               number(root, "line", &out->line) && number(root, "written", &out->written) &&
               number(root, "refused", &out->refused) && number(root, "refusals", &out->refusals);
    for (size_t i = 0; i < LINK_PLACE_COUNTS && all; i++, v = json_next(v))
        all = json_uint(v, UINT64_MAX >> 1, &out->counts[i]);
    return all && json_none(v) && out->line > 0;
}

enum err link_place_read(struct world *w, const char *path, struct link_place *out) {
    struct buf text;
    struct arena a;
    struct json root;
    buf_init(&text, PLACE_MAX);
    arena_init(&a, 64 * PLACE_MAX);
    bool good = world_read_file(w, path, &text, NULL) == ERR_OK &&
                json_read(&a, buf_str(&text), &root, NULL) == ERR_OK && take(root, out);
    arena_fini(&a);
    buf_fini(&text);
    return good ? ERR_OK : ERR_NOT_FOUND;
}

enum err link_place_write(struct world *w, const char *path, const struct link_place *p, struct diag *d) {
    char room[PLACE_MAX];
    struct buf b = buf_over(room, sizeof room);
    buf_printf(
        &b,
        "{\"inputs\":%llu,\"file\":%llu,\"line\":%llu,\"written\":%llu,\"refused\":%llu,\"refusals\":%llu,\"counts\":",
        (unsigned long long)p->inputs, (unsigned long long)p->file, (unsigned long long)p->line,
        (unsigned long long)p->written, (unsigned long long)p->refused, (unsigned long long)p->refusals);
    for (size_t i = 0; i < LINK_PLACE_COUNTS; i++)
        buf_printf(&b, "%s%llu", i ? "," : "[", (unsigned long long)p->counts[i]);
    buf_puts(&b, "]}\n");
    return buf_ok(&b) ? world_replace_file(w, path, buf_str(&b), 0600, d) : diag_set(d, ERR_LIMIT, path, NULL);
}
