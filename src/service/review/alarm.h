/* alarm: a link that an inspection doubts, with both sides as they were compared, as a line of alarms.ndjson says it. Plain values, borrowed. Form:
 * docs/format/alarms.md. */
#ifndef SERVICE_REVIEW_ALARM_H
#define SERVICE_REVIEW_ALARM_H

#include "core/digits.h"
#include "core/insured_id.h"
#include "core/review_event.h"
#include "rules/identity/alarm.h"

/* A few words for it, with its code. */
struct review_word alarm_cause_word(enum alarm_cause c);
struct review_word alarm_next_word(enum alarm_next n);
/* ALARM_CAUSES, ALARM_NEXTS when there is none of that code. */
enum alarm_cause alarm_cause_of(struct str code);
enum alarm_next alarm_next_of(struct str code);

enum { ALARM_OTHERS_MAX = 16, ALARM_REASONS_MAX = 64, ALARM_CERTAIN = 1000 * 1000 };

/* One side of the link, as written. Empty where not given. */
struct alarm_side {
    struct str name, kana, other_name, other_kana, former_name, sex, birth, post, address;
};

struct alarm_other { /* somebody else within reach */
    struct str resident;
    enum alarm_cause why;
    struct alarm_side registry;
};

struct alarm_reason {
    struct str fact, reason, a, b, ja, en;
    bool agrees;
};

struct alarm {
    uint8_t id[ALARM_ID_BYTES];
    uint32_t rank;
    uint32_t wrong_ppm; /* the probability that the link is wrong, in millionths */
    enum alarm_cause cause;
    enum alarm_next next;
    struct insurer_number insurer;
    struct insured_id member;
    struct str resident; /* the registry's record id */
    struct alarm_side record, registry;
    struct alarm_other others[ALARM_OTHERS_MAX];
    size_t other_count;
    struct alarm_reason reasons[ALARM_REASONS_MAX];
    size_t reason_count;
    struct str ja, en;
};

/* 16 hexadecimal digits, small letters. */
MUST_USE bool alarm_id_parse(struct str s, uint8_t out[ALARM_ID_BYTES]);
void alarm_id_put(struct buf *b, const uint8_t id[ALARM_ID_BYTES]);
/* "06139448/12-34/1/02", as the log of decisions names the member. */
void alarm_member_put(struct buf *b, struct insurer_number insurer, const struct insured_id *member);

#endif
