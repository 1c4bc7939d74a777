/* slips: how a pen, a keyboard or an old system changes a value: one function for each way. Each appends the changed text to `out` and says
 * whether anything changed; where not, `out` holds the text as it came. What is rightly written is known to the caller alone. */
#ifndef SERVICE_PEOPLE_SLIPS_H
#define SERVICE_PEOPLE_SLIPS_H

#include "core/day.h"

/* 氏名. Rows of variants.def: 髙→高 (variation selectors go too), the first 高→髙 (by the first row that has it), and ● for what JIS X 0208 lacks. */
bool slip_common(struct str name, struct buf *out);
bool slip_older(struct str name, struct buf *out);
bool slip_lost(struct str name, struct buf *out);
/* Without the ideographic space, U+3000. */
bool slip_no_space(struct str name, struct buf *out);

/* カナ, half-width as the registry writes it: ｮ→ﾖ everywhere; the first ﾞ or ﾟ lost; the first ﾂﾞ→ｽﾞ or ｽﾞ→ﾂﾞ; the first of ｿ↔ﾝ, ｼ↔ﾂ;
 * full-width letters, the space too (コバヤシ　ショウ). */
bool slip_large(struct str kana, struct buf *out);
bool slip_unvoiced(struct str kana, struct buf *out);
bool slip_zu(struct str kana, struct buf *out);
bool slip_alike(struct str kana, struct buf *out);
bool slip_full_width(struct str kana, struct buf *out);

/* 住所. ヶ→ケ→が→ヶ between two kanji. */
bool slip_ga(struct str town, struct buf *out);

/* 生年月日. False when no such day exists in the calendar and in its era; *out is then left alone.
 * Era: the year of the era kept, the neighbouring era read (昭和63年 → 平成63年 does not exist; 昭和5年 → 平成5年 does). */
MUST_USE bool slip_era(struct day birth, bool later, struct day *out);
/* Day and month exchanged; false when they are the same. */
MUST_USE bool slip_month_day(struct day birth, struct day *out);

#endif
