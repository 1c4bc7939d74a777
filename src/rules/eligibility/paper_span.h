/* paper_span: from when until when an eligibility certificate (資格確認書) made on a day may be used.
 *
 * At most five years (the ministry's ceiling; an insurer may choose less), and never beyond a day on which what is printed
 * stops being true: the last day of the coverage, the eve of the 75th birthday (後期高齢者医療 then takes over), the end of the
 * elderly certificate whose share is printed, or the eve of the day on which the share changes with age (school, 70). */
#ifndef RULES_ELIGIBILITY_PAPER_SPAN_H
#define RULES_ELIGIBILITY_PAPER_SPAN_H

#include "core/verdict.h"

enum { PAPER_YEARS = 5 };

enum paper_end { PAPER_END_YEARS, PAPER_END_COVERAGE, PAPER_END_AGE_75, PAPER_END_SHARE };

struct paper_span {
    struct day from, until; /* both inside */
    enum paper_end why;     /* what ends it */
};

/* The verdict covers the member on that day. from is that day. */
struct paper_span paper_span_decide(const struct verdict *v, struct day on);

#endif
