/* recall: whether a window may answer from what the centre told it lately, while the centre is silent. Pure.
 *
 * What is recalled can only help the person at the window: a coverage that was confirmed goes on being one, at the share that was confirmed; that
 * somebody is not covered is never said from memory, and that they pay everything (a registered 特別療養費) only while the insurer's signed word for
 * that very day is at hand: no bill of 100 % can come of a line that is down. */
#ifndef RULES_RECALL_RECALL_H
#define RULES_RECALL_RECALL_H

#include "core/day.h"
#include "core/signed_denial.h"
#include "core/verdict.h"

enum { RECALL_DAYS_MAX = 31 }; /* an insured card was shown once a month */

struct recall_facts {
    enum validity validity;             /* as the centre answered */
    bool medical_aid, late_stage;       /* the insurer's scheme: 医療扶助, 後期高齢者医療 */
    bool pays_all;                      /* told was a share of 100 % */
    const struct signed_denial *denial; /* of this person for the day asked about now; NULL: none */
    struct day on, told; /* the day that was asked about; the day in Japan on which the centre answered */
    struct day elderly_from,
        elderly_until; /* of the 高齢受給者証 that said the share; DAY_NONE: none did, or it is open */
    struct day start, lost, birth; /* of the coverage told; lost DAY_NONE: open */
};

enum recall_outcome {
    RECALL_ANSWER,
    RECALL_DENIED,  /* it was no confirmation: nothing is said from memory */
    RECALL_TOO_OLD, /* told, or asked about, too long ago */
    RECALL_OUTSIDE, /* the coverage is known not to reach that day: it ends, or the 75th birthday comes between */
    RECALL_SHARE, /* the share is another one by then: school begins, 70 is reached, or the certificate that said it does not reach that day */
};

/* The question is about `on`, today is `today`. */
enum recall_outcome recall_decide(const struct recall_facts *f, struct day on, struct day today);

#endif
