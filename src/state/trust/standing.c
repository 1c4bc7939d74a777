#include "state/trust/standing.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct standing {
    struct world *world;
    char *path;
    uint8_t (*revoked)[STANDING_FINGERPRINT]; /* sorted */
    size_t count, room;
    struct timespec changed;
    ino_t inode;
    int64_t looked_us;
    bool broken;
};

static int by_bytes(const void *a, const void *b) { return memcmp(a, b, STANDING_FINGERPRINT); }

static int hex_digit(char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; }

static bool read_hex(struct str s, uint8_t *out, size_t n) {
    if (s.n != 2 * n) return false;
    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(s.p[2 * i]), low = hex_digit(s.p[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static bool all_hex(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (hex_digit(s.p[i]) < 0) return false;
    return s.n > 0;
}

static bool read_line(struct str line, struct revocation *r) {
    struct str fingerprint = str_cut(&line, ' '), serial = str_cut(&line, ' '), at = str_cut(&line, ' ');
    uint64_t seconds;
    *r = (struct revocation){0};
    if (!read_hex(fingerprint, r->fingerprint, sizeof r->fingerprint) || !all_hex(serial) || serial.n > 40)
        return false;
    if (!str_uint(at, INT64_MAX, &seconds) || str_empty(line)) return false;
    r->at_s = (int64_t)seconds;
    return str_to_c(serial, r->serial, sizeof r->serial) && str_to_c(line, r->code, sizeof r->code);
}

enum err revocations_read(struct str text, enum err (*each)(void *ctx, const struct revocation *r), void *ctx,
                          struct diag *d) {
    for (unsigned number = 1; !str_empty(text); number++) {
        struct revocation r;
        bool whole = str_find(text, S("\n")) < text.n;
        if (!whole || !read_line(str_cut(&text, '\n'), &r)) {
            enum err e = diag_set(d, ERR_CORRUPT, "revoked", "fingerprint serial seconds code");
            if (d) d->line = number;
            return e;
        }
        TRY(each(ctx, &r));
    }
    return ERR_OK;
}

void revocation_put(struct buf *out, const struct revocation *r) {
    buf_hex(out, str_of(r->fingerprint, sizeof r->fingerprint));
    buf_printf(out, " %s %lld %s\n", r->serial, (long long)r->at_s, r->code);
}

static enum err add(void *context, const struct revocation *r) {
    struct standing *s = context;
    if (s->count == s->room) {
        size_t room = s->room ? 2 * s->room : 64;
        void *more = realloc(s->revoked, room * sizeof *s->revoked);
        if (more == NULL) return ERR_MEMORY;
        s->revoked = more;
        s->room = room;
    }
    memcpy(s->revoked[s->count++], r->fingerprint, STANDING_FINGERPRINT);
    return ERR_OK;
}

static enum err read_list(struct standing *s, struct str text, struct diag *d) {
    struct standing fresh = {0};
    enum err e = revocations_read(text, add, &fresh, d);
    if (e != ERR_OK) {
        free(fresh.revoked);
        return e == ERR_MEMORY ? diag_set(d, e, "revoked", NULL) : e;
    }
    if (fresh.count) qsort(fresh.revoked, fresh.count, STANDING_FINGERPRINT, by_bytes);
    free(s->revoked);
    s->revoked = fresh.revoked;
    s->count = fresh.count;
    s->room = fresh.room;
    return ERR_OK;
}

/* The list is replaced whole, by a rename: another file, or another time of change, means another list. */
static enum err look(struct standing *s, struct diag *d) {
    struct stat st;
    struct buf text;
    if (stat(s->path, &st) != 0) st = (struct stat){0};
    if (st.st_ino == s->inode && st.st_mtim.tv_sec == s->changed.tv_sec && st.st_mtim.tv_nsec == s->changed.tv_nsec)
        return ERR_OK;
    buf_init(&text, STANDING_LIST_MAX);
    enum err e = world_read_file(s->world, s->path, &text, d);
    if (e == ERR_NOT_FOUND) e = ERR_OK;
    if (e == ERR_OK) e = read_list(s, buf_str(&text), d);
    buf_fini(&text);
    s->broken = e != ERR_OK;
    if (e == ERR_OK) s->changed = st.st_mtim, s->inode = st.st_ino;
    return e;
}

enum err standing_open(struct standing **out, struct world *w, const char *path, struct diag *d) {
    struct standing *s = calloc(1, sizeof *s);
    if (s == NULL || (s->path = strdup(path)) == NULL) {
        free(s);
        return diag_set(d, ERR_MEMORY, path, NULL);
    }
    s->world = w;
    s->looked_us = w->steady_us(w);
    enum err e = look(s, d);
    if (e != ERR_OK) {
        standing_close(s);
        return e;
    }
    *out = s;
    return ERR_OK;
}

void standing_close(struct standing *s) {
    if (s == NULL) return;
    free(s->revoked);
    free(s->path);
    free(s);
}

bool standing_good(struct standing *s, const uint8_t fingerprint[STANDING_FINGERPRINT]) {
    int64_t now = s->world->steady_us(s->world);
    if (now - s->looked_us >= STANDING_LOOK_US) {
        s->looked_us = now;
        if (look(s, NULL) != ERR_OK) s->broken = true;
    }
    return s->count == 0 || bsearch(fingerprint, s->revoked, s->count, STANDING_FINGERPRINT, by_bytes) == NULL;
}

struct standing_figures standing_figures(const struct standing *s) {
    return (struct standing_figures){.revoked = s->count, .broken = s->broken};
}
