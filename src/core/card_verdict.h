/* card_verdict: what comes of asking by card, the ways that stand beside it, and how something was proven: three tables with their words. */
#ifndef CORE_CARD_VERDICT_H
#define CORE_CARD_VERDICT_H

#include "base/str.h"

#define CARD_VERDICT(name, number, code, answered, ja, en, next_ja, next_en) CARD_VERDICT_##name = number,
enum card_verdict {
    CARD_VERDICT_NONE = 0, /* no card was asked with */
#include "core/card_verdict.def"
};
#undef CARD_VERDICT

#define PROOF(name, number, code, ja, en) PROOF_##name = number,
enum proof {
    PROOF_NONE = 0, /* not said: of an event that is no question, or recorded before this was */
#include "core/proof.def"
};
#undef PROOF

struct card_verdict_info {
    enum card_verdict verdict;
    const char *code; /* "pin-wrong" */
    bool answered;
    const char *ja, *en, *next_ja, *next_en; /* next: what to do now, "" when nothing */
};
/* NULL for a number that is no row. */
const struct card_verdict_info *card_verdict_info(enum card_verdict v);
/* By its code; CARD_VERDICT_NONE when there is none such. */
enum card_verdict card_verdict_of(struct str code);
/* All rows in order of the table, for documents and tests. */
const struct card_verdict_info *card_verdict_rows(size_t *count);

struct other_way {
    const char *code, *ja, *en;
};
const struct other_way *other_ways(size_t *count);

struct proof_info {
    const char *code, *ja, *en;
};
/* NULL for PROOF_NONE and a number that is no row. */
const struct proof_info *proof_info(enum proof p);

#endif
