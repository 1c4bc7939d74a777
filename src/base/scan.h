/* scan: reading forward over borrowed bytes. Every step says whether it succeeded and never passes the end; a failed
 * step leaves the place where it was, so scan_offset() names where the input went wrong. */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include "base/str.h"

struct scan {
    const char *start, *p, *end;
};

static inline struct scan scan_of(struct str s) {
    const char *p = s.p ? s.p : ""; /* an empty str may stand nowhere */
    return (struct scan){p, p, p + s.n};
}
static inline size_t scan_left(const struct scan *s) { return (size_t)(s->end - s->p); }
static inline size_t scan_offset(const struct scan *s) { return (size_t)(s->p - s->start); }
static inline bool scan_end(const struct scan *s) { return s->p == s->end; }
static inline struct str scan_rest(const struct scan *s) { return str_of(s->p, scan_left(s)); }

MUST_USE bool scan_byte(struct scan *s, char expected);
MUST_USE bool scan_take(struct scan *s, size_t n, struct str *out);
/* Exactly n decimal digits. */
MUST_USE bool scan_digits(struct scan *s, unsigned n, uint32_t *out);
/* The counterparts of buf_u8 … buf_bytes. */
MUST_USE bool scan_u8(struct scan *s, uint8_t *out);
MUST_USE bool scan_u16(struct scan *s, uint16_t *out);
MUST_USE bool scan_u32(struct scan *s, uint32_t *out);
MUST_USE bool scan_u64(struct scan *s, uint64_t *out);
MUST_USE bool scan_varint(struct scan *s, uint64_t *out);
MUST_USE bool scan_bytes(struct scan *s, struct str *out);

#endif
