/* statement_book: the centre's half of provisional statements (資格申立書): each is taken in once, by the institution's own number for it, kept with its words
 * until the person is found, and the log knows of it before anybody is told. Only the desk's process calls this. */
#ifndef SERVICE_STATEMENT_BOOK_H
#define SERVICE_STATEMENT_BOOK_H

#include "core/statement.h"
#include "service/verify.h"

enum { STATEMENT_TEXT_MAX = 64 << 10 };

/* Takes it in, or knows it already (*known): durable, and in the log, when it returns ERR_OK. */
MUST_USE enum err statement_book_take(struct verify_desk *desk, const struct asker *asker, struct str number,
                                      struct str text, bool *known, struct diag *d);
/* The person was found and the answer is on its way: the words are erased, the number stays. */
MUST_USE enum err statement_book_settle(struct verify_desk *desk, struct institution_code institution,
                                        struct str number, struct diag *d);

#endif
