#include "core/ways.h"

#define WAY(name, number, word, ja, en) [number] = {word, ja, en},
static const struct ways_word kinds[] = {
#include "core/ways.def"
};
#undef WAY
#define WAY_STATE(name, number, word, ja, en) [number] = {word, ja, en},
static const struct ways_word states[] = {
#include "core/ways.def"
};
#undef WAY_STATE
#define WAY_REASON(name, number, word, ja, en) [number] = {word, ja, en},
static const struct ways_word reasons[] = {
#include "core/ways.def"
};
#undef WAY_REASON
#define COUNTER(name, number, word, ja, en) [number] = {word, ja, en},
static const struct ways_word counters[] = {
#include "core/ways.def"
};
#undef COUNTER
#define CHANNEL(name, number, word, ja, en) [number] = {word, ja, en},
static const struct ways_word channels[] = {
#include "core/ways.def"
};
#undef CHANNEL

static const struct ways_word *row(const struct ways_word *table, size_t count, unsigned number) {
    return number < count && table[number].word ? &table[number] : NULL;
}

const struct ways_word *way_kind_word(unsigned number) { return row(kinds, ARRAY_LEN(kinds), number); }
const struct ways_word *way_state_word(unsigned number) { return row(states, ARRAY_LEN(states), number); }
const struct ways_word *way_reason_word(unsigned number) { return row(reasons, ARRAY_LEN(reasons), number); }
const struct ways_word *counter_word(unsigned number) { return row(counters, ARRAY_LEN(counters), number); }
const struct ways_word *channel_word(unsigned number) { return row(channels, ARRAY_LEN(channels), number); }

bool ways_number_of(const struct ways_word *(*table)(unsigned number), struct str word, uint8_t *out) {
    enum { NUMBERS_MAX = 16 }; /* more rows than any table has */
    for (unsigned n = 0; n < NUMBERS_MAX; n++) {
        const struct ways_word *w = table(n);
        if (w == NULL || !str_eq(str_c(w->word), word)) continue;
        *out = (uint8_t)n;
        return true;
    }
    return false;
}

bool ways_same(const struct ways *a, const struct ways *b) {
    for (size_t i = 0; i < WAY_KINDS; i++)
        if (!way_same(&a->of[i], &b->of[i])) return false;
    return a->channel == b->channel && a->paper_wanted == b->paper_wanted;
}

struct ways ways_none(void) {
    struct ways w = {.channel = CHANNEL_PAPER, .listed = DAY_NONE};
    for (size_t i = 0; i < WAY_KINDS; i++)
        w.of[i].since = w.of[i].stated = w.of[i].card_until = w.of[i].certificate_until = DAY_NONE;
    return w;
}
