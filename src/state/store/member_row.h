/* The stored form of a member (table MEMBER): compact, versioned, with everything an answer needs. What repeats is not
 * written twice (a later period of the same person, a household head who is the member, kana of the half-width set). */
#ifndef STATE_STORE_MEMBER_ROW_H
#define STATE_STORE_MEMBER_ROW_H

#include "base/arena.h"
#include "base/err.h"
#include "core/coverage.h"

/* `folded` is the identifier as it stands in the key: what is written the same is left out of the row. */
MUST_USE enum err member_row_put(struct buf *out, const struct member *m, const struct insured_id *folded);
enum { MEMBER_ROW_MAX = 256 * 1024 }; /* longer ones are ERR_LIMIT */
/* The row is no longer than this. */
size_t member_row_bound(const struct member *m);
/* The same in every field an insurer sends (not when it was recorded). */
bool coverage_same(const struct coverage *a, const struct coverage *b);
/* Key and value copied into the arena and taken apart; ERR_CORRUPT when either is not whole. */
MUST_USE enum err member_row_read(struct arena *a, struct str key, struct str value, struct member *out);

#endif
