/* pairs: what `mado compare`, `mado reading` and `mado parse` share: one question from the arguments, or one a line from standard input,
 * its sides with a tab between. */
#ifndef CMD_PAIRS_H
#define CMD_PAIRS_H

#include "base/buf.h"
#include "cmd/cmd.h"

enum { PAIRS_LINE_MAX = 8192 }; /* twice the longest that text.h takes, and slack */

/* Writes the answer to a question of one or two sides (b is empty for one) into out. */
typedef enum err pairs_answer(void *context, struct str a, struct str b, struct buf *out, struct diag *d);

/* sides: 1 or 2; given: what the arguments hold, NULL to read standard input. A line that cannot be answered is told on standard error
 * with its number, leaves an empty line in the output so that lines stay aligned, and the exit status is EXIT_SOME_REFUSED. */
int pairs_run(unsigned sides, const char *const *given, pairs_answer *answer, void *context);

#endif
