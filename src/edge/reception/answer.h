/* answer: the centre's message about one visit, read for the page. It is the field's own tree as JSON; what is not known is skipped, as
 * every reader of the field does. What cannot be an answer to this very visit is none. */
#ifndef EDGE_RECEPTION_ANSWER_H
#define EDGE_RECEPTION_ANSWER_H

#include "base/buf.h"
#include "base/err.h"
#include "service/reception/visit.h"

enum { ANSWER_ARENA_MAX = 4 << 20 };

/* Writes {"validity":{…},"ratio":30,…,"certificates":[…],"warnings":[…],"differences":[…]} (docs/format/reception-page.md).
 * ERR_CONFLICT: the identifier given back, the insurer, the birth date or the number of results is another's. ERR_VALUE: it says that
 * something went wrong, or a value is none of its form; ERR_MISSING, ERR_CODE, ERR_DATE and those of json_read(). */
MUST_USE enum err reception_answer_read(struct str reply, const struct visit *v, struct buf *out, struct diag *d);
/* The centre's reply to a question by card (docs/format/card-question.md): insurer, symbol, number, branch, birth date and the way of proof
 * into an empty visit, the answer as above. The errors of reception_answer_read(); ERR_CODE for a proof that is not in core/proof.def. */
MUST_USE enum err reception_card_read(struct str reply, struct visit *v, struct buf *out, struct diag *d);
/* Whether two answers as written above say the same validity and share. */
bool reception_answer_same(struct str one, struct str other);
/* What a refusing message says to a person: ProcessingResultMessage, or an error body's Japanese and English. Into v->said, cut to whole
 * characters; "" when it says nothing. */
void reception_refusal_read(struct str reply, struct visit *v);

#endif
