/* zengin: a name as the banks' transfer system writes it (全銀協 record formats): half-width, no small kana, ー as -, ゛ and ゜ characters of their own, ・ as a
 * dot, capitals. What a bank cannot write stays as it is and is told. */
#ifndef RULES_IDENTITY_ZENGIN_H
#define RULES_IDENTITY_ZENGIN_H

#include "rules/identity/text.h"

enum {
    ZENGIN_PAYEE = 30,    /* characters of a payee's name (受取人名) in a transfer record */
    ZENGIN_HOLDER = 40,   /* of a holder's name (預金者名) in a debit record */
    ZENGIN_REQUESTER = 48 /* of a requester's name, and what some banks keep */
};

/* Spaces at the ends go, runs of them become one. Characters point into the original. False when one has no place in the bank's set; what would make more
 * than TEXT_MAX characters is cut off. */
bool zengin_write(const struct text *t, struct text *out);
/* As UTF-8; room for TEXT_MAX characters of three bytes. */
void zengin_put(struct buf *b, const struct text *written);
/* Whether a bank that keeps so many characters may have cut the name there. */
static inline bool zengin_full(size_t n) { return n == ZENGIN_PAYEE || n == ZENGIN_HOLDER || n == ZENGIN_REQUESTER; }

#endif
