/* line_result: what became of one line of a file that was taken in, as a line of FILE.result (docs/format/insurer-file.md, "Results"). */
#ifndef SERVICE_LINE_RESULT_H
#define SERVICE_LINE_RESULT_H

#include "base/buf.h"
#include "base/err.h"

enum line_status { LINE_ACCEPTED, LINE_REFUSED, LINE_UNCHANGED };

/* `why` is of a refusal; its line is left out, as the result has one. */
void line_result_put(struct buf *b, uint64_t line, enum line_status status, const struct diag *why);

#endif
