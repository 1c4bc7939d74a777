/* statement_page: a provisional statement typed at the reception page, put among the receipt computer's requests, so that one window takes
 * in all of them; and its answer read back. docs/format/statement.md. */
#ifndef EDGE_RECEIPT_STATEMENT_PAGE_H
#define EDGE_RECEIPT_STATEMENT_PAGE_H

#include "base/world.h"
#include "edge/receipt/statement.h"

enum { STATEMENT_PAGE_ID = 16, STATEMENT_PAGE_BODY_MAX = 32 << 10 };

/* `body` is {"StatementInfo":{…}} with the elements of the field's message. Puts the request into folders/req, whole and durable, and its id, of
 * STATEMENT_PAGE_ID hexadecimal digits, into `id`. The errors of statement_read(). */
MUST_USE enum err statement_page_put(struct world *w, const char *folders, struct institution_code institution,
                                     struct str body, struct buf *id, struct diag *d);
/* Appends the answer's message as JSON. ERR_PENDING: not there yet. ERR_VALUE: no id. */
MUST_USE enum err statement_page_answer(struct world *w, const char *folders, struct str id, struct buf *out,
                                        struct diag *d);

#endif
