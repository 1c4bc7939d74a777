#include "service/paper_lists.h"

#include "base/json.h"
#include "state/trust/issuers.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

struct file {
    struct timespec changed;
    ino_t inode;
    struct buf text;
};

struct entry {
    struct paper_lists_entry said; /* first: what is handed out is a copy of it */
    struct file jwks, status;
    bool seen; /* in the walk at hand */
};

struct paper_lists {
    struct world *world;
    char *keys;
    struct entry **entries; /* by number */
    struct paper_lists_entry *said;
    size_t count, room;
    int64_t looked_us;
    bool looked;
};

/* ---- one file ---- */

static bool is_json_set(struct str text) {
    struct arena a;
    struct json v;
    arena_init(&a, 16 * ISSUER_JWKS_MAX);
    bool good = json_read(&a, text, &v, NULL) == ERR_OK && json_kind(json_get(v, "keys")) == JSON_ARRAY;
    arena_fini(&a);
    return good;
}

static bool is_jws(struct str text) {
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '.' && text.p[i] != '-' && text.p[i] != '_' && (text.p[i] < '0' || text.p[i] > '9') &&
            ((text.p[i] | 32) < 'a' || (text.p[i] | 32) > 'z'))
            return false;
    return true;
}

/* Reads it again when it is another than before; empty when it is not there or no such thing. */
static void look_at(struct paper_lists *l, struct insurer_number insurer, const char *name, struct file *f,
                    bool (*good)(struct str text)) {
    char path[PATH_MAX];
    struct stat st;
    if (insurer_file(path, l->keys, insurer, name, NULL) != ERR_OK) return;
    if (stat(path, &st) != 0) st = (struct stat){0};
    if (f->inode == st.st_ino && f->changed.tv_sec == st.st_mtim.tv_sec && f->changed.tv_nsec == st.st_mtim.tv_nsec)
        return;
    f->inode = st.st_ino, f->changed = st.st_mtim;
    buf_reset(&f->text);
    if (world_read_file(l->world, path, &f->text, NULL) != ERR_OK || !good(str_trim(buf_str(&f->text))))
        buf_reset(&f->text);
}

/* ---- all of them ---- */

static void entry_free(struct entry *e) {
    buf_fini(&e->jwks.text);
    buf_fini(&e->status.text);
    free(e);
}

/* Where it stands, or where it would. */
static size_t place_of(const struct paper_lists *l, struct insurer_number insurer) {
    size_t low = 0, high = l->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->entries[middle]->said.insurer.n < insurer.n) low = middle + 1;
        else high = middle;
    }
    return low;
}

static bool grow(struct paper_lists *l) {
    size_t room = l->room ? 2 * l->room : 64;
    if (l->count < l->room) return true;
    struct entry **entries = realloc(l->entries, room * sizeof *entries);
    if (entries) l->entries = entries;
    struct paper_lists_entry *said = entries ? realloc(l->said, room * sizeof *said) : NULL;
    if (said) l->said = said, l->room = room;
    return said != NULL;
}

static struct entry *entry_of(struct paper_lists *l, struct insurer_number insurer) {
    size_t at = place_of(l, insurer);
    if (at < l->count && l->entries[at]->said.insurer.n == insurer.n) return l->entries[at];
    struct entry *e = l->count < PAPER_LISTS_MAX && grow(l) ? calloc(1, sizeof *e) : NULL;
    if (e == NULL) return NULL;
    e->said.insurer = insurer;
    buf_init(&e->jwks.text, ISSUER_JWKS_MAX);
    buf_init(&e->status.text, VOID_LIST_JWS_MAX);
    memmove(l->entries + at + 1, l->entries + at, (l->count - at) * sizeof *l->entries);
    l->entries[at] = e;
    l->count++;
    return e;
}

static bool look_at_insurer(void *context, const char *name) {
    struct paper_lists *l = context;
    struct insurer_number insurer;
    if (insurer_number_parse(str_c(name), &insurer) != ERR_OK) return true;
    struct entry *e = entry_of(l, insurer);
    if (e == NULL) return true;
    e->seen = true;
    look_at(l, insurer, "/jwks.json", &e->jwks, is_json_set);
    look_at(l, insurer, "/status.jws", &e->status, is_jws);
    return true;
}

static void look(struct paper_lists *l) {
    char path[PATH_MAX];
    size_t kept = 0;
    if (snprintf(path, sizeof path, "%s/insurers", l->keys) >= PATH_MAX) return;
    for (size_t i = 0; i < l->count; i++) l->entries[i]->seen = false;
    (void)l->world->list(l->world, path, look_at_insurer, l);
    for (size_t i = 0; i < l->count; i++) {
        struct entry *e = l->entries[i];
        if (e->seen) l->entries[kept++] = e;
        else entry_free(e);
    }
    l->count = kept;
}

enum err paper_lists_open(struct paper_lists **out, struct world *w, const char *keys, struct diag *d) {
    struct paper_lists *l = calloc(1, sizeof *l);
    if (l == NULL || (l->keys = strdup(keys)) == NULL) {
        free(l);
        return diag_set(d, ERR_MEMORY, keys, NULL);
    }
    l->world = w;
    *out = l;
    return ERR_OK;
}

void paper_lists_close(struct paper_lists *l) {
    if (l == NULL) return;
    for (size_t i = 0; i < l->count; i++) entry_free(l->entries[i]);
    free(l->entries);
    free(l->said);
    free(l->keys);
    free(l);
}

const struct paper_lists_entry *paper_lists_now(struct paper_lists *l, size_t *count) {
    int64_t now_us = l->world->steady_us(l->world);
    if (!l->looked || now_us - l->looked_us >= PAPER_LISTS_LOOK_US) {
        look(l);
        l->looked = true, l->looked_us = now_us;
    }
    *count = 0;
    for (size_t i = 0; i < l->count; i++) {
        struct entry *e = l->entries[i];
        if (e->jwks.text.n == 0) continue;
        e->said.jwks = str_trim(buf_str(&e->jwks.text)), e->said.status = str_trim(buf_str(&e->status.text));
        l->said[(*count)++] = e->said;
    }
    return l->said;
}
