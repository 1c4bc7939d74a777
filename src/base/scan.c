#include "base/scan.h"

bool scan_byte(struct scan *s, char expected) {
    if (s->p == s->end || *s->p != expected) return false;
    s->p++;
    return true;
}

bool scan_take(struct scan *s, size_t n, struct str *out) {
    if (scan_left(s) < n) return false;
    *out = str_of(s->p, n);
    s->p += n;
    return true;
}

bool scan_digits(struct scan *s, unsigned n, uint32_t *out) {
    uint64_t v = 0;
    if (scan_left(s) < n || !str_uint(str_of(s->p, n), UINT32_MAX, &v)) return false;
    s->p += n;
    *out = (uint32_t)v;
    return true;
}

static bool take_le(struct scan *s, size_t n, uint64_t *out) {
    if (scan_left(s) < n) return false;
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++) v |= (uint64_t)(unsigned char)s->p[i] << (8 * i);
    s->p += n;
    *out = v;
    return true;
}

bool scan_u8(struct scan *s, uint8_t *out) {
    uint64_t v = 0;
    if (!take_le(s, 1, &v)) return false;
    *out = (uint8_t)v;
    return true;
}

bool scan_u16(struct scan *s, uint16_t *out) {
    uint64_t v = 0;
    if (!take_le(s, 2, &v)) return false;
    *out = (uint16_t)v;
    return true;
}

bool scan_u32(struct scan *s, uint32_t *out) {
    uint64_t v = 0;
    if (!take_le(s, 4, &v)) return false;
    *out = (uint32_t)v;
    return true;
}

bool scan_u64(struct scan *s, uint64_t *out) { return take_le(s, 8, out); }

bool scan_varint(struct scan *s, uint64_t *out) {
    uint64_t v = 0;
    const char *p = s->p;
    for (unsigned shift = 0; shift < 64 && p < s->end; shift += 7) {
        unsigned char c = (unsigned char)*p++;
        if (shift == 63 && c > 1) return false;
        v |= (uint64_t)(c & 0x7f) << shift;
        if (c & 0x80) continue;
        s->p = p, *out = v;
        return true;
    }
    return false;
}

bool scan_bytes(struct scan *s, struct str *out) {
    struct scan before = *s;
    uint64_t n = 0;
    if (scan_varint(s, &n) && n <= scan_left(s)) return scan_take(s, (size_t)n, out);
    *s = before;
    return false;
}
