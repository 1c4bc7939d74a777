/* figures: how much was asked and answered, counted by all processes of one server together and holding no person. One small
 * file, run/figures of the store, mapped by each worker and the desk: a page (slot) for each, in which it alone writes, so that
 * counting is an addition and a plain store; readers add the pages up. The counts survive a reload, a new worker goes on in the
 * page of its number; a fresh `mado serve` begins from zero (figures_forget).
 *
 * Counting never stops an answer: where the file cannot be had (a full disk, another build's layout) a process counts in memory
 * of its own and `shared` is false. Functions that count are called on one thread. */
#ifndef SERVICE_FIGURES_H
#define SERVICE_FIGURES_H

#include "base/err.h"
#include "core/audit_event.h"
#include "core/verdict.h"

#include <stdatomic.h>

enum {
    FIGURES_DESK = 0,     /* the slot of the desk's process; worker n has slot n + 1 */
    FIGURES_SLOTS = 1025, /* as many workers as may live at once, those that still quit included */
    FIGURES_DOORS = DOOR_BULK + 1,
    FIGURES_VALIDITIES = VALIDITY_NO_TICKET + 1,
    /* Durations in microseconds: 0-7 exactly, then eight steps for each doubling (a step is at most an eighth of its value), up to
     * 2^27 us (134 s), which is longer than any answer may take. */
    FIGURES_STEPS = 8 + 24 * 8,
    FIGURES_SLOT_BYTES = 4096, /* a page each: writers share no cache line */
};

#define FAMILY(field, cells, kind, metric, by, en, ja) _Atomic uint64_t field[cells];
struct figures_slot {
#include "service/figures.def"
    _Atomic uint64_t steps[FIGURES_STEPS]; /* answers by duration */
    _Atomic uint64_t duration_us;          /* all durations together */
};
#undef FAMILY

#define FAMILY(field, cells, kind, metric, by, en, ja) uint64_t field[cells];
struct figures_sum {
#include "service/figures.def"
    uint64_t steps[FIGURES_STEPS];
    uint64_t duration_us;
    int64_t started_us; /* UTC: of the server, reloads do not change it */
};
#undef FAMILY

struct figures {
    struct figures_slot *slot; /* own */
    struct figures_file *file;
    size_t bytes;
    bool shared;
    struct figures_slot before; /* counters of the log as earlier workers of this number left them */
};

/* The page of `slot` (below FIGURES_SLOTS) in STORE/run/figures. ERR_MEMORY only. */
MUST_USE enum err figures_open(struct figures *f, const char *store, unsigned slot, int64_t now_us, struct diag *d);
/* Levels go to zero. */
void figures_close(struct figures *f);
/* A new server begins from zero. Before its workers start. */
void figures_forget(const char *store);

static inline void figures_add(_Atomic uint64_t *cell, uint64_t n) {
    atomic_store_explicit(cell, atomic_load_explicit(cell, memory_order_relaxed) + n, memory_order_relaxed);
}
static inline void figures_set(_Atomic uint64_t *cell, uint64_t n) {
    atomic_store_explicit(cell, n, memory_order_relaxed);
}

/* Which step a duration belongs to, and the least duration of a step. */
static inline size_t figures_step(uint64_t us) {
    if (us < 8) return (size_t)us;
    unsigned top = 63 - (unsigned)__builtin_clzll(us);
    size_t step = 8 + (size_t)(top - 3) * 8 + (size_t)(us >> (top - 3) & 7);
    return step < FIGURES_STEPS ? step : FIGURES_STEPS - 1;
}
uint64_t figures_step_from_us(size_t step);

/* A question came in by `door`. Each is later answered or refused: one figures_asked(), one figures_settled(). */
static inline void figures_asked(struct figures *f, enum audit_door door) {
    figures_add(&f->slot->questions[door], 1);
    figures_add(&f->slot->owed[0], 1);
}
static inline void figures_settled(struct figures *f) { figures_add(&f->slot->owed[0], UINT64_MAX); }
/* The log has its record, the answer leaves. */
static inline void figures_answered(struct figures *f, enum validity v) { figures_add(&f->slot->answers[v], 1); }
/* A single question took so long, from its coming in to its answer; those of a bulk job are worked in slices and not timed. */
static inline void figures_took(struct figures *f, int64_t us) {
    figures_add(&f->slot->steps[figures_step(us > 0 ? (uint64_t)us : 0)], 1);
    figures_add(&f->slot->duration_us, us > 0 ? (uint64_t)us : 0);
}
static inline void figures_refused(struct figures *f, enum err why) { figures_add(&f->slot->refusals[why], 1); }

/* How the worker's log stands, as ledger_figures() says. After each commit. */
struct ledger_figures;
void figures_log(struct figures *f, const struct ledger_figures *l);

/* All workers together. */
void figures_sum(const struct figures *f, struct figures_sum *out);

/* The duration, in microseconds, that `permille` of a thousand answers did not exceed (the upper end of its step); 0 without answers. */
uint64_t figures_percentile_us(const struct figures_sum *s, unsigned permille);

/* ---- the table, for whoever writes it down ---- */

enum figures_kind { FIGURES_COUNTER, FIGURES_LEVEL };
enum figures_by { FIGURES_BY_NOTHING, FIGURES_BY_DOOR, FIGURES_BY_VALIDITY, FIGURES_BY_ERROR };
struct figures_family {
    enum figures_kind kind;
    enum figures_by by;
    const char *metric, *en, *ja;
    size_t cells, at; /* at: the first cell, counted in uint64_t from the start of struct figures_sum */
};
const struct figures_family *figures_families(size_t *count);
/* A label's name ("door"; "" for one cell) and its value in a cell ("json", "3", "F0010"; NULL where nothing is counted). */
const char *figures_label_name(enum figures_by by);
const char *figures_label(enum figures_by by, size_t cell);

#endif
