#include "base/utf8.h"

static uint32_t tail(const unsigned char *p, size_t n, uint32_t c) {
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) return UTF8_BAD;
        c = c << 6 | (p[i] & 0x3f);
    }
    return c;
}

uint32_t utf8_next(struct str *s) {
    if (s->n == 0) return UTF8_BAD;
    const unsigned char *p = (const unsigned char *)s->p;
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    if (n == 0 || s->n < n) return UTF8_BAD;
    static const unsigned char lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t c = tail(p, n, p[0] & lead_bits[n]);
    if (c == UTF8_BAD || c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return UTF8_BAD;
    *s = str_skip(*s, n);
    return c;
}

size_t utf8_valid_length(struct str s) {
    struct str rest = s;
    while (rest.n) {
        if ((unsigned char)rest.p[0] < 0x80) rest.p++, rest.n--;
        else if (utf8_next(&rest) == UTF8_BAD) break;
    }
    return s.n - rest.n;
}

size_t utf8_length(struct str s) {
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

void utf8_put(struct buf *out, uint32_t c) {
    invariant(c <= 0x10ffff && !(c >= 0xd800 && c <= 0xdfff));
    char b[4];
    size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = n; i-- > 1; c >>= 6) b[i] = (char)(0x80 | (c & 0x3f));
    b[0] = (char)(lead[n] | c);
    buf_put(out, str_of(b, n));
}
