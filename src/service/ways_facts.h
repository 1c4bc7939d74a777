/* ways_facts: all that the store knows of a member's ways and papers, as one look-up finds it. */
#ifndef SERVICE_WAYS_FACTS_H
#define SERVICE_WAYS_FACTS_H

#include "rules/ways/ways.h"
#include "state/store/store.h"

struct ways_facts {
    bool known; /* there is a row; without one the member has no way */
    struct ways ways;
    struct papers certificates, notices;
};

enum { WAYS_FINDS = 2 };
/* What to look up in ways/ (the key is borrowed), and what came; false when a row is damaged. */
void ways_facts_find(struct store_find finds[WAYS_FINDS], struct str member_key);
MUST_USE bool ways_facts_take(const struct store_find finds[WAYS_FINDS], struct ways_facts *out);

#endif
