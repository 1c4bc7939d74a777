/* Keys of the tables. All numbers big-endian, so that byte order is their order. */
#ifndef STATE_STORE_STORE_KEY_H
#define STATE_STORE_STORE_KEY_H

#include "core/coverage.h"

enum { STORE_MEMBER_KEY_MAX = 4 + 2 * (INSURED_FOLDED_MAX + 1) + 4 + 1 };

/* insurer u32 ‖ number folded ‖ 0 ‖ symbol folded ‖ 0: the card, all of whose members stand side by side. ERR_VALUE when
 * nothing is left of the number. */
MUST_USE enum err store_key_card(struct buf *out, struct insurer_number insurer, const struct insured_id *id);
/* … ‖ birth u32: what a question looks for. */
MUST_USE enum err store_key_question(struct buf *out, struct insurer_number insurer, const struct insured_id *id,
                                     struct day birth);
/* … ‖ branch u8 (0: none, else branch + 1): one member. */
MUST_USE enum err store_key_member(struct buf *out, struct insurer_number insurer, const struct insured_id *id,
                                   struct day birth);
void store_key_insurer(struct buf *out, struct insurer_number insurer);
/* Takes a member key apart; symbol and number come back folded. */
MUST_USE bool store_key_member_read(struct str key, struct insurer_number *insurer, struct insured_id *folded,
                                    struct day *birth);

void buf_u32_big(struct buf *b, uint32_t v);
void buf_u64_big(struct buf *b, uint64_t v);

#endif
