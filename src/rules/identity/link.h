/* link: whether a member of an insurer is a resident of the registry (名寄せ). Rules alone decide, in the order of link_rule.def; a score is
 * only reported (weigh.h). What always holds, whatever else is true:
 *   a number alone never links; neither does everything but the number;
 *   nothing links against a contradiction in number, birth date, sex or given name;
 *   where somebody is within reach, nothing links unless every trait agrees and that somebody differs;
 *   no link follows from another link.
 * Pure: no clock, no I/O, integers only. */
#ifndef RULES_IDENTITY_LINK_H
#define RULES_IDENTITY_LINK_H

#include "rules/identity/person.h"

#define LINK_OUTCOME(name, code, ja, en) LINK_##name,
enum link_outcome {
#include "rules/identity/link_outcome.def"
    LINK_OUTCOMES,
};
#undef LINK_OUTCOME

#define LINK_RULE(name, code, outcome, ja, en) LINK_RULE_##name,
enum link_rule {
#include "rules/identity/link_rule.def"
    LINK_RULES,
};
#undef LINK_RULE

struct link_rule_info {
    const char *code;
    enum link_outcome outcome;
    const char *ja, *en;
};
const struct link_rule_info *link_rule_info(enum link_rule r);
const struct trait_info *link_outcome_info(enum link_outcome o);

enum { LINK_OTHERS_MAX = 16 }; /* more people within reach tell nothing new: the rule already asks for a person */

/* What was found of one member. */
struct link_facts {
    bool has_number;
    unsigned holders;              /* residents that hold the number: 0, 1, or 2 for several */
    const struct likeness *holder; /* how the member agrees with the first; NULL without one */
    bool
        holder_has_double; /* somebody else of the registry has the holder's kana and birth date, whether like the member or not */
    const struct likeness *others; /* with those within reach who are not the holder */
    size_t other_count;            /* at most LINK_OTHERS_MAX */
};

/* Whether a resident could be taken for the member: the same birth date, no other sex, and the same name in kana or kanji or
 * the same family name at the same address. `l` is how the two agree. */
bool link_within_reach(const struct likeness *l);
/* Which rule decides. */
enum link_rule link_decide(const struct link_facts *f);

#endif
