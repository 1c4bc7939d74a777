/* alarm: which links of an inspection (総点検) a person should look at, why, and what to do first. Ranked by how likely they are wrong (doubt.h). An
 * alarm changes no link. */
#ifndef RULES_IDENTITY_ALARM_H
#define RULES_IDENTITY_ALARM_H

#include "rules/identity/doubt.h"

#define ALARM_CAUSE(name, code, next, ja, en) CAUSE_##name,
enum alarm_cause {
#include "rules/identity/alarm_cause.def"
    ALARM_CAUSES,
};
#undef ALARM_CAUSE
#define ALARM_NEXT(name, code, ja, en) NEXT_##name,
enum alarm_next {
#include "rules/identity/alarm_next.def"
    ALARM_NEXTS,
};
#undef ALARM_NEXT

struct alarm_cause_info {
    const char *code;
    enum alarm_next next;
    const char *ja, *en;
};
const struct alarm_cause_info *alarm_cause_info(enum alarm_cause c);
const struct trait_info *alarm_next_info(enum alarm_next n);

/* One link as it was found. */
struct alarm_facts {
    enum link_rule rule; /* what linking it now would say */
    uint32_t wrong;      /* in a million */
    enum wrong_kind kind;
    const struct likeness *holder; /* with the resident it is linked to; NULL: there is no such record */
    bool household,
        same_birth; /* somebody else who agrees better is of the resident's household; and born the same day */
};

enum { ALARM_FROM = 1000 }; /* in a million: below, a thousand people would be asked for one wrong link */

/* Whatever contradicts, whatever cannot be compared, and whatever is likely enough to be wrong. */
bool alarm_rings(const struct alarm_facts *f);
enum alarm_cause alarm_cause(const struct alarm_facts *f);
/* Twins and namesakes of whom a trait already contradicts are closed, not asked. */
enum alarm_next alarm_next(const struct alarm_facts *f);

#endif
