/* buf: bytes being built. It owns its memory, grows by itself up to the limit it was born with, and remembers a failure:
 * write all you want, then ask buf_ok() once. Past the limit or without memory nothing more is written. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    char *p;
    size_t n, cap, limit;
    bool broken;
};

void buf_init(struct buf *b, size_t limit);
void buf_fini(struct buf *b);
/* Over memory of the caller's that it never outgrows; not to be given to buf_fini(). No room: broken from the start. */
static inline struct buf buf_over(void *room, size_t size) {
    return (struct buf){.p = room, .cap = room ? size : 0, .limit = room ? size : 0, .broken = room == NULL};
}
/* Empties it and forgets a failure; the memory is kept for the next use. */
void buf_reset(struct buf *b);
static inline bool buf_ok(const struct buf *b) { return !b->broken; }
static inline struct str buf_str(const struct buf *b) { return (struct str){b->p, b->n}; }
/* Room for n more bytes at b->p + b->n (the caller then adds to b->n), or NULL. */
char *buf_room(struct buf *b, size_t n);
/* Cuts back to n bytes. */
void buf_cut(struct buf *b, size_t n);

void buf_put(struct buf *b, struct str s);
void buf_puts(struct buf *b, const char *c_string);
void buf_putc(struct buf *b, char c);
void buf_uint(struct buf *b, uint64_t v);
void buf_int(struct buf *b, int64_t v);
/* Decimal with leading zeros to at least `width` digits. */
void buf_uint_pad(struct buf *b, uint64_t v, unsigned width);
void buf_hex(struct buf *b, struct str bytes);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
/* Little-endian numbers, LEB128 numbers, and a length-prefixed run of bytes: what stored rows are made of (see scan.h). */
void buf_u8(struct buf *b, uint8_t v);
void buf_u16(struct buf *b, uint16_t v);
void buf_u32(struct buf *b, uint32_t v);
void buf_u64(struct buf *b, uint64_t v);
void buf_varint(struct buf *b, uint64_t v);
void buf_bytes(struct buf *b, struct str s);
/* A JSON string with its quotes; control characters and quotes escaped, the rest of UTF-8 as it is. */
void buf_json(struct buf *b, struct str s);

#endif
