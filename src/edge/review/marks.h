/* marks: two ways of writing one fact cut into pieces for the eye, each with what makes it differ from the other side. What differs and how far is said by
 * rules/identity; nothing is decided here, and no character is left out: the pieces of a side together are its text.
 *
 *     {"fact":"name","level":"near","ja":"…","en":"…","why":[…],"a":[{"t":"髙","mark":"REGISTER"},{"t":"橋"}],"b":[…]}
 *
 * A piece with a mark is one character (of kana with its voiced mark, one sound) in names, kana and dates, and a part in addresses. The mark is the name of a
 * row of reason.def; "LEFT_OUT" where the other side has nothing for it. */
#ifndef EDGE_REVIEW_MARKS_H
#define EDGE_REVIEW_MARKS_H

#include "base/buf.h"
#include "rules/identity/comparison.h"

/* A text that cannot be compared (not UTF-8, more than TEXT_MAX characters) is one piece without a mark, at level "unknown". */
void marks_put(struct buf *out, enum fact fact, struct str a, struct str b);

#endif
