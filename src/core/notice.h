/* notice: what somebody is to be told, as a line in a queue until a channel (portal, letter) takes it. Its id is made of its facts: the same
 * facts give the same id, so a channel that remembers ids tells nobody twice. Form: docs/format/notices.md. */
#ifndef CORE_NOTICE_H
#define CORE_NOTICE_H

#include "base/buf.h"
#include "core/day.h"
#include "core/digits.h"

#define NOTICE(name, code, ja, en) NOTICE_##name,
enum notice_kind {
#include "core/notice.def"
    NOTICE_COUNT
};
#undef NOTICE

struct notice_info {
    const char *code, *ja, *en;
};
const struct notice_info *notice_info(enum notice_kind k);

enum notice_to { NOTICE_TO_RESIDENT, NOTICE_TO_MEMBER, NOTICE_TO_INSTITUTION, NOTICE_TO_INSURER };

enum { NOTICE_INSURERS_MAX = 2 };

/* Borrowed. */
struct notice {
    enum notice_kind kind;
    enum notice_to to;
    struct str
        address; /* the registry's record id, "insurer/symbol/number/branch", the institution's code, the insurer's number */
    struct str about; /* an alarm's id; empty: none */
    struct insurer_number insurers[NOTICE_INSURERS_MAX];
    size_t insurer_count;
    struct day from, until; /* `until` is the first day after; DAY_NONE or DAY_END: no such day yet */
};

/* One line with its end: {"notice","kind","to":{"resident":…},"about","insurers":[…],"from","until","ja","en"}. The id is made of all of it but
 * `until`, which moves while a gap lasts. */
void notice_put(struct buf *out, const struct notice *n);

#endif
