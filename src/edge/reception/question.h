/* question: what is typed at the reception, as the page sends it, and the field's message that asks the centre about it.
 * docs/format/reception-page.md has the members. */
#ifndef EDGE_RECEPTION_QUESTION_H
#define EDGE_RECEPTION_QUESTION_H

#include "base/arena.h"
#include "base/err.h"
#include "service/reception/visit.h"

enum {
    QUESTION_BODY_MAX = 4096,
    QUESTION_SCAN_MAX = 64 << 10, /* a code of 6 KB, three bytes a character when it is full width */
    QUESTION_ARENA_MAX = 64 << 10,
};

/* Fills the question of an empty visit. `waiting`: the id of the visit from the patients' page whose numbers these are, in the arena; empty
 * when it is nobody's. d->where is the member at fault, as the page names it: "insurer", "birth" …
 * ERR_SYNTAX and the others of json_read(), ERR_UNKNOWN, ERR_MISSING, ERR_VALUE, ERR_CHECK_DIGIT, ERR_DATE, ERR_LIMIT. */
MUST_USE enum err question_read(struct arena *a, struct str body, struct visit *v, struct str *waiting, struct diag *d);
/* What a scanner typed, with the chart's own beside it: {"code":"shc:/…","chart":…,"name":…,"limit_consent":…,"visit":…}. `code` is in the
 * arena, and not looked at here. */
MUST_USE enum err question_read_scan(struct arena *a, struct str body, struct visit *v, struct str *code,
                                     struct str *waiting, struct diag *d);
/* {"id":"…"} and nothing else. */
MUST_USE enum err question_read_id(struct arena *a, struct str body, struct str *id, struct diag *d);

/* The field's message (docs/format/oqs-messages.md) with the visit's id as ArbitraryIdentifier, which the centre gives back; it wants
 * the answer signed, to go on believing it when the line is down (docs/format/attestation.md). */
MUST_USE enum err question_put_message(struct buf *out, const struct visit *v, struct institution_code institution);

#endif
