#include "state/sealed/sealed.h"

#include "base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEAD = 8 + 8 + 8, /* mark, at, until */
    NAME_BYTES = 16,
    NAME_CHARACTERS = 2 * NAME_BYTES,
    FILE_MAX = HEAD + NONCE + SEALED_VALUE_MAX + TAG,
};
static const char mark[8] = {'M', 'A', 'D', 'O', 'S', 'L', '0', '1'};

struct sealed {
    struct world *world;
    char folder[PATH_MAX - NAME_CHARACTERS - 8];
    uint8_t name_key[32], value_key[32];
    struct buf file;
    size_t count;
};

static bool is_name(const char *name) {
    return strlen(name) == NAME_CHARACTERS && strspn(name, "0123456789abcdef") == NAME_CHARACTERS;
}

static bool count_one(void *context, const char *name) {
    ((struct sealed *)context)->count += is_name(name);
    return true;
}

enum err sealed_open(struct sealed **out, struct world *w, const char *folder, const uint8_t key[SEALED_KEY_BYTES],
                     struct diag *d) {
    struct sealed *s = calloc(1, sizeof *s);
    if (s == NULL) return diag_set(d, ERR_MEMORY, "sealed", NULL);
    s->world = w;
    buf_init(&s->file, FILE_MAX);
    (void)crypto_kdf_derive_from_key(s->name_key, sizeof s->name_key, 1, "madoname", key);
    (void)crypto_kdf_derive_from_key(s->value_key, sizeof s->value_key, 2, "madoseal", key);
    enum err e = str_to_c(str_c(folder), s->folder, sizeof s->folder) ? world_make_folder(folder, d)
                                                                      : diag_set(d, ERR_LIMIT, "sealed", NULL);
    if (e == ERR_OK && w->list(w, s->folder, count_one, s) != 0) e = diag_errno(d, "sealed");
    if (e == ERR_OK) *out = s;
    else sealed_close(s);
    return e;
}

void sealed_close(struct sealed *s) {
    if (s == NULL) return;
    sodium_memzero(s->name_key, sizeof s->name_key);
    sodium_memzero(s->value_key, sizeof s->value_key);
    buf_fini(&s->file);
    free(s);
}

size_t sealed_count(const struct sealed *s) { return s->count; }

/* ---- one file ---- */

static void name_of(const struct sealed *s, struct str key, char name[NAME_CHARACTERS + 1]) {
    uint8_t hash[NAME_BYTES];
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)key.p, key.n, s->name_key, sizeof s->name_key);
    (void)sodium_bin2hex(name, NAME_CHARACTERS + 1, hash, sizeof hash);
}

static const char *path_of(const struct sealed *s, const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", s->folder, name);
    return path;
}

/* What is authenticated beside the value: its head and its name. */
static void bind_to(struct buf *b, struct str head, const char *name) {
    buf_put(b, head);
    buf_puts(b, name);
}

static bool there(const struct sealed *s, const char *name) {
    char path[PATH_MAX];
    int fd = s->world->open(s->world, path_of(s, name, path), O_RDONLY, 0);
    if (fd < 0) return false;
    s->world->close(s->world, fd);
    return true;
}

enum err sealed_put(struct sealed *s, struct str key, struct str value, int64_t at_us, int64_t until_us,
                    enum sealed_care care, struct diag *d) {
    char name[NAME_CHARACTERS + 1], path[PATH_MAX], room[HEAD + NAME_CHARACTERS];
    struct buf bound = buf_over(room, sizeof room);
    if (value.n > SEALED_VALUE_MAX) return diag_set(d, ERR_LIMIT, "sealed", NULL);
    name_of(s, key, name);
    bool new = !there(s, name);
    if (new && s->count >= SEALED_COUNT_MAX) return diag_set(d, ERR_LIMIT, "sealed", "%d values", SEALED_COUNT_MAX);
    buf_reset(&s->file);
    buf_put(&s->file, str_of(mark, sizeof mark)), buf_u64(&s->file, (uint64_t)at_us),
        buf_u64(&s->file, (uint64_t)until_us);
    bind_to(&bound, buf_str(&s->file), name);
    char *to = buf_room(&s->file, NONCE + value.n + TAG);
    if (to == NULL) return diag_set(d, ERR_MEMORY, "sealed", NULL);
    s->world->random(s->world, to, NONCE);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt((unsigned char *)to + NONCE, NULL, (const unsigned char *)value.p,
                                                     value.n, (const unsigned char *)bound.p, bound.n, NULL,
                                                     (const unsigned char *)to, s->value_key);
    s->file.n += NONCE + value.n + TAG;
    path_of(s, name, path);
    enum err e = care == SEALED_DURABLE ? world_replace_file(s->world, path, buf_str(&s->file), 0600, d)
                                        : world_replace_file_soon(s->world, path, buf_str(&s->file), 0600, d);
    if (e != ERR_OK && d) snprintf(d->where, sizeof d->where, "sealed"); /* the folder may be named after a person */
    s->count += e == ERR_OK && new;
    return e;
}

