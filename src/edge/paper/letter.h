/* letter: a reminder as an A4 letter, addressed for a window envelope (長形3号, the letter folded in three): whom, what ends and when, what to do,
 * in Japanese and English. It holds no code and no number but the member's own. Text is real and tagged, as in press.h, and a letter with a
 * character that no font has is refused whole. */
#ifndef EDGE_PAPER_LETTER_H
#define EDGE_PAPER_LETTER_H

#include "service/remind.h"

struct letters;
/* What remind_run() works with; it outlives it. */
MUST_USE enum err letters_open(struct letters **out, struct letter_press *face, struct diag *d);
void letters_close(struct letters *l);

#endif
