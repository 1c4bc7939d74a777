/* mistakes: the kinds of difference between an insurer's member and the registry's resident (mistakes.def), and how often each is made. */
#ifndef SERVICE_PEOPLE_MISTAKES_H
#define SERVICE_PEOPLE_MISTAKES_H

#include "base/base.h"

enum mistake {
#define MISTAKE(name, per_million, of, ja, en, source) MISTAKE_##name,
#include "service/people/mistakes.def"
#undef MISTAKE
    MISTAKE_COUNT
};

enum {
    MILLION = 1000000,
    DIRTY_PERCENT_MAX = 10000, /* a hundred times the table: rare kinds in a small town */
};

struct mistake_info {
    const char *name;
    uint32_t per_million;
    const char *of, *ja, *en, *source;
};
const struct mistake_info *mistake_info(enum mistake m);

/* In a million of the members that can have it, at that percentage of the table; never above one half unless the table itself is. */
uint32_t mistake_rate(enum mistake m, uint32_t percent);

#endif
