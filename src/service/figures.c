#include "service/figures.h"

#include "state/ledger/ledger.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LAYOUT = sizeof(struct figures_slot) << 8 | 1 }; /* files of another layout are left alone */

struct figures_file {
    union {
        struct {
            _Atomic uint64_t layout;
            _Atomic int64_t started_us;
            _Atomic unsigned used; /* pages: the highest slot so far, plus one */
        };
        char page[FIGURES_SLOT_BYTES];
    };
    union {
        struct figures_slot slot;
        char page_of_worker[FIGURES_SLOT_BYTES];
    } slots[];
};
_Static_assert(sizeof(struct figures_slot) <= FIGURES_SLOT_BYTES, "a process' figures fit into a page");

/* ---- the table ---- */

#define FAMILY(field, cells, kind, metric, by, en, ja)                                                                 \
    {FIGURES_##kind, FIGURES_BY_##by, metric, en, ja, cells, offsetof(struct figures_sum, field) / sizeof(uint64_t)},
static const struct figures_family families[] = {
#include "service/figures.def"
};
#undef FAMILY
_Static_assert(offsetof(struct figures_slot, steps) == offsetof(struct figures_sum, steps), "cells stand alike");

const struct figures_family *figures_families(size_t *count) {
    *count = ARRAY_LEN(families);
    return families;
}

const char *figures_label_name(enum figures_by by) {
    static const char *const names[] = {"", "door", "validity", "error"};
    return names[by];
}

const char *figures_label(enum figures_by by, size_t cell) {
    static const char *const validities[FIGURES_VALIDITIES] = {NULL, "1", "2", "3", "4", "5", "6"};
    static const char *const doors[FIGURES_DOORS] = {
        [DOOR_COMMAND] = NULL, [DOOR_JSON] = "json", [DOOR_FHIR] = "fhir", [DOOR_BULK] = "bulk"};
    switch (by) {
    case FIGURES_BY_DOOR: return doors[cell];
    case FIGURES_BY_VALIDITY: return validities[cell];
    case FIGURES_BY_ERROR: return cell == ERR_OK ? NULL : err_info((enum err)cell)->code;
    case FIGURES_BY_NOTHING: break;
    }
    return "";
}

/* ---- the file ---- */

static bool path_of(char out[PATH_MAX], const char *store) {
    int n = snprintf(out, PATH_MAX, "%s/run/figures", store);
    return n > 0 && n < PATH_MAX;
}

void figures_forget(const char *store) {
    char path[PATH_MAX];
    if (path_of(path, store)) (void)unlink(path);
}

/* The header and the process' own page get their place on the disk now: a full disk would end a process that writes into a
 * mapped hole. The rest is a hole, which reads as zeros. */
static bool reserve(int fd, unsigned slot) {
    struct stat st;
    off_t whole = (off_t)FIGURES_SLOT_BYTES * (FIGURES_SLOTS + 1);
    if (fstat(fd, &st) != 0 || (st.st_size < whole && ftruncate(fd, whole) != 0)) return false;
    return posix_fallocate(fd, 0, FIGURES_SLOT_BYTES) == 0 &&
           posix_fallocate(fd, (off_t)FIGURES_SLOT_BYTES * (slot + 1), FIGURES_SLOT_BYTES) == 0;
}

static struct figures_file *map_shared(const char *store, unsigned slot, size_t bytes) {
    char path[PATH_MAX];
    uint64_t none = 0;
    void *p = MAP_FAILED;
    int fd = path_of(path, store) ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    if (fd < 0) return NULL;
    if (reserve(fd, slot)) p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (p == MAP_FAILED) return NULL;
    struct figures_file *file = p;
    if (atomic_compare_exchange_strong(&file->layout, &none, LAYOUT) || none == LAYOUT) return file;
    munmap(p, bytes);
    return NULL;
}

static struct figures_file *map_own(size_t bytes) {
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void clear_levels(struct figures_slot *s) {
    _Atomic uint64_t *cells = (_Atomic uint64_t *)s;
    for (size_t i = 0; i < ARRAY_LEN(families); i++)
        for (size_t k = 0; families[i].kind == FIGURES_LEVEL && k < families[i].cells; k++)
            figures_set(&cells[families[i].at + k], 0);
}

enum err figures_open(struct figures *f, const char *store, unsigned slot, int64_t now_us, struct diag *d) {
    int64_t unset = 0;
    invariant(slot < FIGURES_SLOTS);
    *f = (struct figures){.bytes = (size_t)FIGURES_SLOT_BYTES * (FIGURES_SLOTS + 1)};
    f->file = map_shared(store, slot, f->bytes);
    f->shared = f->file != NULL;
    if (!f->shared) f->file = map_own(f->bytes);
    if (f->file == NULL) return diag_set(d, ERR_MEMORY, "figures", NULL);
    atomic_compare_exchange_strong(&f->file->started_us, &unset, now_us);
    unsigned used = atomic_load(&f->file->used);
    while (used <= slot && !atomic_compare_exchange_weak(&f->file->used, &used, slot + 1)) continue;
    f->slot = &f->file->slots[slot].slot;
    clear_levels(f->slot);
    f->before = *f->slot;
    return ERR_OK;
}

void figures_close(struct figures *f) {
    if (f->file == NULL) return;
    clear_levels(f->slot);
    munmap(f->file, f->bytes);
    *f = (struct figures){0};
}

/* ---- counting and adding up ---- */

static void carry_on(_Atomic uint64_t *cell, const _Atomic uint64_t *before, uint64_t since_open) {
    figures_set(cell, atomic_load_explicit(before, memory_order_relaxed) + since_open);
}

void figures_log(struct figures *f, const struct ledger_figures *l) {
    struct figures_slot *s = f->slot;
    carry_on(s->ledger_records, f->before.ledger_records, l->records);
    carry_on(s->ledger_commits, f->before.ledger_commits, l->commits);
    carry_on(s->ledger_bytes, f->before.ledger_bytes, l->bytes);
    carry_on(s->ledger_failed, f->before.ledger_failed, l->failed);
    figures_set(s->ledger_waiting, l->waiting);
    figures_set(s->ledger_full, l->full);
    figures_set(s->ledger_broken, l->broken);
}

void figures_sum(const struct figures *f, struct figures_sum *out) {
    enum { CELLS = offsetof(struct figures_sum, started_us) / sizeof(uint64_t) };
    uint64_t *to = (uint64_t *)out;
    unsigned used = atomic_load(&f->file->used);
    *out = (struct figures_sum){.started_us = atomic_load(&f->file->started_us)};
    for (unsigned w = 0; w < used && w < FIGURES_SLOTS; w++) {
        _Atomic uint64_t *from = (_Atomic uint64_t *)&f->file->slots[w].slot;
        for (size_t i = 0; i < CELLS; i++) to[i] += atomic_load_explicit(&from[i], memory_order_relaxed);
    }
}

uint64_t figures_step_from_us(size_t step) {
    if (step < 8) return step;
    size_t doubling = (step - 8) / 8, part = (step - 8) % 8;
    return (uint64_t)(8 + part) << doubling;
}

uint64_t figures_percentile_us(const struct figures_sum *s, unsigned permille) {
    uint64_t all = 0, seen = 0;
    for (size_t i = 0; i < FIGURES_STEPS; i++) all += s->steps[i];
    /* The smallest count that is at least that share of all. */
    uint64_t wanted = all / 1000 * permille + (all % 1000 * permille + 999) / 1000;
    for (size_t i = 0; all && i < FIGURES_STEPS; i++) {
        seen += s->steps[i];
        if (seen >= wanted) return figures_step_from_us(i + 1) - 1;
    }
    return 0;
}
