/* 記号・番号・枝番: how an insurer names its member. Shown as written; looked up with width folded (NFKC), spaces dropped, every
 * dash alike and leading zeros ignored. Absent and empty are the same. */
#ifndef CORE_INSURED_ID_H
#define CORE_INSURED_ID_H

#include "base/buf.h"
#include "base/err.h"

enum {
    INSURED_ID_CHARACTERS = 20,
    INSURED_FOLDED_MAX = 128, /* bytes of one folded part: 20 characters, NFKC may lengthen some */
    BRANCH_NONE = -1,
};

struct insured_id {
    struct str symbol, number; /* as written, borrowed */
    int branch;                /* 0–99, or BRANCH_NONE */
};

/* Checks length, UTF-8 and control characters of a symbol or number. ERR_LIMIT, ERR_UTF8, ERR_VALUE. */
MUST_USE enum err insured_part_check(struct str s);
/* The form used in keys; ERR_VALUE when the folded form does not fit. A part of zeros alone becomes "0". */
MUST_USE enum err insured_part_fold(struct str s, struct buf *out);
/* "" is BRANCH_NONE; one or two digits, also full-width. */
MUST_USE enum err branch_parse(struct str s, int *out);
void branch_put(struct buf *b, int branch); /* two digits, nothing for BRANCH_NONE */

#endif
