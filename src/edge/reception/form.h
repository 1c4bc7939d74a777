/* form: what a page of ours may send: a JSON object of known members, text without blanks at its ends. */
#ifndef EDGE_RECEPTION_FORM_H
#define EDGE_RECEPTION_FORM_H

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"

/* An object of these members alone. ERR_SYNTAX, ERR_UNKNOWN, ERR_LIMIT and the others of json_read(). */
MUST_USE enum err form_read(struct arena *a, struct str body, size_t max, const char *const *names, size_t count,
                            struct json *out, struct diag *d);
/* "" when it is absent. ERR_VALUE when it is no text. */
MUST_USE enum err form_text(struct json form, const char *name, struct str *out, struct diag *d);
/* The same, which must not be empty: ERR_MISSING. */
MUST_USE enum err form_must(struct json form, const char *name, struct str *out, struct diag *d);
/* Free text of at most so many characters, without control characters, into out. */
MUST_USE enum err form_keep(struct json form, const char *name, size_t characters, char *out, size_t size,
                            struct diag *d);
/* Stays as it is when it is absent. */
MUST_USE enum err form_flag(struct json form, const char *name, bool *out, struct diag *d);
/* Numbers and dates may come from a full-width keyboard: ！…～ become ASCII's. Into the arena. */
struct str form_narrow(struct arena *a, struct str s);

#endif
