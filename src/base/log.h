/* Structured log lines for operators: one JSON object a line on standard error. Never a person: no name, number,
 * symbol, birth date or pseudonym goes in; who asked about whom is the ledger's business. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

/* log_line(LOG_INFO, "store opened", "people", "100000", "path", dir, NULL): pairs of C strings, NULL at the end. */
void log_line(enum log_level level, const char *event, ...) __attribute__((sentinel));
/* The same for an error: its code, name, place and detail. */
void log_diag(enum log_level level, const char *event, const struct diag *d);

#endif
