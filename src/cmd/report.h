/* report: what `mado report` and an inspection of links share in writing the page and the insurers' files. */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "base/err.h"
#include "core/day.h"

struct report_wish {
    const char *alarms, *out;
    const char *decisions;     /* NULL: none */
    const char *links, *truth; /* both, or NULL both */
    struct day on;
};
struct report_made {
    uint64_t alarms;
    size_t insurers;
};
MUST_USE enum err report_make(const struct report_wish *w, struct report_made *made, struct diag *d);

#endif
