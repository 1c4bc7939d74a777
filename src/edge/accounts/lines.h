/* lines: accounts.ndjson, one registration of a bank account a line, and what residents.ndjson says of names. The form: docs/format/accounts.md. */
#ifndef EDGE_ACCOUNTS_LINES_H
#define EDGE_ACCOUNTS_LINES_H

#include "base/arena.h"
#include "service/accounts.h"

enum { ACCOUNT_LINE_MAX = 64 << 10 };

/* Both borrow from the arena, which is reset first. ERR_SYNTAX and the like of base/json.h; ERR_MISSING, ERR_VALUE, ERR_SYNTAX, ERR_DATE with the field in d->where. Fields that are
 * not known are left alone. */
MUST_USE enum err account_line_read(struct arena *a, struct str line, struct account_registration *out, struct diag *d);
MUST_USE enum err person_line_read(struct arena *a, struct str line, struct account_person *out, struct diag *d);

#endif
