#include "service/people/sheets.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHEET_SLACK = 64 << 10 }; /* lines are added before the fill is looked at: a household's, or a few questions */

enum err sheets_init(struct sheets *s, struct world *w, const char *folder, size_t count, struct diag *d) {
    *s = (struct sheets){.world = w, .folder = folder, .count = count, .list = calloc(count, sizeof *s->list)};
    if (s->list == NULL) return diag_set(d, ERR_MEMORY, "sheets", NULL);
    s->full_at = SHEETS_MEMORY / count;
    if (s->full_at > SHEET_BUFFER_MAX) s->full_at = SHEET_BUFFER_MAX;
    if (s->full_at < SHEET_BUFFER_MIN) s->full_at = SHEET_BUFFER_MIN;
    for (size_t i = 0; i < count; i++) buf_init(&s->list[i].buffer, s->full_at + SHEET_SLACK);
    return ERR_OK;
}

void sheets_fini(struct sheets *s) {
    for (size_t i = 0; s->list && i < s->count; i++) buf_fini(&s->list[i].buffer);
    free(s->list);
    *s = (struct sheets){0};
}

static void path_of(const struct sheets *s, size_t which, char path[SHEET_PATH_MAX]) {
    snprintf(path, SHEET_PATH_MAX, "%s/%s", s->folder, s->list[which].name);
}

static enum err append(struct sheets *s, size_t which, int more_flags, struct diag *d) {
    struct sheet *x = &s->list[which];
    char path[SHEET_PATH_MAX];
    path_of(s, which, path);
    int fd = s->world->open(s->world, path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | more_flags, 0600);
    if (fd < 0) return diag_errno(d, x->name);
    enum err e = world_write_all(s->world, fd, buf_str(&x->buffer), x->at, d);
    if (s->world->close(s->world, fd) != 0 && e == ERR_OK) e = diag_errno(d, x->name);
    x->at += (off_t)x->buffer.n;
    buf_reset(&x->buffer);
    return e;
}

enum err sheet_begin(struct sheets *s, size_t which, const char *name, struct diag *d) {
    snprintf(s->list[which].name, sizeof s->list[which].name, "%s", name);
    if (strlen(s->folder) + strlen(name) + 2 > SHEET_PATH_MAX)
        return diag_set(d, ERR_LIMIT, name, "the path is too long");
    return append(s, which, O_CREAT | O_TRUNC, d);
}

void sheet_flush(struct sheets *s, size_t which) {
    struct sheet *x = &s->list[which];
    if (!buf_ok(&x->buffer) && s->failed == ERR_OK) s->failed = diag_set(&s->diag, ERR_MEMORY, x->name, NULL);
    if (s->failed == ERR_OK && x->buffer.n) s->failed = append(s, which, 0, &s->diag);
    buf_reset(&x->buffer);
}

enum err sheets_end(struct sheets *s, struct diag *d) {
    for (size_t i = 0; i < s->count; i++)
        if (s->list[i].name[0]) sheet_flush(s, i);
    if (d && s->failed != ERR_OK) *d = s->diag;
    return s->failed;
}
