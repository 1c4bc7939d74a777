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