/* The file's times and value; ERR_NOT_FOUND for whatever is not ours and whole. `out` NULL: the times alone, unchecked. */
static enum err read_file(struct sealed *s, const char *name, struct buf *out, int64_t *at_us, int64_t *until_us) {
    char path[PATH_MAX], room[HEAD + NAME_CHARACTERS];
    struct buf bound = buf_over(room, sizeof room);
    buf_reset(&s->file);
    if (world_read_file(s->world, path_of(s, name, path), &s->file, NULL) != ERR_OK) return ERR_NOT_FOUND;
    struct str file = buf_str(&s->file);
    if (file.n < HEAD + NONCE + TAG || memcmp(file.p, mark, sizeof mark) != 0) return ERR_NOT_FOUND;
    struct scan times = scan_of(str_skip(str_head(file, HEAD), sizeof mark));
    uint64_t at = 0, until = 0;
    if (!scan_u64(&times, &at) || !scan_u64(&times, &until)) return ERR_NOT_FOUND;
    *at_us = (int64_t)at, *until_us = (int64_t)until;
    size_t n = file.n - HEAD - NONCE - TAG;
    char *to = buf_room(out, n);
    if (to == NULL) return ERR_MEMORY;
    bind_to(&bound, str_head(file, HEAD), name);
    const unsigned char *nonce = (const unsigned char *)file.p + HEAD;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)to, NULL, NULL, nonce + NONCE, n + TAG,
                                                   (const unsigned char *)bound.p, bound.n, nonce, s->value_key) != 0)
        return ERR_NOT_FOUND;
    out->n += n;
    return ERR_OK;
}

static enum err get_named(struct sealed *s, const char *name, int64_t now_us, struct buf *out, int64_t *at_us) {
    int64_t at = 0, until = 0;
    size_t before = out->n;
    enum err e = read_file(s, name, out, &at, &until);
    if (e == ERR_OK && until < now_us) e = ERR_NOT_FOUND;
    if (e != ERR_OK) return buf_cut(out, before), e;
    if (at_us) *at_us = at;
    return ERR_OK;
}

enum err sealed_get(struct sealed *s, struct str key, int64_t now_us, struct buf *out, int64_t *at_us) {
    char name[NAME_CHARACTERS + 1];
    name_of(s, key, name);
    return get_named(s, name, now_us, out, at_us);
}

static enum err drop_named(struct sealed *s, const char *name, struct diag *d) {
    char path[PATH_MAX];
    if (s->world->unlink(s->world, path_of(s, name, path)) == 0) s->count--;
    else if (errno != ENOENT) return diag_errno(d, "sealed");
    return ERR_OK;
}

enum err sealed_drop(struct sealed *s, struct str key, struct diag *d) {
    char name[NAME_CHARACTERS + 1];
    name_of(s, key, name);
    return drop_named(s, name, d);
}

/* ---- all files ---- */

struct walk {
    struct sealed *s;
    int64_t now_us, at_us;
    struct buf *out;
    size_t dropped;
    bool found;
};

static bool try_one(void *context, const char *name) {
    struct walk *w = context;
    w->found = is_name(name) && get_named(w->s, name, w->now_us, w->out, &w->at_us) == ERR_OK;
    return !w->found;
}

enum err sealed_any(struct sealed *s, int64_t now_us, struct buf *out, int64_t *at_us) {
    struct walk w = {.s = s, .now_us = now_us, .out = out};
    if (s->count) (void)s->world->list(s->world, s->folder, try_one, &w);
    if (w.found && at_us) *at_us = w.at_us;
    return w.found ? ERR_OK : ERR_NOT_FOUND;
}

struct round {
    const char *after;
    char least[NAME_CHARACTERS + 1];
};

static bool nearer(void *context, const char *name) {
    struct round *r = context;
    bool after = is_name(name) && strcmp(name, r->after) > 0;
    if (after && (r->least[0] == 0 || strcmp(name, r->least) < 0)) memcpy(r->least, name, sizeof r->least);
    return true;
}

enum err sealed_next(struct sealed *s, char name[SEALED_NAME + 1], int64_t now_us, struct buf *out, int64_t *at_us) {
    _Static_assert((int)SEALED_NAME == (int)NAME_CHARACTERS, "a name is a name");
    while (s->count) {
        struct round r = {.after = name};
        if (s->world->list(s->world, s->folder, nearer, &r) != 0 || r.least[0] == 0) break;
        memcpy(name, r.least, sizeof r.least);
        buf_reset(out);
        if (get_named(s, name, now_us, out, at_us) == ERR_OK) return ERR_OK;
    }
    return ERR_NOT_FOUND;
}

/* What a crash left half written: never under a value's own name. */
static bool is_left_over(const char *name) {
    struct str s = str_c(name), end = S(".tmp");
    return s.n == NAME_CHARACTERS + end.n && str_ends(s, end);
}

static bool sweep_one(void *context, const char *name) {
    struct walk *w = context;
    char path[PATH_MAX];
    if (is_left_over(name)) (void)w->s->world->unlink(w->s->world, path_of(w->s, name, path));
    if (!is_name(name)) return true;
    buf_reset(w->out);
    if (get_named(w->s, name, w->now_us, w->out, NULL) == ERR_NOT_FOUND && drop_named(w->s, name, NULL) == ERR_OK)
        w->dropped++;
    return true;
}

size_t sealed_sweep(struct sealed *s, int64_t now_us) {
    struct buf value;
    struct walk w = {.s = s, .now_us = now_us, .out = &value};
    buf_init(&value, SEALED_VALUE_MAX);
    (void)s->world->list(s->world, s->folder, sweep_one, &w);
    if (value.p) sodium_memzero(value.p, value.cap);
    buf_fini(&value);
    return w.dropped;
}
