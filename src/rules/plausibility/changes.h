/* changes: one person at several insurers, as confirmed links join them: days on which nobody covers the person, and days on which two do. Names
 * and birth dates are never looked at; who is the same person was decided by rules/identity. Pure.
 *
 * A day of loss is the first day that is no longer covered. From the loss on a person who lives in Japan belongs to the town's 国保 by law
 * (国民健康保険法5条・7条), registered or not: a gap is a registration that is missing, never a reason to turn somebody away. */
#ifndef RULES_PLAUSIBILITY_CHANGES_H
#define RULES_PLAUSIBILITY_CHANGES_H

#include "rules/plausibility/plausibility.h"

enum { CHANGE_PERIODS_MAX = 128 }; /* of one person; a life of work seldom has twenty */

/* One period at one insurer. */
struct held {
    struct insurer_number insurer;
    struct day start, lost; /* `lost` DAY_NONE: open */
    uint8_t loss_reason;    /* OQSCD008; 0: none */
    uint8_t relation;       /* OQSCD009; 0: none */
};

enum change_kind { CHANGE_GAP, CHANGE_GAP_OPEN, CHANGE_OVERLAP };
enum change_ends { CHANGE_ENDS_EARLIER, CHANGE_ENDS_LATER, CHANGE_ENDS_UNCLEAR };

struct change {
    enum change_kind kind;
    size_t earlier, later;  /* places in the list; the same one for CHANGE_GAP_OPEN */
    struct day from, until; /* `until` is the first day after; DAY_END: of an overlap that goes on */
    enum change_ends ends;  /* which one ends, of an overlap */
};

struct change_sink {
    void (*found)(void *context, const struct change *c);
    void *context;
};

/* `held` in the order of `start`, at most CHANGE_PERIODS_MAX; `died`: as the resident registry says, or DAY_NONE. Told are
 * - gaps that have begun by `on`, up to and with the day of death, and ended less than two years ago (the time to claim expenses: 健康保険法193条,
 *   国民健康保険法110条). None after a loss by death or into public assistance (生活保護), whose recipients the store may not hold;
 * - overlaps that ended less than two years ago or go on. One day is none where 国保 ends: it is lost on the day after (国民健康保険法8条1項). None
 *   between public assistance and employees' insurance, which go together (生活保護法4条2項). */
void changes_find(const struct held *held, size_t count, struct day died, struct day on, const struct change_sink *out);

/* The findings for the insurer of the earlier and of the later period; an open gap has only the earlier. */
enum finding_kind change_finding(const struct change *c, bool earlier);
/* Days of it up to and with `on`. */
uint32_t change_days(const struct change *c, struct day on);

#endif
