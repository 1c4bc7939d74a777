/* What came of a card, for the command line: for a person to read, and as JSON for scripts. */
#ifndef EDGE_TERMINAL_CARD_H
#define EDGE_TERMINAL_CARD_H

#include "core/card_verdict.h"
#include "service/verify.h"

struct card_shown {
    enum card_verdict verdict;
    struct day until, usable_until; /* DAY_NONE: not known, or not to be said */
};
/* The words of the verdict, what to do now, and without an answer the other ways. */
void card_put_text(struct buf *b, const struct card_shown *c, bool colour);
/* {"outcome":…} and with an answer "answer", as answer_put_json() writes it. */
void card_put_json(struct buf *b, const struct card_shown *c, const struct answer *a);
/* A centre's reply to a question by card, the most important of it in lines; nothing for what is none. */
void card_put_reply(struct buf *b, struct arena *arena, struct str reply);

#endif
