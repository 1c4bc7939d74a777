#include "core/review_event.h"

void review_event_put(struct buf *b, const struct review_event *e) {
    buf_u8(b, REVIEW_EVENT_VERSION);
    buf_u8(b, (uint8_t)e->kind);
    buf_u8(b, (uint8_t)e->decision);
    buf_u64(b, (uint64_t)e->at_us);
    buf_put(b, str_of(e->alarm, sizeof e->alarm));
    buf_put(b, str_of(e->pseudonym, sizeof e->pseudonym));
    buf_u32(b, e->count);
    buf_bytes(b, e->reviewer), buf_bytes(b, e->reason), buf_bytes(b, e->member), buf_bytes(b, e->resident);
}

static bool is_whole(const struct review_event *e) {
    bool known = review_kind_word(e->kind).code[0] != 0;
    bool decided = e->kind == REVIEW_DECIDED ? review_decision_word(e->decision).code[0] != 0 : e->decision == 0;
    return known && decided && e->reviewer.n <= REVIEWER_NAME_MAX && e->reason.n <= REVIEW_REASON_MAX &&
           e->member.n <= REVIEW_MEMBER_MAX && e->resident.n <= REVIEW_RESIDENT_MAX;
}

bool review_event_read(struct str body, struct review_event *e) {
    struct scan s = scan_of(body);
    uint8_t version = 0, kind = 0, decision = 0;
    uint64_t at = 0;
    struct str alarm, pseudonym;
    *e = (struct review_event){0};
    if (!scan_u8(&s, &version) || version != REVIEW_EVENT_VERSION || !scan_u8(&s, &kind) || !scan_u8(&s, &decision) ||
        !scan_u64(&s, &at) || !scan_take(&s, sizeof e->alarm, &alarm) ||
        !scan_take(&s, sizeof e->pseudonym, &pseudonym) || !scan_u32(&s, &e->count) || !scan_bytes(&s, &e->reviewer) ||
        !scan_bytes(&s, &e->reason) || !scan_bytes(&s, &e->member) || !scan_bytes(&s, &e->resident) || !scan_end(&s))
        return false;
    e->kind = kind, e->decision = decision, e->at_us = (int64_t)at;
    memcpy(e->alarm, alarm.p, alarm.n);
    memcpy(e->pseudonym, pseudonym.p, pseudonym.n);
    return is_whole(e);
}

#define REVIEW_EVENT(name, number, code, ja, en)                                                                       \
    if (k == (number)) return (struct review_word){code, ja, en};
struct review_word review_kind_word(enum review_kind k) {
#include "core/review_event.def"
    return (struct review_word){"", "", ""};
}
#undef REVIEW_EVENT

#define REVIEW_DECISION(name, number, code, ja, en)                                                                    \
    if (d == (number)) return (struct review_word){code, ja, en};
struct review_word review_decision_word(enum review_decision d) {
#include "core/review_decision.def"
    return (struct review_word){"", "", ""};
}
#undef REVIEW_DECISION

#define REVIEW_DECISION(name, number, word, ja, en)                                                                    \
    if (str_eq(code, S(word))) return DECISION_##name;
enum review_decision review_decision_of(struct str code) {
#include "core/review_decision.def"
    return DECISION_NONE;
}
#undef REVIEW_DECISION
