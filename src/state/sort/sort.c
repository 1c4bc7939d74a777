#include "state/sort/sort.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LENGTH_BYTES = 4, WINDOW_MIN = 2 * (SORT_RECORD_MAX + LENGTH_BYTES), WINDOW_MAX = 1 << 20 };

/* One sorted stretch of the file, read through a window. */
struct sort_run {
    off_t at, end;
    char *window;
    size_t from, until; /* what of the window has not been given out */
    struct str head;    /* the first record, in the window */
};

struct sorting {
    struct world *w;
    char folder[PATH_MAX];
    int fd; /* -1 until the first run */
    off_t written;
    char *bytes; /* records with their lengths before them */
    size_t n, room;
    uint32_t *places; /* of the records */
    size_t count, places_room, given;
    struct sort_run runs[SORT_RUNS_MAX];
    size_t run_count, heap[SORT_RUNS_MAX], heap_n;
    char *windows;
    size_t window_size;
    bool reading;
    uint64_t all;
};

enum err sort_open(struct sorting **out, struct world *w, const char *folder, uint64_t memory, struct diag *d) {
    struct sorting *s = calloc(1, sizeof *s);
    if (s == NULL) return diag_set(d, ERR_MEMORY, "sort", NULL);
    if (memory < SORT_MEMORY_MIN) memory = SORT_MEMORY_MIN;
    if (memory > SORT_MEMORY_MAX) memory = SORT_MEMORY_MAX;
    s->w = w, s->fd = -1;
    s->room = memory / 4 * 3;
    s->places_room = memory / 4 / sizeof *s->places;
    s->bytes = malloc(s->room), s->places = malloc(s->places_room * sizeof *s->places);
    enum err e = ERR_OK;
    if (s->bytes == NULL || s->places == NULL) e = diag_set(d, ERR_MEMORY, "sort", NULL);
    else if (!str_to_c(str_c(folder), s->folder, sizeof s->folder)) e = diag_set(d, ERR_LIMIT, "sort", NULL);
    if (e == ERR_OK) return *out = s, ERR_OK;
    sort_close(s);
    return e;
}

void sort_close(struct sorting *s) {
    if (s == NULL) return;
    if (s->fd >= 0) s->w->close(s->w, s->fd);
    free(s->bytes);
    free(s->places);
    free(s->windows);
    free(s);
}

uint64_t sort_count(const struct sorting *s) { return s->all; }

/* ---- in memory ---- */

static struct str record_at(const char *p) {
    uint32_t n;
    memcpy(&n, p, sizeof n);
    return str_of(p + LENGTH_BYTES, n);
}

static int in_order(const void *a, const void *b, void *bytes) {
    uint32_t x, y;
    memcpy(&x, a, sizeof x), memcpy(&y, b, sizeof y);
    return str_cmp(record_at((const char *)bytes + x), record_at((const char *)bytes + y));
}

static void order_memory(struct sorting *s) {
    if (s->count) qsort_r(s->places, s->count, sizeof *s->places, in_order, s->bytes);
}

/* ---- runs ---- */

