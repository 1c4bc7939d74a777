/* The smaller rows: insurers, spans joined by a confirmed link, and institutions' own patient numbers. */
#ifndef STATE_STORE_ROWS_H
#define STATE_STORE_ROWS_H

#include "base/err.h"
#include "base/scan.h"
#include "core/coverage.h"
#include "state/store/store_key.h"

/* INSURER: the name. */
void insurer_row_put(struct buf *out, struct str name);
MUST_USE bool insurer_row_read(struct str value, struct str *name);

/* LINK: link id ‖ member key → the member's spans, [start, lost). */
enum { LINK_ID_BYTES = 16 };
void link_span_put(struct buf *out, struct day start, struct day lost);
MUST_USE bool link_span_read(struct scan *s, struct day *start, struct day *lost);

/* REFERENCE: institution ‖ number → when it was registered and for whom; REFERENCE_OF: institution ‖ member key → number. */
enum { REFERENCE_CHARACTERS = 50, REFERENCE_KEY_MAX = 8 + STORE_MEMBER_KEY_MAX };
void reference_key_put(struct buf *out, struct institution_code institution, struct str number_or_member_key);
void reference_row_put(struct buf *out, int64_t at_us, struct str member_key);
MUST_USE bool reference_row_read(struct str value, int64_t *at_us, struct str *member_key);

#endif
