/* card_register: which members a certificate stands for. A line of JSON an act, in a file of the operator's:
 *
 *   {"act":"register","certificate":"BASE64 OF THE DER","held":"card","insurer":"06139448","symbol":"12-34","number":"1001","branch":"00"}
 *   {"act":"end","insurer":"06139448","symbol":"12-34","number":"1001","branch":"00"}
 *
 * The first binding is made when a person registers the card for insurance use (利用登録); a re-issued certificate, a phone's, and a new
 * insurer's member are lines of their own. "end" (利用登録の解除) ends all certificates of that member, from the next question on. Nothing is
 * removed: rows keep when they began and ended. Format: docs/format/card-registration.md. */
#ifndef SERVICE_CARD_REGISTER_H
#define SERVICE_CARD_REGISTER_H

#include "service/card_person.h"

enum { CARD_LINE_MAX = 16 << 10 /* a certificate is 2.2 KB as base64 */ };

enum card_act { CARD_ACT_REGISTER = 1, CARD_ACT_END };
struct card_line {
    enum card_act act;
    struct str certificate; /* DER, in the arena; empty with END */
    enum card_holder holder;
    struct insurer_number insurer;
    struct insured_id id;
};
/* Strictly: every member known, none twice. ERR_SYNTAX, ERR_MISSING, ERR_UNKNOWN, ERR_VALUE, …, with the place in d->where. */
MUST_USE enum err card_line_read(struct arena *arena, struct str line, struct card_line *out, struct diag *d);

enum card_done { CARD_REGISTERED, CARD_REGISTERED_BEFORE, CARD_ENDED, CARD_NOTHING_TO_END };
/* Records it in the log and stores it; both durable when it returns. ERR_NOT_FOUND: no such member; ERR_SEVERAL: a branch is needed;
 * ERR_VALUE: the certificate is none to register (its fault in d->detail); ERR_CONFLICT: it is revoked. */
MUST_USE enum err card_register(struct card_room *r, struct verify_desk *desk, const struct asker *asker,
                                struct arena *arena, const struct card_line *line, enum card_done *done,
                                struct diag *d);

#endif
