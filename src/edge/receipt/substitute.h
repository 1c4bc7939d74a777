/* substitute: what a receiver limited to Shift_JIS (CP932) is given for a character it cannot hold. Every substitution is documented
 * (docs/format/substitutes.md), is told to the receiver, and is never ● or ?.
 *
 * For each character, the first that CP932 holds: the user's own map · composition with the mark behind it (か and U+3099: が, no
 * substitution) · nothing for a variation selector or an invisible character · substitutes.def · Unicode's canonical and
 * compatibility decomposition, without combining marks · 〓 (geta), the printer's sign for a missing character. */
#ifndef EDGE_RECEIPT_SUBSTITUTE_H
#define EDGE_RECEIPT_SUBSTITUTE_H

#include "base/cp932.h"
#include "base/world.h"
#include "edge/receipt/tree.h"

enum { SUBSTITUTES_FILE_MAX = 8 << 20, SUBSTITUTES_ROWS_MAX = 200000 }; /* the MJ shrink map has about 40,000 pairs */

struct substitute_row {
    uint32_t from;
    struct str to;
};

struct substitutes {
    struct cp932 cp932;
    struct substitute_row *own, *user; /* sorted by `from` */
    size_t own_count, user_count;
    struct buf user_text; /* what user rows point into */
};

/* `map_path` (may be NULL) is a UTF-8 file of lines "character TAB its nearest form", where either may be written U+9AD9; '#' begins a
 * comment; of two lines for a character the first counts, and a form that CP932 cannot hold is passed over.
 * ERR_NOT_FOUND, ERR_SYNTAX with the line, ERR_UTF8, ERR_LIMIT, ERR_MEMORY, ERR_ENCODING. */
MUST_USE enum err substitutes_open(struct substitutes *s, struct world *w, const char *map_path, struct diag *d);
void substitutes_close(struct substitutes *s);

/* Appends `text` (valid UTF-8) with every character that CP932 cannot hold replaced, still in UTF-8; each substitution is appended to
 * `note` as "U+20BB7→吉 ". Returns how many there were. */
size_t substitute_text(const struct substitutes *s, struct str text, struct buf *out, struct buf *note);

/* Makes all text of a message fit for CP932. What was substituted is said in the message itself: in each result an element
 * SubstitutedCharacters ("Name U+20BB7→吉"), and, where the result has no ProcessingResultMessage yet or room in it is left, a note
 * there (code MDOW0100W). Returns how many there were; ERR_MEMORY in *e. */
size_t substitute_message(const struct substitutes *s, struct arena *a, struct tree *message, enum err *e);

/* The message, which substitute_message() has made fit, in CP932. False: a character is left (a bug of the caller) or no memory. */
MUST_USE bool substitute_encode(const struct substitutes *s, struct str utf8, struct buf *out);

#endif
