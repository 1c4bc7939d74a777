#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUF_FIRST = 256 };

void buf_init(struct buf *b, size_t limit) { *b = (struct buf){.limit = limit}; }

void buf_fini(struct buf *b) {
    free(b->p);
    *b = (struct buf){0};
}

void buf_reset(struct buf *b) { b->n = 0, b->broken = false; }

static char *grow(struct buf *b, size_t n) {
    if (b->broken || n > b->limit || b->n > b->limit - n) {
        b->broken = true;
        return NULL;
    }
    size_t cap = b->cap ? b->cap : BUF_FIRST;
    while (cap < b->n + n) cap = cap > b->limit / 2 ? b->limit : cap * 2;
    if (cap > b->limit) cap = b->limit;
    char *p = realloc(b->p, cap);
    if (p == NULL) {
        b->broken = true;
        return NULL;
    }
    b->p = p, b->cap = cap;
    return p + b->n;
}

char *buf_room(struct buf *b, size_t n) {
    if (!b->broken && b->cap - b->n >= n && b->p) return b->p + b->n;
    return grow(b, n);
}

void buf_cut(struct buf *b, size_t n) {
    invariant(n <= b->n);
    b->n = n;
}

void buf_put(struct buf *b, struct str s) {
    char *at = buf_room(b, s.n);
    if (at == NULL) return;
    if (s.n) memcpy(at, s.p, s.n);
    b->n += s.n;
}

void buf_puts(struct buf *b, const char *c_string) { buf_put(b, str_c(c_string)); }

void buf_putc(struct buf *b, char c) {
    char *at = buf_room(b, 1);
    if (at == NULL) return;
    *at = c, b->n++;
}

void buf_uint_pad(struct buf *b, uint64_t v, unsigned width) {
    char digits[40];
    size_t n = sizeof digits;
    do digits[--n] = (char)('0' + v % 10), v /= 10;
    while (v);
    while (sizeof digits - n < width && n > 0) digits[--n] = '0';
    buf_put(b, str_of(digits + n, sizeof digits - n));
}

void buf_uint(struct buf *b, uint64_t v) { buf_uint_pad(b, v, 1); }

void buf_int(struct buf *b, int64_t v) {
    if (v < 0) buf_putc(b, '-');
    buf_uint(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void buf_hex(struct buf *b, struct str bytes) {
    static const char hex[] = "0123456789abcdef";
    char *at = buf_room(b, bytes.n * 2);
    if (at == NULL) return;
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        at[2 * i] = hex[c >> 4], at[2 * i + 1] = hex[c & 15];
    }
    b->n += bytes.n * 2;
}

void buf_printf(struct buf *b, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    invariant(n >= 0 && (size_t)n < sizeof text);
    buf_put(b, str_of(text, (size_t)n));
}

static void put_le(struct buf *b, uint64_t v, size_t n) {
    char *at = buf_room(b, n);
    if (at == NULL) return;
    for (size_t i = 0; i < n; i++) at[i] = (char)(v >> (8 * i));
    b->n += n;
}

void buf_u8(struct buf *b, uint8_t v) { put_le(b, v, 1); }
void buf_u16(struct buf *b, uint16_t v) { put_le(b, v, 2); }
void buf_u32(struct buf *b, uint32_t v) { put_le(b, v, 4); }
void buf_u64(struct buf *b, uint64_t v) { put_le(b, v, 8); }

void buf_varint(struct buf *b, uint64_t v) {
    for (; v >= 0x80; v >>= 7) buf_u8(b, (uint8_t)(v | 0x80));
    buf_u8(b, (uint8_t)v);
}

void buf_bytes(struct buf *b, struct str s) {
    buf_varint(b, s.n);
    buf_put(b, s);
}

static void json_escape(struct buf *b, unsigned char c) {
    static const char hex[] = "0123456789abcdef";
    switch (c) {
    case '"': buf_puts(b, "\\\""); return;
    case '\\': buf_puts(b, "\\\\"); return;
    case '\n': buf_puts(b, "\\n"); return;
    case '\r': buf_puts(b, "\\r"); return;
    case '\t': buf_puts(b, "\\t"); return;
    default: {
        char u[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        buf_put(b, str_of(u, sizeof u));
    }
    }
}

void buf_json(struct buf *b, struct str s) {
    buf_putc(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) continue;
        buf_put(b, str_of(s.p + from, i - from));
        json_escape(b, c);
        from = i + 1;
    }
    buf_put(b, str_of(s.p + from, s.n - from));
    buf_putc(b, '"');
}
