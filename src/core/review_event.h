/* review_event: one record of the log of decisions: what a reviewer, or the program by itself, did about one alarm. It stands for itself: the link it is about
 * is in it, so that nothing depends on a file of alarms that has since been replaced. Layout on disk: docs/format/decisions.md. */
#ifndef CORE_REVIEW_EVENT_H
#define CORE_REVIEW_EVENT_H

#include "base/buf.h"
#include "base/scan.h"

#define REVIEW_EVENT(name, number, code, ja, en) REVIEW_##name = number,
enum review_kind {
#include "core/review_event.def"
};
#undef REVIEW_EVENT

#define REVIEW_DECISION(name, number, code, ja, en) DECISION_##name = number,
enum review_decision {
    DECISION_NONE,
#include "core/review_decision.def"
};
#undef REVIEW_DECISION

enum {
    REVIEW_EVENT_VERSION = 1,
    ALARM_ID_BYTES = 8,       /* written as 16 hexadecimal digits */
    REVIEWER_NAME_MAX = 32,   /* a-z 0-9 . - */
    REVIEW_REASON_MAX = 1200, /* bytes: 400 kanji */
    REVIEW_MEMBER_MAX = 256,  /* "insurer/symbol/number/branch" */
    REVIEW_RESIDENT_MAX = 64,
    REVIEW_PSEUDONYM_BYTES = 16,
    REVIEW_EVENT_BYTES_MAX = 2048,
};

/* Texts are borrowed; of the body, when it was read. */
struct review_event {
    enum review_kind kind;
    enum review_decision decision; /* of DECIDED */
    int64_t at_us;
    uint8_t alarm[ALARM_ID_BYTES]; /* zeros: about none */
    struct str reviewer;           /* empty: the program */
    struct str reason, member, resident;
    uint8_t pseudonym[REVIEW_PSEUDONYM_BYTES]; /* the member's in the log of accesses; zeros: not in the store */
    uint32_t count;                            /* accesses listed */
};

void review_event_put(struct buf *b, const struct review_event *e);
/* False when the body is not a whole event of this version, with a kind and decision of the tables and texts within their limits. */
MUST_USE bool review_event_read(struct str body, struct review_event *e);

struct review_word {
    const char *code, *ja, *en; /* "" each when not known */
};
struct review_word review_kind_word(enum review_kind k);
struct review_word review_decision_word(enum review_decision d);
/* By its code; DECISION_NONE when there is none. */
enum review_decision review_decision_of(struct str code);

#endif
