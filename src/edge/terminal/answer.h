/* An answer for the command line: for a person to read, and as JSON for scripts. */
#ifndef EDGE_TERMINAL_ANSWER_H
#define EDGE_TERMINAL_ANSWER_H

#include "service/verify.h"

/* One object; the keys validity, ratio, insurer, newer, warnings and name are those of questions.ndjson's "expect". */
void answer_put_json(struct buf *b, const struct answer *a);
/* Japanese first, English beside it; `colour` for a terminal. */
void answer_put_text(struct buf *b, const struct answer *a, bool colour);

#endif
