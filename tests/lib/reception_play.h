/* A reception for tests: a clock in the test's hand, a folder of its own, and a centre that says what the test tells it to. */
#ifndef TESTS_LIB_RECEPTION_PLAY_H
#define TESTS_LIB_RECEPTION_PLAY_H

#include "lib/scratch.h"
#include "service/reception/reception.h"

#include <stdatomic.h>

struct clock_world {
    struct world world; /* first */
    _Atomic int64_t now_us, steady_us;
};
/* The real world, but for its clocks: 2026-11-25 10:00 in Japan. */
struct world *clock_world(struct clock_world *c);

/* Fills a question: insurer 06139448, symbol 12-34, number 1, branch 01, born 1985-04-01. */
struct visit *visit_sample(void);
/* A whole answer of the field to it, as the centre writes one, with `id` given back: validity 1, 30 percent, one warning. */
void put_sample_reply(struct buf *out, const char *id);

struct play_centre {
    atomic_int err, status, asked; /* what the next replies are; how often it was asked */
    atomic_bool hangs;             /* the first lane's question gets no reply until this is false */
    const char *body;              /* NULL: the sample's answer to whatever was asked */
    char rooms[CENTRE_LANES][8192];
};
struct centre_asker play_centre(struct play_centre *c);

/* A memory that knows the sample's answer, told a day ago, or nobody. */
struct play_memory {
    struct clock_world *clock;
    bool knows;
    int recalled, kept;
};
struct reception_memory play_memory(struct play_memory *m, struct clock_world *clock);

/* How often the log in `folder` has an event of that kind and proof. */
size_t logged(const char *folder, enum audit_kind kind, enum proof proof);

#endif
