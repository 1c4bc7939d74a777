/* statement: the message of a provisional statement (資格申立書), as it comes in a folder or over HTTPS, and the answers to it. Elements:
 * docs/format/statement.md. */
#ifndef EDGE_RECEIPT_STATEMENT_H
#define EDGE_RECEIPT_STATEMENT_H

#include "core/statement.h"
#include "edge/receipt/answer.h"
#include "rules/share/share.h"

/* ProcessingResultCode of an answer to a statement; its number is no other note's (note.def). */
#define STATEMENT_NOTE_CODE "MDOW0011W"
/* Of a disaster question to which nobody, or nobody alone, answers. */
#define DISASTER_NONE_CODE    "MDOW0012W"
#define DISASTER_SEVERAL_CODE "MDOW0013W"

struct statement_message {
    struct request
        request; /* the header, and what the answer to a settled statement is an answer to: one unit by stated numbers, or none */
    struct statement said;
    struct str identifier; /* ArbitraryIdentifier */
    struct str number;     /* StatementNumber: STATEMENT_ID hexadecimal digits, "" from a receipt computer */
    const struct tree *as_sent;
    bool limit_consent; /* of a disaster question */
};

/* ERR_MISSING, ERR_VALUE, ERR_CHECK_DIGIT, ERR_DATE, ERR_CODE, ERR_LIMIT, ERR_MEMORY, with the element and its line. `today` stands where no
 * day is named. */
MUST_USE enum err statement_read(struct arena *a, const struct tree *message, struct day today,
                                 struct statement_message *out, struct diag *d);
/* A question of disaster mode (災害時の資格確認): DisasterSearchInfo has the same elements, with Address needed and SpokenConsentFlag 1 for the person's
 * spoken consent instead of StatementConfirmFlag. docs/format/disaster.md. */
MUST_USE enum err disaster_read(const struct tree *message, struct day today, struct statement_message *out,
                                struct diag *d);
/* Nobody, or several: what to do, in words. Nobody is denied by either. */
void disaster_write_unclear(struct writer *w, const struct statement_message *m, int64_t now_us, bool several);
/* The window's answer: taken in, what is paid now and why, and what the claim is made with. */
void statement_write_taken(struct writer *w, const struct statement_message *m, int64_t now_us, struct share share);
/* The centre's while nobody was found: it has the statement. */
void statement_write_kept(struct writer *w, const struct statement_message *m, int64_t now_us);

#endif
