/* audit_event: one record of the log: who asked, from which institution, for whom (by a keyed pseudonym), when, why and what
 * was answered, by code. No name, number or birth date. Layout on disk: docs/format/ledger.md, "Body". */
#ifndef CORE_AUDIT_EVENT_H
#define CORE_AUDIT_EVENT_H

#include "base/err.h"
#include "base/scan.h"
#include "core/card_verdict.h"
#include "core/day.h"
#include "core/digits.h"

#define EVENT(name, number, ja, en) AUDIT_##name = number,
enum audit_kind {
#include "core/audit_event.def"
};
#undef EVENT

enum audit_door { DOOR_COMMAND = 1, DOOR_JSON = 2, DOOR_FHIR = 3, DOOR_BULK = 4, DOOR_PAGES = 20 };
/* MEMBER: the pseudonym in the member's row. UNMATCHED: a keyed hash of the question's key, when nobody matched. */
enum audit_subject { SUBJECT_NONE = 0, SUBJECT_MEMBER = 1, SUBJECT_UNMATCHED = 2 };
enum audit_purpose { PURPOSE_TREATMENT = 1, PURPOSE_OPERATION = 2 };

/* 2 has two bytes more than 1: how it was proven and what came of a card. An event that says neither is written as 1. */
enum { AUDIT_EVENT_VERSION = 2, AUDIT_EVENT_BYTES_MAX = 128, AUDIT_ID_BYTES = 16, AUDIT_SUBJECT_BYTES = 16 };

struct audit_event {
    enum audit_kind kind;
    int64_t at_us; /* UTC */
    enum audit_door door;
    enum audit_purpose purpose;
    struct institution_code institution; /* 0: the operator */
    uint32_t user;                       /* the operator's user id on this machine; 0 for an institution */
    enum audit_subject subject_kind;
    uint8_t subject[AUDIT_SUBJECT_BYTES];
    struct day on;    /* DAY_NONE: about no day */
    uint8_t validity; /* enum validity; 0: no answer */
    uint8_t ratio;    /* percent or 255 */
    uint32_t warnings;
    uint16_t refusal;           /* err_number() of a refused attempt, 0 otherwise */
    uint32_t count;             /* questions in a bulk job; findings of an inspection; papers in a file */
    uint8_t id[AUDIT_ID_BYTES]; /* of this event, random; joins a bulk job to its questions */
    uint8_t proof;              /* enum proof */
    uint8_t card;               /* enum card_verdict */
};

void audit_event_put(struct buf *b, const struct audit_event *e);
/* False when the body is not a whole event of a version up to this one. */
MUST_USE bool audit_event_read(struct str body, struct audit_event *e);
const char *audit_kind_ja(enum audit_kind k); /* "" when not known */
const char *audit_kind_en(enum audit_kind k);
const char *audit_door_name(enum audit_door d);

#endif
