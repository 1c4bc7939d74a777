/* plausibility: what can be seen to be wrong in the insured data itself, one card at a time, without asking anybody: the share against age
 * and income category, dates that cannot be, families without an insured person, defaults that answer where data is missing. Pure:
 * no clock, no I/O. The rules and their sources are the rows of finding.def.
 *
 * What is looked at: the period that covers the day and those that begin later; of the past only whether it fits together. */
#ifndef RULES_PLAUSIBILITY_PLAUSIBILITY_H
#define RULES_PLAUSIBILITY_PLAUSIBILITY_H

#include "core/coverage.h"

#define FINDING(name, code, level, ja, en, todo_ja, todo_en, source) FINDING_##name,
enum finding_kind {
#include "rules/plausibility/finding.def"
    FINDING_COUNT
};
#undef FINDING

enum finding_level { FINDING_WRONG, FINDING_MISSING, FINDING_DOUBTFUL };

struct finding_info {
    const char *code, *ja, *en, *todo_ja, *todo_en, *source; /* source "" where it is plain sense */
    enum finding_level level;
};
const struct finding_info *finding_info(enum finding_kind k);
const char *finding_level_name(enum finding_level l); /* "wrong", "missing", "doubtful" */

/* What an insurer may know of another insurer of the same person: which one, and the days. */
struct finding_other {
    struct insurer_number insurer;
    struct day start, lost; /* of its period; `lost` DAY_NONE: open */
};

/* One finding. Borrowed from the members it was found in. */
struct finding {
    enum finding_kind kind;
    const struct member *member;
    const struct coverage *period; /* the period meant; NULL: the member as a whole */
    /* Of findings between insurers (changes.h) alone: */
    const struct finding_other *other; /* NULL: none */
    uint32_t days;                     /* of the gap or overlap so far; 0: not one of these */
};

struct finding_sink {
    void (*found)(void *context, const struct finding *f);
    void *context;
};

/* All members under one insurer, symbol and number, as the store holds them; `on` is a day. Each finding once, members in the order given. */
void plausibility_card(const struct member *members, size_t count, struct day on, const struct finding_sink *out);

#endif
