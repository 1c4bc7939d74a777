/* UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buf.h"

#define UTF8_BAD 0xffffffffu

/* Takes one character off *s. UTF8_BAD when there is none or it is not valid; *s then stays. */
uint32_t utf8_next(struct str *s);
/* How many bytes from the start are valid; s.n when all are. */
size_t utf8_valid_length(struct str s);
static inline bool utf8_valid(struct str s) { return utf8_valid_length(s) == s.n; }
/* Characters (code points) in valid UTF-8. */
size_t utf8_length(struct str s);
void utf8_put(struct buf *out, uint32_t c);

#endif
