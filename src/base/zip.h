/* zip: one file in an archive, as bulk results and official lists come: libzip, in memory. */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include "base/buf.h"
#include "base/err.h"

/* Appends an archive with the one file. ERR_MEMORY, ERR_LIMIT. */
MUST_USE enum err zip_write_one(const char *name, struct str bytes, struct buf *out, struct diag *d);
/* The first file whose name begins with `prefix`, at most out->limit bytes however much the archive claims to hold.
 * ERR_SYNTAX, ERR_NOT_FOUND, ERR_LIMIT. */
MUST_USE enum err zip_read_one(struct str archive, struct str prefix, struct buf *out, struct diag *d);

#endif
