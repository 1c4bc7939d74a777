/* ways: by which certificates a member can prove being insured (マイナ保険証), how long each can be used, and which papers
 * (資格確認書, お知らせ) stand beside them. The state of a way and no more: no serial number, no pseudonym of a certificate, nothing that
 * two uses of a card could be joined by. */
#ifndef CORE_WAYS_H
#define CORE_WAYS_H

#include "core/day.h"

#define WAY(name, number, word, ja, en) WAY_##name = number,
enum way_kind {
#include "core/ways.def"
    WAY_KINDS = 2
};
#undef WAY
#define WAY_STATE(name, number, word, ja, en) WAY_##name = number,
enum way_state {
    WAY_NONE,
#include "core/ways.def"
    WAY_STATES
};
#undef WAY_STATE
#define WAY_REASON(name, number, word, ja, en) REASON_OF_WAY_##name = number,
enum way_reason {
    REASON_OF_WAY_NONE,
#include "core/ways.def"
    WAY_REASONS
};
#undef WAY_REASON
#define COUNTER(name, number, word, ja, en) COUNTER_##name = number,
enum counter {
    COUNTER_NONE,
#include "core/ways.def"
    COUNTERS
};
#undef COUNTER
#define CHANNEL(name, number, word, ja, en) CHANNEL_##name = number,
enum channel {
#include "core/ways.def"
    CHANNELS
};
#undef CHANNEL

struct ways_word {
    const char *word, *ja, *en;
};
/* The row of a number, or NULL. */
const struct ways_word *way_kind_word(unsigned number);
const struct ways_word *way_state_word(unsigned number);
const struct ways_word *way_reason_word(unsigned number);
const struct ways_word *counter_word(unsigned number);
const struct ways_word *channel_word(unsigned number);
/* The number whose word it is; false when there is none. */
MUST_USE bool ways_number_of(const struct ways_word *(*table)(unsigned number), struct str word, uint8_t *out);

struct way {
    uint8_t state;         /* enum way_state; WAY_NONE: the rest says nothing */
    uint8_t reason, by;    /* enum way_reason, counter: of a state other than registered; 0: not said */
    bool pinless;          /* 顔認証マイナンバーカード: used by face or by eye, at a window only */
    struct day since;      /* registered for insurance use */
    struct day stated;     /* from when the state holds */
    struct day card_until; /* of the card itself: 10 years, 5 for minors; DAY_NONE: not known. A phone has none */
    struct day certificate_until; /* of the authentication certificate: 5 years; DAY_NONE: not known */
};

struct ways {
    struct way of[WAY_KINDS]; /* by enum way_kind */
    struct day listed;        /* the day that the newest list taken in speaks of; DAY_NONE: none was */
    uint8_t channel;          /* enum channel: how to tell the person */
    bool paper_wanted;        /* asked for a certificate besides a card that works (要配慮者) */
};

enum paper_kind { PAPER_CERTIFICATE, PAPER_NOTICE };
enum { PAPER_ID_BYTES = 16, PAPERS_KEPT = 4 };

/* A paper that was made for a member: both days inside. */
struct paper_made {
    uint8_t id[PAPER_ID_BYTES];
    struct day made, from, until;
};
/* Of one kind and one member, in the order made; the oldest go when a fifth comes. */
struct papers {
    struct paper_made list[PAPERS_KEPT];
    size_t count;
};

static inline bool way_same(const struct way *a, const struct way *b) {
    return a->state == b->state && a->reason == b->reason && a->by == b->by && a->pinless == b->pinless &&
           day_eq(a->since, b->since) && day_eq(a->stated, b->stated) && day_eq(a->card_until, b->card_until) &&
           day_eq(a->certificate_until, b->certificate_until);
}
/* The same but for the day of the list. */
bool ways_same(const struct ways *a, const struct ways *b);
/* No way of any kind, to be told by letter. */
struct ways ways_none(void);

#endif
