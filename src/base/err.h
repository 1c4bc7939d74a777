/* One table of errors (err.def) for the whole program, and diag: what went wrong and where, for a person.
 * An answer ("not covered that day") is never an error, and a bug is never one either (see invariant in base.h). */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/str.h"

#define ERR(name, code, http, fhir, ja, en) ERR_##name,
enum err {
    ERR_OK,
#include "base/err.def"
    ERR_COUNT,
};
#undef ERR

struct err_info {
    const char *name, *code; /* "CHECK_DIGIT", "F0010" */
    int http;
    const char *fhir_issue; /* a code of http://hl7.org/fhir/issue-type */
    const char *ja, *en;
};
const struct err_info *err_info(enum err e);
/* The error's number for what is kept on disk, made of its code and so independent of its place in the table: "F0010" is
 * 5010. And back: ERR_COUNT for a number that is no code's. */
uint16_t err_number(enum err e);
enum err err_of_number(uint16_t number);

/* Filled by whoever finds the error; `where` is a path in the input (line, element, field) and never holds a value of
 * a person; `detail` says more, also without one: in English, or
 * "日本語 / English" where receptions and insurers read it. line 0: no line is known. */
struct diag {
    enum err err;
    unsigned line, column;
    char where[128];
    char detail[192];
};

/* Sets d (which may be NULL) and returns e, so that `return diag_set(d, ERR_DATE, "birth", NULL)` reads well. */
MUST_USE enum err diag_set(struct diag *d, enum err e, const char *where, const char *detail_format, ...)
    PRINTF_LIKE(4, 5);
/* errno as an error: ENOSPC and EDQUOT are ERR_DISK_FULL, the rest ERR_IO; `where` is what was being done. */
MUST_USE enum err diag_errno(struct diag *d, const char *where);

struct buf;
/* "行 3 birth: 日付が正しくありません / the date is not a day of the calendar (detail)". */
void diag_put(const struct diag *d, struct buf *out);

#define TRY(expression)                                                                                                \
    do {                                                                                                               \
        enum err try_err_ = (expression);                                                                              \
        if (try_err_ != ERR_OK) return try_err_;                                                                       \
    } while (0)

#endif
