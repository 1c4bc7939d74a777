#include "core/audit_event.h"

void audit_event_put(struct buf *b, const struct audit_event *e) {
    bool says_how = e->proof || e->card;
    buf_u8(b, says_how ? AUDIT_EVENT_VERSION : 1);
    buf_u8(b, (uint8_t)e->kind);
    buf_u64(b, (uint64_t)e->at_us);
    buf_u8(b, (uint8_t)e->door);
    buf_u8(b, (uint8_t)e->purpose);
    buf_u64(b, e->institution.n);
    buf_u32(b, e->user);
    buf_u8(b, (uint8_t)e->subject_kind);
    buf_put(b, str_of(e->subject, sizeof e->subject));
    buf_u32(b, (uint32_t)e->on.n);
    buf_u8(b, e->validity);
    buf_u8(b, e->ratio);
    buf_u32(b, e->warnings);
    buf_u16(b, e->refusal);
    buf_u32(b, e->count);
    buf_put(b, str_of(e->id, sizeof e->id));
    if (says_how) buf_u8(b, e->proof), buf_u8(b, e->card);
}

static bool read_who(struct scan *s, uint8_t *version, struct audit_event *e) {
    uint8_t kind = 0, door = 0, purpose = 0, subject_kind = 0;
    uint64_t at = 0;
    struct str subject;
    if (!scan_u8(s, version) || *version == 0 || *version > AUDIT_EVENT_VERSION || !scan_u8(s, &kind) ||
        !scan_u64(s, &at) || !scan_u8(s, &door) || !scan_u8(s, &purpose) || !scan_u64(s, &e->institution.n) ||
        !scan_u32(s, &e->user) || !scan_u8(s, &subject_kind) || !scan_take(s, sizeof e->subject, &subject))
        return false;
    e->kind = kind, e->at_us = (int64_t)at, e->door = door, e->purpose = purpose, e->subject_kind = subject_kind;
    memcpy(e->subject, subject.p, subject.n);
    return true;
}

/* An event has one form: version 2 that says nothing is not written, and so not read. */
static bool read_how(struct scan *s, uint8_t version, struct audit_event *e) {
    return version == 1 || (scan_u8(s, &e->proof) && scan_u8(s, &e->card) && (e->proof || e->card));
}

bool audit_event_read(struct str body, struct audit_event *e) {
    struct scan s = scan_of(body);
    uint32_t on = 0;
    uint8_t version = 0;
    struct str id;
    *e = (struct audit_event){0};
    if (!read_who(&s, &version, e) || !scan_u32(&s, &on) || !scan_u8(&s, &e->validity) || !scan_u8(&s, &e->ratio) ||
        !scan_u32(&s, &e->warnings) || !scan_u16(&s, &e->refusal) || !scan_u32(&s, &e->count) ||
        !scan_take(&s, sizeof e->id, &id) || !read_how(&s, version, e) || !scan_end(&s))
        return false;
    e->on.n = (int32_t)on;
    memcpy(e->id, id.p, id.n);
    return true;
}

#define EVENT(name, number, ja, en)                                                                                    \
    if (k == (number)) return ja;
const char *audit_kind_ja(enum audit_kind k) {
#include "core/audit_event.def"
    return "";
}
#undef EVENT
#define EVENT(name, number, ja, en)                                                                                    \
    if (k == (number)) return en;
const char *audit_kind_en(enum audit_kind k) {
#include "core/audit_event.def"
    return "";
}
#undef EVENT

const char *audit_door_name(enum audit_door d) {
    switch (d) {
    case DOOR_COMMAND: return "command";
    case DOOR_JSON: return "json";
    case DOOR_FHIR: return "fhir";
    case DOOR_BULK: return "bulk";
    case DOOR_PAGES: return "pages";
    }
    return "";
}
