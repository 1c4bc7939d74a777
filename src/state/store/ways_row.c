#include "state/store/ways_row.h"

enum { ROW_VERSION = 1, WAY_PINLESS = 1, WAYS_PAPER_WANTED = 1 };

static void way_put(struct buf *b, const struct way *w) {
    buf_u8(b, w->state);
    if (w->state == WAY_NONE) return;
    buf_u8(b, w->reason);
    buf_u8(b, w->by);
    buf_u8(b, w->pinless ? WAY_PINLESS : 0);
    const struct day days[] = {w->since, w->stated, w->card_until, w->certificate_until};
    for (size_t i = 0; i < ARRAY_LEN(days); i++) buf_u32(b, (uint32_t)days[i].n);
}

static bool way_read(struct scan *s, struct way *w) {
    uint8_t flags = 0;
    uint32_t day = 0;
    if (!scan_u8(s, &w->state)) return false;
    if (w->state == WAY_NONE) return true;
    struct day *const days[] = {&w->since, &w->stated, &w->card_until, &w->certificate_until};
    if (way_state_word(w->state) == NULL || !scan_u8(s, &w->reason) || !scan_u8(s, &w->by) || !scan_u8(s, &flags) ||
        flags > WAY_PINLESS)
        return false;
    if (w->reason && way_reason_word(w->reason) == NULL) return false;
    if (w->by && counter_word(w->by) == NULL) return false;
    w->pinless = flags & WAY_PINLESS;
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        if (!scan_u32(s, &day)) return false;
        days[i]->n = (int32_t)day;
    }
    return true;
}

void ways_row_put(struct buf *b, const struct ways *w) {
    buf_u8(b, ROW_VERSION);
    buf_u8(b, w->channel);
    buf_u8(b, w->paper_wanted ? WAYS_PAPER_WANTED : 0);
    buf_u32(b, (uint32_t)w->listed.n);
    for (size_t i = 0; i < WAY_KINDS; i++) way_put(b, &w->of[i]);
}

bool ways_row_read(struct str value, struct ways *out) {
    struct scan s = scan_of(value);
    uint8_t version = 0, flags = 0;
    uint32_t listed = 0;
    *out = ways_none();
    if (!scan_u8(&s, &version) || version != ROW_VERSION || !scan_u8(&s, &out->channel) || !scan_u8(&s, &flags) ||
        flags > WAYS_PAPER_WANTED || !scan_u32(&s, &listed) || channel_word(out->channel) == NULL)
        return false;
    out->listed.n = (int32_t)listed;
    out->paper_wanted = flags & WAYS_PAPER_WANTED;
    for (size_t i = 0; i < WAY_KINDS; i++)
        if (!way_read(&s, &out->of[i])) return false;
    return scan_end(&s);
}

void ways_history_key(struct buf *b, struct str member_key, int64_t at_us) {
    buf_put(b, member_key);
    buf_u64_big(b, (uint64_t)at_us);
}

void paper_key(struct buf *b, struct str member_key, enum paper_kind kind) {
    buf_put(b, member_key);
    buf_u8(b, (uint8_t)kind);
}

void papers_row_put(struct buf *b, const struct papers *p) {
    invariant(p->count <= PAPERS_KEPT);
    buf_u8(b, ROW_VERSION);
    buf_u8(b, (uint8_t)p->count);
    for (size_t i = 0; i < p->count; i++) {
        const struct paper_made *x = &p->list[i];
        buf_put(b, str_of(x->id, sizeof x->id));
        buf_u32(b, (uint32_t)x->made.n);
        buf_u32(b, (uint32_t)x->from.n);
        buf_u32(b, (uint32_t)x->until.n);
    }
}

bool papers_row_read(struct str value, struct papers *out) {
    struct scan s = scan_of(value);
    uint8_t version = 0, count = 0;
    *out = (struct papers){0};
    if (!scan_u8(&s, &version) || version != ROW_VERSION || !scan_u8(&s, &count) || count > PAPERS_KEPT) return false;
    for (size_t i = 0; i < count; i++) {
        struct paper_made *x = &out->list[i];
        struct str id;
        uint32_t made = 0, from = 0, until = 0;
        if (!scan_take(&s, sizeof x->id, &id) || !scan_u32(&s, &made) || !scan_u32(&s, &from) || !scan_u32(&s, &until))
            return false;
        memcpy(x->id, id.p, id.n);
        x->made.n = (int32_t)made, x->from.n = (int32_t)from, x->until.n = (int32_t)until;
    }
    out->count = count;
    return scan_end(&s);
}

void reminder_key(struct buf *b, struct str member_key, uint8_t ending, struct day ends) {
    buf_put(b, member_key);
    buf_u8(b, ending);
    buf_u32_big(b, (uint32_t)ends.n);
}

void reminder_row_put(struct buf *b, int64_t at_us, uint8_t channel) {
    buf_u8(b, ROW_VERSION);
    buf_u64(b, (uint64_t)at_us);
    buf_u8(b, channel);
}

bool reminder_row_read(struct str value, int64_t *at_us, uint8_t *channel) {
    struct scan s = scan_of(value);
    uint8_t version = 0;
    uint64_t at = 0;
    if (!scan_u8(&s, &version) || version != ROW_VERSION || !scan_u64(&s, &at) || !scan_u8(&s, channel) ||
        !scan_end(&s))
        return false;
    *at_us = (int64_t)at;
    return channel_word(*channel) != NULL;
}
