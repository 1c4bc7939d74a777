#include "base/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINE_END = 2, ROOM_MIN = 256 << 10 };

enum err lines_open(struct lines *l, struct world *w, const char *path, size_t max, struct diag *d) {
    size_t size = max + LINE_END;
    *l = (struct lines){.world = w, .path = path, .size = size, .fd = -1};
    l->room = malloc(size < ROOM_MIN ? ROOM_MIN : size);
    if (l->room == NULL) return diag_set(d, ERR_MEMORY, path, NULL);
    l->fd = w->open(w, path, O_RDONLY | O_CLOEXEC, 0);
    if (l->fd >= 0) return ERR_OK;
    enum err e = errno == ENOENT ? diag_set(d, ERR_NOT_FOUND, path, NULL) : diag_errno(d, path);
    lines_close(l);
    return e;
}

void lines_close(struct lines *l) {
    if (l->fd >= 0) l->world->close(l->world, l->fd);
    free(l->room);
    l->fd = -1, l->room = NULL;
}

enum err lines_fault(const struct lines *l, enum err e, struct diag *d) {
    if (d == NULL) return e;
    char field[sizeof d->where], *to = d->where;
    struct str path = str_c(l->path);
    memcpy(field, d->where, sizeof field);
    size_t left = sizeof d->where - 1, n = strlen(field), keep = left - n - 1;
    if (n + 1 < left && path.n > keep) path = str_skip(path, path.n - keep); /* its end tells more */
    path = str_head(path, left);
    memcpy(to, path.p, path.n), to += path.n, left -= path.n;
    if (n && left > n) *to++ = ' ', memcpy(to, field, n), to += n;
    *to = 0;
    d->err = e, d->line = l->number;
    return e;
}

static size_t room_of(const struct lines *l) { return l->size < ROOM_MIN ? ROOM_MIN : l->size; }

static enum err read_more(struct lines *l, struct diag *d) {
    memmove(l->room, l->room + l->from, l->until - l->from);
    l->until -= l->from, l->from = 0;
    while (!l->ended && l->until < room_of(l)) {
        ssize_t n = l->world->pread(l->world, l->fd, l->room + l->until, room_of(l) - l->until, l->at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return diag_errno(d, l->path);
        l->ended = n == 0;
        l->until += (size_t)n, l->at += n;
    }
    return ERR_OK;
}

static struct str without_return(struct str s) { return str_ends(s, S("\r")) ? str_head(s, s.n - 1) : s; }

static enum err give(struct lines *l, size_t n, size_t end, struct str *line, struct diag *d) {
    *line = without_return(str_of(l->room + l->from, n));
    l->number++, l->from += n + end;
    if (line->n <= l->size - LINE_END) return ERR_OK;
    enum err e = diag_set(d, ERR_LIMIT, "", "一行は %zu バイトまで / %zu bytes a line at most", l->size - LINE_END,
                          l->size - LINE_END);
    return lines_fault(l, e, d);
}

enum err lines_next(struct lines *l, struct str *line, struct diag *d) {
    for (;;) {
        struct str left = str_of(l->room + l->from, l->until - l->from);
        const char *end = left.n ? memchr(left.p, '\n', left.n) : NULL;
        if (end) return give(l, (size_t)(end - left.p), 1, line, d);
        if (l->ended && left.n == 0) return ERR_NOT_FOUND;
        if (l->ended || left.n == room_of(l)) return give(l, left.n, 0, line, d);
        TRY(read_more(l, d));
    }
}

enum err lines_each(struct world *w, const char *path, size_t max, size_t arena_bytes,
                    enum err (*each)(void *context, struct arena *a, struct str line, struct diag *d), void *context,
                    struct diag *d) {
    struct lines l;
    struct arena a;
    struct str line;
    TRY(lines_open(&l, w, path, max, d));
    arena_init(&a, arena_bytes);
    enum err e = ERR_OK;
    bool ended = false;
    while (e == ERR_OK && !ended) {
        struct diag inside = {0};
        arena_reset(&a);
        e = lines_next(&l, &line, d);
        if (e == ERR_NOT_FOUND) ended = true, e = ERR_OK;
        else if (e == ERR_OK && (e = each(context, &a, line, &inside)) != ERR_OK)
            *d = inside, e = lines_fault(&l, e, d);
    }
    arena_fini(&a);
    lines_close(&l);
    return e;
}
