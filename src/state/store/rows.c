#include "state/store/rows.h"

#include "state/store/store_key.h"

enum { ROW_VERSION = 1 };

void insurer_row_put(struct buf *out, struct str name) {
    buf_u8(out, ROW_VERSION);
    buf_bytes(out, name);
}

bool insurer_row_read(struct str value, struct str *name) {
    struct scan s = scan_of(value);
    uint8_t version = 0;
    return scan_u8(&s, &version) && version == ROW_VERSION && scan_bytes(&s, name) && scan_end(&s);
}

void link_span_put(struct buf *out, struct day start, struct day lost) {
    buf_u32(out, (uint32_t)start.n);
    buf_u32(out, (uint32_t)lost.n);
}

bool link_span_read(struct scan *s, struct day *start, struct day *lost) {
    uint32_t a = 0, b = 0;
    if (!scan_u32(s, &a) || !scan_u32(s, &b)) return false;
    start->n = (int32_t)a, lost->n = (int32_t)b;
    return true;
}

void reference_key_put(struct buf *out, struct institution_code institution, struct str number_or_member_key) {
    buf_u64_big(out, institution.n);
    buf_put(out, number_or_member_key);
}

void reference_row_put(struct buf *out, int64_t at_us, struct str member_key) {
    buf_u8(out, ROW_VERSION);
    buf_u64(out, (uint64_t)at_us);
    buf_put(out, member_key);
}

bool reference_row_read(struct str value, int64_t *at_us, struct str *member_key) {
    struct scan s = scan_of(value);
    uint8_t version = 0;
    uint64_t at = 0;
    if (!scan_u8(&s, &version) || version != ROW_VERSION || !scan_u64(&s, &at)) return false;
    *at_us = (int64_t)at, *member_key = scan_rest(&s);
    return true;
}

void card_key_put(struct buf *out, const struct card_registration *c) {
    buf_put(out, str_of(c->certificate, sizeof c->certificate));
    buf_put(out, c->member_key);
    buf_u64_big(out, (uint64_t)c->at_us);
}

void card_of_key_put(struct buf *out, const struct card_registration *c) {
    buf_put(out, c->member_key);
    buf_put(out, str_of(c->certificate, sizeof c->certificate));
    buf_u64_big(out, (uint64_t)c->at_us);
}

void card_row_put(struct buf *out, const struct card_registration *c) {
    buf_u8(out, ROW_VERSION);
    buf_u8(out, (uint8_t)c->holder);
    buf_u64(out, (uint64_t)c->ended_us);
    buf_u32(out, (uint32_t)c->until.n);
}

static bool read_time(struct str bytes, int64_t *out) {
    struct scan s = scan_of(bytes);
    uint64_t v = 0;
    if (!scan_u64(&s, &v) || !scan_end(&s)) return false;
    *out = (int64_t)__builtin_bswap64(v);
    return true;
}

bool card_row_read(struct str key, struct str value, struct card_registration *out) {
    struct scan s = scan_of(value);
    uint8_t version = 0, holder = 0;
    uint64_t ended = 0;
    uint32_t until = 0;
    *out = (struct card_registration){0};
    if (key.n <= CARD_NAME_BYTES + 8 || !read_time(str_skip(key, key.n - 8), &out->at_us)) return false;
    memcpy(out->certificate, key.p, CARD_NAME_BYTES);
    out->member_key = str_of(key.p + CARD_NAME_BYTES, key.n - CARD_NAME_BYTES - 8);
    if (!scan_u8(&s, &version) || version != ROW_VERSION || !scan_u8(&s, &holder) || !scan_u64(&s, &ended) ||
        !scan_u32(&s, &until) || !scan_end(&s) || holder < HOLDER_CARD || holder > HOLDER_PHONE)
        return false;
    out->holder = holder, out->ended_us = (int64_t)ended, out->until.n = (int32_t)until;
    return true;
}

bool card_of_key_read(struct str key, struct card_registration *out) {
    *out = (struct card_registration){0};
    if (key.n <= CARD_NAME_BYTES + 8 || !read_time(str_skip(key, key.n - 8), &out->at_us)) return false;
    out->member_key = str_head(key, key.n - CARD_NAME_BYTES - 8);
    memcpy(out->certificate, key.p + out->member_key.n, CARD_NAME_BYTES);
    return true;
}
