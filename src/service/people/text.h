/* text: the truth as text: what an insurer prints on a card and what stands in a line of a file. */
#ifndef SERVICE_PEOPLE_TEXT_H
#define SERVICE_PEOPLE_TEXT_H

#include "service/people/household.h"

enum { CARD_TEXT_BYTES = 80, NAME_BYTES = 512, LINE_BYTES_MAX = 16384 };
enum { SLOT_NOBODY = 3 }; /* a number of this slot is never given to anyone */

struct card_text {
    char symbol_bytes[CARD_TEXT_BYTES], number_bytes[CARD_TEXT_BYTES];
    struct str symbol, number; /* symbol may be empty */
};

/* Symbol and number of a person's slot with an insurer, as that insurer writes them. For one insurer they ascend with owner and slot, also
 * when width is folded and leading zeros are dropped. */
void card_text_make(const struct nation *n, const struct insurer *i, uint64_t owner, unsigned slot,
                    struct card_text *out);

/* 氏名 and カナ as this period's insurer has them, and as the registry has them (period NULL). */
void put_name(struct buf *b, const struct person *p, const struct period *period);
void put_kana(struct buf *b, const struct person *p, const struct period *period);
/* 通称, of those who have one. */
void put_alias(struct buf *b, const struct person *p);
void put_alias_kana(struct buf *b, const struct person *p);

/* One line with its line end. Texts are copied as they are: tables hold nothing that JSON or CSV would escape. */
void put_insurer_op(struct buf *b, const struct insurer *i);
void put_insurer(struct buf *b, const struct insurer *i);
void put_period(struct buf *b, const struct nation *n, const struct household *h, const struct period *p);
void put_resident(struct buf *b, const struct nation *n, const struct household *h, const struct person *p);
/* The CSV form (docs/format/insurer-file.md); false when the period holds lists that CSV cannot carry (nothing is written). */
void put_csv_header(struct buf *b);
bool put_csv_period(struct buf *b, const struct nation *n, const struct household *h, const struct period *p);

#endif