static enum err open_file(struct sorting *s, struct diag *d) {
    unsigned char name[8];
    char path[PATH_MAX], hex[2 * sizeof name + 1];
    struct buf b = buf_over(hex, sizeof hex);
    s->w->random(s->w, name, sizeof name);
    buf_hex(&b, str_of(name, sizeof name)), buf_u8(&b, 0);
    if (snprintf(path, sizeof path, "%s/.sort-%s", s->folder, hex) >= (int)sizeof path)
        return diag_set(d, ERR_LIMIT, "sort", NULL);
    s->fd = s->w->open(s->w, path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (s->fd < 0) return diag_errno(d, s->folder);
    return s->w->unlink(s->w, path) == 0 ? ERR_OK : diag_errno(d, path);
}

static enum err write_run(struct sorting *s, struct diag *d) {
    struct buf out;
    enum err e = ERR_OK;
    if (s->run_count == SORT_RUNS_MAX)
        return diag_set(d, ERR_LIMIT, "sort", "メモリの上限 (--memory) を増やしてください / give it more --memory");
    if (s->fd < 0) TRY(open_file(s, d));
    struct sort_run *run = &s->runs[s->run_count++];
    run->at = s->written;
    order_memory(s);
    buf_init(&out, WINDOW_MAX + SORT_RECORD_MAX + LENGTH_BYTES);
    for (size_t i = 0; i < s->count && e == ERR_OK; i++) {
        struct str record = record_at(s->bytes + s->places[i]);
        buf_put(&out, str_of(record.p - LENGTH_BYTES, record.n + LENGTH_BYTES));
        if (out.n < WINDOW_MAX && i + 1 < s->count) continue;
        e = buf_ok(&out) ? world_write_all(s->w, s->fd, buf_str(&out), s->written, d)
                         : diag_set(d, ERR_MEMORY, "sort", NULL);
        s->written += (off_t)out.n;
        buf_reset(&out);
    }
    buf_fini(&out);
    run->end = s->written;
    s->n = s->count = 0;
    return e;
}

enum err sort_put(struct sorting *s, struct str record, struct diag *d) {
    uint32_t n = (uint32_t)record.n;
    invariant(!s->reading);
    if (record.n > SORT_RECORD_MAX) return diag_set(d, ERR_LIMIT, "sort", "%d bytes at most", SORT_RECORD_MAX);
    if (s->count == s->places_room || s->room - s->n < LENGTH_BYTES + record.n) TRY(write_run(s, d));
    s->places[s->count++] = (uint32_t)s->n;
    memcpy(s->bytes + s->n, &n, sizeof n);
    if (n) memcpy(s->bytes + s->n + LENGTH_BYTES, record.p, n);
    s->n += LENGTH_BYTES + n, s->all++;
    return ERR_OK;
}

/* ---- coming out ---- */

static enum err read_more(struct sorting *s, struct sort_run *r, struct diag *d) {
    memmove(r->window, r->window + r->from, r->until - r->from);
    r->until -= r->from, r->from = 0;
    while (r->until < s->window_size && r->at < r->end) {
        size_t want = s->window_size - r->until;
        if ((off_t)want > r->end - r->at) want = (size_t)(r->end - r->at);
        ssize_t got = s->w->pread(s->w, s->fd, r->window + r->until, want, r->at);
        if (got < 0) return diag_errno(d, "sort");
        if (got == 0) return diag_set(d, ERR_CORRUPT, "sort", "its own file is shorter than it wrote it");
        r->until += (size_t)got, r->at += got;
    }
    return ERR_OK;
}

/* ERR_NOT_FOUND at the run's end. */
static enum err next_head(struct sorting *s, struct sort_run *r, struct diag *d) {
    r->from += r->head.p ? LENGTH_BYTES + r->head.n : 0;
    r->head = (struct str){0};
    for (int tries = 0; tries < 2; tries++) {
        size_t left = r->until - r->from;
        if (left >= LENGTH_BYTES) {
            struct str record = record_at(r->window + r->from);
            if (record.n > SORT_RECORD_MAX) return diag_set(d, ERR_CORRUPT, "sort", NULL);
            if (left - LENGTH_BYTES >= record.n) return r->head = record, ERR_OK;
        }
        if (tries == 0 && r->at == r->end && left == 0) return ERR_NOT_FOUND;
        if (tries == 0) TRY(read_more(s, r, d));
    }
    return diag_set(d, ERR_CORRUPT, "sort", NULL);
}

static bool before(const struct sorting *s, size_t a, size_t b) {
    return str_cmp(s->runs[s->heap[a]].head, s->runs[s->heap[b]].head) < 0;
}

static void sink(struct sorting *s, size_t at) {
    for (size_t child; (child = 2 * at + 1) < s->heap_n; at = child) {
        if (child + 1 < s->heap_n && before(s, child + 1, child)) child++;
        if (!before(s, child, at)) return;
        size_t swap = s->heap[at];
        s->heap[at] = s->heap[child], s->heap[child] = swap;
    }
}

/* The records' room becomes the windows'. */
static enum err begin_merge(struct sorting *s, struct diag *d) {
    if (s->count) TRY(write_run(s, d));
    s->window_size = s->room / s->run_count;
    if (s->window_size > WINDOW_MAX) s->window_size = WINDOW_MAX;
    if (s->window_size < WINDOW_MIN) s->window_size = WINDOW_MIN;
    free(s->bytes);
    s->bytes = NULL;
    s->windows = malloc(s->window_size * s->run_count);
    if (s->windows == NULL) return diag_set(d, ERR_MEMORY, "sort", NULL);
    for (size_t i = 0; i < s->run_count; i++) {
        s->runs[i].window = s->windows + i * s->window_size;
        TRY(next_head(s, &s->runs[i], d)); /* none is empty */
        s->heap[s->heap_n++] = i;
    }
    for (size_t i = s->heap_n; i-- > 0;) sink(s, i);
    return ERR_OK;
}

/* The record given out last is the first of heap[0] still. */
static enum err step_merge(struct sorting *s, struct diag *d) {
    if (s->heap_n == 0) return ERR_NOT_FOUND;
    enum err e = next_head(s, &s->runs[s->heap[0]], d);
    if (e == ERR_NOT_FOUND) s->heap[0] = s->heap[--s->heap_n];
    else if (e != ERR_OK) return e;
    sink(s, 0);
    return ERR_OK;
}

enum err sort_next(struct sorting *s, struct str *record, struct diag *d) {
    bool first = !s->reading;
    s->reading = true;
    if (s->run_count == 0) {
        if (first) order_memory(s);
        if (s->given == s->count) return ERR_NOT_FOUND;
        return *record = record_at(s->bytes + s->places[s->given++]), ERR_OK;
    }
    TRY(first ? begin_merge(s, d) : step_merge(s, d));
    if (s->heap_n == 0) return ERR_NOT_FOUND;
    *record = s->runs[s->heap[0]].head;
    return ERR_OK;
}
