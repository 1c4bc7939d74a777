/* CP932: Microsoft's Shift_JIS, as the field's files have it. Strict both ways: what has no place in the table is told apart and
 * never replaced here (see edge/receipt/substitute.h for what is written instead).
 *
 * The conversion is glibc's iconv ("CP932"). User-defined characters (外字, F040–F9FC) are refused when read: what they look like
 * is known on one machine only. */
#ifndef BASE_CP932_H
#define BASE_CP932_H

#include "base/buf.h"
#include "base/err.h"

struct cp932 {
    void *to_utf8, *from_utf8; /* iconv_t */
};

/* ERR_ENCODING when the system has no CP932. */
MUST_USE enum err cp932_open(struct cp932 *c, struct diag *d);
void cp932_close(struct cp932 *c);

/* Appends s in UTF-8. ERR_CP932 with d->line and d->column (bytes, from 1) of the first byte that is not CP932; ERR_LIMIT when out
 * is full. */
MUST_USE enum err cp932_decode(const struct cp932 *c, struct str s, struct buf *out, struct diag *d);
/* Appends valid UTF-8 in CP932 until a character that CP932 cannot hold: returns how many bytes of s were taken; s.n is all. Six
 * characters that other tables give another code point are taken for the same (〜 ‖ − ¢ £ ¬). */
size_t cp932_encode(const struct cp932 *c, struct str s, struct buf *out);
/* Whether the one character has a place in CP932. */
bool cp932_holds(const struct cp932 *c, uint32_t character);

#endif
