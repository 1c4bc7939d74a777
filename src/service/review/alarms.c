/* The file of alarms, and the table of all alarms that it or the log knows. */
#include "base/lines.h"
#include "service/review/inside.h"

#include <fcntl.h>
#include <stdlib.h>

enum { TABLE_FIRST = 1 << 10, LIST_FIRST = 1 << 10, LINE_ARENA = 4 << 20 };

/* Where the alarm stands or would stand. An id is a hash already. */
static struct review_alarm **seek(struct review_alarm **table, size_t size, const uint8_t id[ALARM_ID_BYTES]) {
    uint64_t n;
    memcpy(&n, id, sizeof n);
    size_t at = (size_t)(n * 0x9e3779b97f4a7c15u >> 32) & (size - 1);
    while (table[at] && memcmp(table[at]->id, id, ALARM_ID_BYTES) != 0) at = (at + 1) & (size - 1);
    return &table[at];
}

static bool grow(struct review *r) {
    size_t size = r->table_size ? r->table_size * 2 : TABLE_FIRST;
    struct review_alarm **table = calloc(size, sizeof *table);
    if (table == NULL) return false;
    for (size_t i = 0; i < r->table_size; i++)
        if (r->table[i]) *seek(table, size, r->table[i]->id) = r->table[i];
    free(r->table);
    r->table = table, r->table_size = size;
    return true;
}

struct review_alarm *alarm_get(struct review *r, const uint8_t id[ALARM_ID_BYTES]) {
    if (r->table_n >= r->table_size / 2 && !grow(r)) return NULL;
    struct review_alarm **at = seek(r->table, r->table_size, id);
    if (*at) return *at;
    if ((*at = calloc(1, sizeof **at)) == NULL) return NULL;
    memcpy((*at)->id, id, ALARM_ID_BYTES);
    r->table_n++;
    return *at;
}

struct review_alarm *review_find(const struct review *r, const uint8_t id[ALARM_ID_BYTES]) {
    return r->table_size ? *seek(r->table, r->table_size, id) : NULL;
}

void alarms_free(struct review *r) {
    for (size_t i = 0; i < r->table_size; i++) {
        struct review_alarm *a = r->table[i];
        for (struct review_entry *e = a ? a->first : NULL, *next; e; e = next) next = e->next, free(e);
        if (a) free(a->about);
        free(a);
    }
    free(r->table);
    free(r->list);
}

/* ---- the file ---- */

static enum err list_add(struct review *r, struct review_alarm *a, struct diag *d) {
    if (r->list_n == REVIEW_ALARMS_MAX) return diag_set(d, ERR_LIMIT, "", "more than %d alarms", REVIEW_ALARMS_MAX);
    if (r->list_n == r->list_room) {
        size_t room = r->list_room ? r->list_room * 2 : LIST_FIRST;
        struct review_alarm **list = realloc(r->list, room * sizeof *list);
        if (list == NULL) return diag_set(d, ERR_MEMORY, "", NULL);
        r->list = list, r->list_room = room;
    }
    r->list[r->list_n++] = a;
    return ERR_OK;
}

static enum err take_line(struct review *r, struct arena *arena, struct alarm *m, struct str line, off_t at,
                          struct diag *d) {
    arena_reset(arena);
    TRY(r->s.read(arena, line, m, d));
    struct review_alarm *a = alarm_get(r, m->id);
    if (a == NULL) return diag_set(d, ERR_MEMORY, "", NULL);
    if (a->bytes) return diag_set(d, ERR_DUPLICATE, "alarm", NULL);
    a->at = at, a->bytes = (uint32_t)line.n, a->rank = m->rank, a->wrong_ppm = m->wrong_ppm;
    a->cause = m->cause, a->next = m->next, a->insurer = m->insurer;
    return list_add(r, a, d);
}

/* Where the line given last begins: the room is given out from the front. */
static off_t place_of(const struct lines *l, struct str line) {
    return l->at - (off_t)(l->until - (size_t)(line.p - l->room));
}

enum err alarms_read(struct review *r, struct diag *d) {
    struct lines l;
    struct arena arena;
    struct str line;
    struct alarm *m = calloc(1, sizeof *m);
    if (m == NULL) return diag_set(d, ERR_MEMORY, "alarms", NULL);
    enum err e = lines_open(&l, r->s.world, r->s.alarms, r->s.line_max, d);
    if (e != ERR_OK) return free(m), e;
    arena_init(&arena, LINE_ARENA);
    while (e == ERR_OK && (e = lines_next(&l, &line, d)) == ERR_OK) {
        struct diag inside = {0};
        e = take_line(r, &arena, m, line, place_of(&l, line), &inside);
        if (e != ERR_OK) {
            if (d) *d = inside;
            e = lines_fault(&l, e, d);
        }
    }
    bool whole = e == ERR_NOT_FOUND && l.ended;
    arena_fini(&arena);
    free(m);
    r->file = l.fd, l.fd = -1; /* kept open: what is shown later is this file */
    lines_close(&l);
    return whole ? ERR_OK : e;
}

static enum err read_all(const struct review *r, const struct review_alarm *a, char *to, struct diag *d) {
    for (size_t n = 0; n < a->bytes;) {
        ssize_t got = r->s.world->pread(r->s.world, r->file, to + n, a->bytes - n, a->at + (off_t)n);
        if (got < 0) return diag_errno(d, r->s.alarms);
        if (got == 0) return diag_set(d, ERR_CORRUPT, r->s.alarms, "it became shorter");
        n += (size_t)got;
    }
    return ERR_OK;
}

enum err review_read(const struct review *r, const struct review_alarm *a, struct arena *arena, struct alarm *out,
                     struct diag *d) {
    if (a->bytes == 0) return diag_set(d, ERR_NOT_FOUND, "alarm", NULL);
    char *text = arena_new(arena, a->bytes);
    if (text == NULL) return diag_set(d, ERR_MEMORY, "alarm", NULL);
    TRY(read_all(r, a, text, d));
    TRY(r->s.read(arena, str_of(text, a->bytes), out, d));
    if (memcmp(out->id, a->id, sizeof a->id) == 0) return ERR_OK;
    return diag_set(d, ERR_CORRUPT, r->s.alarms, "it was changed while it was open");
}
