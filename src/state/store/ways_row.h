/* The rows of the home ways/: what each member can prove being insured with, which papers were made, who was reminded of what. Keys begin
 * with the member's own key (store_key_member), so that a member's rows are found without a search and insurers stand apart. */
#ifndef STATE_STORE_WAYS_ROW_H
#define STATE_STORE_WAYS_ROW_H

#include "base/scan.h"
#include "core/ways.h"
#include "state/store/store_key.h"

enum { WAYS_KEY_MAX = STORE_MEMBER_KEY_MAX + 16, WAYS_ROW_MAX = 256 };

/* WAYS: member key → every way, the channel. */
void ways_row_put(struct buf *out, const struct ways *w);
MUST_USE bool ways_row_read(struct str value, struct ways *out);
/* WAYS_HISTORY: member key ‖ u64 big-endian microseconds → the row that was replaced then. */
void ways_history_key(struct buf *out, struct str member_key, int64_t at_us);
/* PAPER: member key ‖ u8 enum paper_kind → the last papers of that kind. */
void paper_key(struct buf *out, struct str member_key, enum paper_kind kind);
void papers_row_put(struct buf *out, const struct papers *p);
MUST_USE bool papers_row_read(struct str value, struct papers *out);
/* REMINDER: member key ‖ u8 which ending ‖ u32 the day it ends → when it was queued, and for which channel. */
void reminder_key(struct buf *out, struct str member_key, uint8_t ending, struct day ends);
void reminder_row_put(struct buf *out, int64_t at_us, uint8_t channel);
MUST_USE bool reminder_row_read(struct str value, int64_t *at_us, uint8_t *channel);

#endif
